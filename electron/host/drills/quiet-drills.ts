import { notMountedWords } from '../../../shared/storage/mount-control.ts';
import { agentPaths } from '../../../shared/agent-api/agent-api.ts';
import { EvidenceReport } from '../../../shared/agent-api/member-evidence.ts';
import { clusterRole } from '../../../shared/fleet/cluster-role.ts';
import { clusterVerdict, isReady } from '../../../shared/fleet/cluster-verdict.ts';
import { formatMeasured, formatSpan } from '../../../shared/fleet/age.ts';
import { ageNow, type MemberSight } from '../../../shared/fleet/sight.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { keptVerification } from '../balancer/kept-verification.ts';
import { askRehearsal } from './ask-rehearsal.ts';
import type { DrillRun, StepOutcome } from './drill-run.ts';

const askWithinMs = 5_000;
const beatsWithinMs = 20_000;

/** Level 0: what the rules of both agents would decide. */
export async function dryRunDrill(
  run: DrillRun,
  active: MemberSight | null,
  taker: MemberSight | null,
): Promise<void> {
  const verdict = clusterVerdict(run.sight());
  run.happened('ready', verdict.sentence, isReady(verdict) ? 'met' : 'not-met');
  tellGoal(run);
  await run.step(async () => {
    const [ofTaker, ofActive] = await Promise.all([rehearsed(run, taker), rehearsed(run, active)]);
    tellDecision(run, 'waits', ofTaker, 'peer-silent', false);
    tellDecision(run, 'takes', ofTaker, 'lease-free', true);
    tellDecision(run, 'restarts', ofActive, 'engine-dies', true);
    const heard = [ofTaker, ofActive].filter(({ ok }) => ok).length;
    return succeed({ evidence: `${heard} of 2 agents told what they would decide`, found: true });
  });
}

type Told = Result<EvidenceReport['rehearsal'], string>;

async function rehearsed(run: DrillRun, member: MemberSight | null): Promise<Told> {
  if (member === null) return fail('who is Active is not known');
  const { site } = run.ports;
  const found = site.watch
    .agents()
    .find(({ endpoint }) => endpoint.cluster === member.cluster && endpoint.server === member.server);
  if (found === undefined) return fail(`${member.name} is not known here`);
  const answer = await site.ask(found.endpoint, {
    path: agentPaths.evidence,
    schema: EvidenceReport,
    withinMs: askWithinMs,
  });
  return answer.ok ? succeed(answer.value.rehearsal) : fail(answer.error.message);
}

function tellDecision(run: DrillRun, line: string, told: Told, event: string, acts: boolean): void {
  if (!told.ok) return run.happened(line, told.error, 'not-known');
  const decision = told.value?.find((one) => one.event === event);
  if (decision === undefined)
    return run.happened(line, 'the agent is of an earlier release, which tells no such thing', 'not-known');
  run.happened(line, `${decision.sentence} (${decision.ruleId})`, decision.acts === acts ? 'met' : 'not-met');
}

function tellGoal(run: DrillRun): void {
  const { expectation, goalSeconds } = run.record();
  if (goalSeconds === null) return;
  const { worstMs, basis } = expectation;
  if (worstMs === null) return run.happened('goal', basis, 'not-known');
  const told = `worst ${formatSpan(worstMs)} (computed: ${basis})`;
  run.happened('goal', told, worstMs <= goalSeconds * 1000 ? 'met' : 'not-met');
}

/** Level 1: one guard of the Passive restarted, and everything else looked at. */
export async function componentsDrill(run: DrillRun, active: MemberSight, taker: MemberSight): Promise<void> {
  const restarted = await run.step(() => restartGuard(run, taker));
  if (restarted === null) return;
  run.happened('guard', restarted, 'met');
  await run.step(async () => {
    tellStore(run);
    tellStorage(run);
    await tellBalancer(run, active);
    const role = clusterRole(run.sight());
    const same = role.kind === 'one' && role.active.server === active.server;
    run.happened('stays', role.kind === 'one' ? role.active.name : 'not one', same ? 'met' : 'not-met');
    const answered = run.record().lines.filter(({ verdict }) => verdict === 'met').length;
    return succeed({ evidence: `${answered} of ${run.record().lines.length} as expected`, found: true });
  });
}

