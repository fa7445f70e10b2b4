import { balancerTitles } from '../../balancer/balancer-kinds.ts';
import { formatSpan } from '../../fleet/age.ts';
import { failed, joinJudged, ok, unknown, warning, type CheckDefinition, type Judged } from '../check.ts';
import { preflightFreshMs } from '../look.ts';
import { agoMs, isDemo, silenceOf, type ClusterScene, type SiteScene } from '../scene.ts';

const balancer = {
  section: 'balancer',
  stage: 'infrastructure',
  requires: 'balancer',
  protects: ['failover'],
} as const;
const byPeople = { by: 'person', asks: 'site', validDays: 180 } as const;

/** The way of the senders to the Active. */
export const balancerChecks: readonly CheckDefinition[] = [
  {
    ...balancer,
    id: 'B01',
    title: 'Exactly one member says 200 on /active',
    why: 'The balancer sends to whoever says so: two would get messages at once, none leaves senders waiting.',
    protects: ['failover', 'order'],
    remedy: 'See on the page of the cluster who is Active, and why.',
    every: 'always',
    place: 'cluster',
    how: { by: 'agent', cluster: judgeActiveAnswers },
  },
  {
    ...balancer,
    id: 'B02',
    title: 'The balancer sends to the Active, seen from outside',
    why: 'Only that shows that senders reach the engine that works.',
    remedy: 'Verify the balancer: npm run site -- verify FILE.',
    every: 'monthly, and after each change of the balancer',
    how: { by: 'balancer', cluster: judgeFromOutside },
  },
  {
    ...balancer,
    id: 'B03',
    title: 'The balancer looks often enough',
    why: 'Its interval and its count of failures are part of the time without an Active.',
    stage: 'behaviour',
    remedy: 'Compare interval, rise and fall with the recipe: npm run site -- balancer FILE.',
    every: 'after each change of the balancer',
    how: { ...byPeople, settled: writtenByUs },
  },
  {
    ...balancer,
    id: 'B04',
    title: 'The balancer cuts old sessions at a change',
    why: 'A session that stays with the old server keeps its sender from the new Active.',
    protects: ['failover', 'order'],
    remedy: 'Set what the recipe says for sessions of a server that is marked down.',
    every: 'after each change of the balancer',
    how: { ...byPeople, settled: writtenByUs },
  },
  {
    ...balancer,
    id: 'B05',
    title: 'The balancer is itself redundant',
    why: 'One balancer is one more thing whose failure stops every sender.',
    remedy: 'Run it as a pair, or have the owner accept the risk.',
    every: 'once a year',
    how: { ...byPeople, validDays: 365 },
  },
  {
    ...balancer,
    id: 'B06',
    title: 'Idle time-outs are longer than the quietest interface',
    why: 'A balancer that closes quiet connections makes senders raise alarms at night.',
    remedy: 'Compare the time-outs with the longest pause of each interface.',
    every: 'at each new interface',
    how: { ...byPeople, validDays: 365 },
  },
  {
    ...balancer,
    id: 'B07',
    title: 'Senders and destinations see the source addresses that they expect',
    why: 'Lists of allowed addresses often know one server only.',
    stage: 'behaviour',
    remedy: 'List which partners check addresses, and have both servers and the balancer allowed.',
    every: 'at each new interface',
    how: byPeople,
  },
  {
    ...balancer,
    id: 'B08',
    title: 'The configuration of the balancer is the generated one, or its differences are accepted',
    why: 'A hand-made change may send to a server that is not Active.',
    protects: ['failover', 'order'],
    remedy: 'Compare it with the recipe: npm run site -- balancer FILE.',
    every: 'after each change of the balancer',
    how: { ...byPeople, settled: writtenByUs },
  },
];

function judgeActiveAnswers({ sight }: ClusterScene): Judged {
  const heard = sight.members.filter((member) => silenceOf(member) === null);
  const saying = heard.filter(({ snapshot }) => snapshot?.activeAnswer === '200');
  const ageMs = Math.max(0, ...heard.map(({ heardMs }) => heardMs ?? 0));
  const names = saying.map(({ name }) => name).join(' and ');
  if (saying.length > 1) return failed(`${names} say 200`, ageMs);
  const silent = sight.members.flatMap((member) => silenceOf(member) ?? []);
  if (silent.length > 0) {
    return unknown(`${saying.length === 1 ? `${names} says 200. ` : ''}${silent.join('. ')}`);
  }
  return saying.length === 1 ? ok(`${names} says 200`, ageMs) : failed('No member says 200', ageMs);
}

/** How long a verification counts as present. */
const freshMs = 30 * 24 * 3_600_000;

function judgeFromOutside(scene: ClusterScene): Judged {
  const { sight, document, site } = scene;
  const seen = sight.cluster.balancer;
  const active = sight.members.find(({ role }) => role.kind === 'active');
  if (seen !== null) return judgeDemoBalancer(seen, active, sight.elapsedMs);
  const kept = site.balancer;
  const own = kept?.checks.filter(({ cluster }) => cluster === document.id) ?? [];
  if (kept === null || own.length === 0) return unknown('It was never verified from this workstation');
  const ageMs = agoMs(site, kept.wallTime);
  const judged = joinJudged(
    own.map(({ listener, address, verdict, finding, remedy }): Judged => ({
      verdict: verdict === 'proven' ? 'ok' : verdict,
      finding: `${listener} at ${address}: ${finding}`,
      ageMs,
      ...(remedy === null ? {} : { remedy }),
    })),
  );
  return judged.verdict === 'ok' && ageMs > freshMs
    ? warning(`Verified ${formatSpan(ageMs)} ago, and not since: ${judged.finding}`, ageMs)
    : judged;
}

function judgeDemoBalancer(
  { sendsTo, ageMs: seenMs }: { readonly sendsTo: string | null; readonly ageMs: number },
  active: { readonly server: string; readonly name: string } | undefined,
  elapsedMs: number,
): Judged {
  const ageMs = seenMs + elapsedMs;
  if (sendsTo === null) return failed('It sends to nobody', ageMs);
  if (active === undefined) return unknown(`It sends to ${sendsTo}; who is Active is not known`);
  return sendsTo === active.server
    ? ok(`It sends to ${active.name}, the Active`, ageMs)
    : failed(`It sends to ${sendsTo}, Active is ${active.name}`, ageMs);
}

/** Where the installer writes the configuration and it was seen to be that one, or the demo is the balancer, nobody is asked. */
function writtenByUs(scene: SiteScene): Judged | null {
  if (isDemo(scene)) return ok('The balancer of the demo obeys /active.');
  if (scene.document.loadBalancer.kind !== 'haproxy') return null;
  const seen = scene.preflight?.checks.find(({ id }) => id === 'balancer-file');
  if (seen === undefined) return null;
  const ageMs = agoMs(scene, seen.wallTime ?? scene.preflight!.wallTime);
  const finding = `${balancerTitles.haproxy}; ${seen.subject}: ${seen.finding}`;
  if (seen.verdict !== 'ok')
    return { verdict: seen.verdict, finding, ageMs, ...(seen.remedy && { remedy: seen.remedy }) };
  return ageMs > preflightFreshMs
    ? warning(
        `Seen ${formatSpan(ageMs)} ago, and not since: ${finding}`,
        ageMs,
        'Look at the servers: npm run site -- preflight FILE.',
      )
    : ok(finding, ageMs);
}