async function restartGuard(run: DrillRun, member: MemberSight): Promise<StepOutcome<string>> {
  const asked = await askRehearsal(run, member, 'restart-guard');
  if (!asked.ok) return fail(asked.error.sentence);
  const before = run.ports.time.bootMs();
  const seen = await run.until(`Both guards beating on ${member.name}`, beatsWithinMs, () => {
    const now = run.sight().members.find(({ server }) => server === member.server);
    const told = now?.snapshot?.guards ?? [];
    const fresh = now !== undefined && now.heardMs !== null && run.ports.time.bootMs() - before > now.heardMs;
    return fresh && told.length === 2 && told.every(({ beating }) => beating) ? true : null;
  });
  if (!seen.ok) return seen;
  const said = `guard 1 was restarted, and both beat`;
  return succeed({ evidence: said, found: said });
}

function tellStore(run: DrillRun): void {
  const { members } = run.sight();
  const silent = members.filter(({ snapshot, silent: gone }) => gone || !snapshot?.store.reachable);
  if (silent.length > 0) {
    return run.happened(
      'store',
      `${silent.map(({ name }) => name).join(' and ')} cannot tell that it answers`,
      'not-met',
    );
  }
  const slowest = Math.max(...members.map(({ snapshot }) => snapshot?.store.roundTripMs ?? Number.NaN));
  if (Number.isNaN(slowest)) return run.happened('store', 'its round trip was not measured yet', 'not-known');
  const limitMs = (members[0]?.snapshot?.timing.O ?? 0) * 1000;
  run.happened('store', `within ${formatMeasured(slowest)}`, slowest <= limitMs ? 'met' : 'not-met');
}

function tellStorage(run: DrillRun): void {
  const { members } = run.sight();
  const open = members.filter(({ snapshot, silent }) => silent || snapshot?.storage.proven.value == null);
  const told = members.flatMap(({ name, snapshot }) => {
    const proven = snapshot?.storage.proven.value;
    if (proven == null) return [];
    return [proven.unmounted ? `${name}: ${notMountedWords}` : `${name} in ${formatMeasured(proven.tookMs)}`];
  });
  if (open.length === 0) return run.happened('storage', told.join(', '), 'met');
  run.happened('storage', `not proven by ${open.map(({ name }) => name).join(' and ')}`, 'not-met');
}

/** As the balancer itself tells it; where nothing does, by the last look from outside, if the cluster has not moved since. */
async function tellBalancer(run: DrillRun, active: MemberSight): Promise<void> {
  const { cluster } = run.sight();
  const name = (server: string | null) =>
    run.sight().members.find((member) => member.server === server)?.name ?? server ?? 'nobody';
  if (cluster.balancer !== null) {
    const { sendsTo } = cluster.balancer;
    return run.happened(
      'balancer',
      `sends to ${name(sendsTo)}`,
      sendsTo === active.server ? 'met' : 'not-met',
    );
  }
  const kept = await keptVerification(run.ports.site.profileDirectory);
  const own = kept?.checks.filter((check) => check.cluster === cluster.id) ?? [];
  if (kept === null || own.length === 0)
    return run.happened('balancer', 'nobody has looked from outside; see "site verify"', 'not-known');
  const odd = own.find(({ server }) => server !== active.server);
  const told = `${(odd ?? own[0]!).finding} (looked from outside ${kept.wallTime})`;
  if (!isSinceLastMove(run, active, kept.wallTime))
    return run.happened('balancer', `${told}, which is not known to be after the last move`, 'not-known');
  run.happened('balancer', told, odd === undefined ? 'met' : 'not-known');
}

/** Whether the Active has been it since before that instant of this workstation's clock. */
function isSinceLastMove(run: DrillRun, { server }: MemberSight, wallTime: string): boolean {
  const now = run.sight().members.find((member) => member.server === server);
  const sinceMs = now === undefined ? null : ageNow(now, now.snapshot?.role.sinceMs ?? null);
  if (sinceMs === null || now?.role.kind !== 'active') return false;
  return Date.parse(wallTime) > Date.parse(run.ports.time.wallTime()) - sinceMs;
}
