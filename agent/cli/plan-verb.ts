import type { MoveVerb } from '../../shared/agent-api/agent-api.ts';
import type { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import { productError } from '../../shared/errors.ts';
import { formatMeasured, formatRange } from '../../shared/fleet/age.ts';
import { moveOffered, planMove } from '../../shared/fleet/move-plan.ts';
import { usualRange, usualWords, withoutActiveWords } from '../../shared/fleet/plan-words.ts';
import { siteSight, type ClusterSight, type MemberSight } from '../../shared/fleet/sight.ts';
import { switchoverTarget, type PlanStep, type SwitchoverPlan } from '../../shared/fleet/switchover-plan.ts';
import { usualIn } from '../../shared/history/usual-times.ts';
import { joinOperations } from '../../shared/operations/join-operations.ts';
import { fetchStatus } from './agent-client.ts';
import { exitCodes, report, type CliCall } from './cli-call.ts';
import { lookAll, type Looked } from './look-all.ts';
import { readJournals } from './read-journals.ts';

/** What an agent answers with at most. */
const recordsRead = 500;

/**
 * `ixha switchover|handover|failback|failover CLUSTER --plan`: what it would do, what stands in its way and how long it
 * is expected to take by the members' own journals. Nothing is asked for. 0: it could begin now.
 */
export async function tellPlan(call: CliCall, verb: MoveVerb, cluster: string): Promise<number> {
  const { everyTarget, options, print } = call;
  const targets = everyTarget.filter((target) => target.cluster === cluster);
  const looked = await lookAll(targets, fetchStatus);
  const { records, missing } = await readJournals(targets, { from: 1, limit: recordsRead });
  // Without any journal nothing is known of earlier moves, which is not the same as that there were none.
  const told = missing.length < targets.length ? { usual: usualIn(records) } : {};
  const sight = { ...sightOf(looked, cluster), ...told };
  const target = targetOf(sight, verb, options.to);
  if (target === undefined) {
    const said = `Where ${cluster} would go cannot be told from here.`;
    const next = 'Name the member that shall become Active: --to SERVER.';
    report(productError('request.invalid', said, [], next), options.json);
    return exitCodes.usage;
  }
  const kind = verb === 'handover' ? 'switchover' : verb;
  const plan = planMove(sight, { verb: kind, target }, { role: 'admin', connected: true });
  if (options.json) print(JSON.stringify({ plan: toldPlan(plan), missing }));
  else {
    planLines(sight, plan, verb).forEach(print);
    for (const { server, error } of missing) print(`? ${server}: ${error.message} [${error.code}]`);
  }
  if (plan.refusals.length > 0) return exitCodes.attention;
  return missing.length > 0 ? exitCodes.unreachable : exitCodes.done;
}

function targetOf(sight: ClusterSight, verb: MoveVerb, to: string | undefined): MemberSight | undefined {
  if (to !== undefined) return sight.members.find(({ server }) => server === to);
  if (verb === 'failback') return sight.members.find(({ snapshot }) => snapshot?.preferred === true);
  if (verb === 'failover') return moveOffered(sight)?.target;
  return switchoverTarget(sight);
}

/** The cluster as its members tell of it: here nobody asks the lease store itself, or the balancer. */
function sightOf(looked: readonly Looked<MemberSnapshot>[], id: string): ClusterSight {
  const reports = looked.map(({ target: { server }, answer }) => ({
    ...{ server, serverName: server, connected: answer !== null, heardMs: answer === null ? null : 0 },
    active: answer?.role.observed === 'active',
    operation: answer?.operation ?? null,
  }));
  const site = siteSight(
    {
      ...{ id: '', name: '', demo: false, balancerName: '', faults: [] },
      ...{ witness: null, etcd: { endpoints: [] } },
      servers: looked.map(({ target: { server, address } }) => ({
        ...{ id: server, name: server, address, part: 'member' },
      })),
      clusters: [
        {
          ...{ id, title: id, balancer: null, traffic: null, storageLabel: '', listenerLabel: '' },
          operations: joinOperations(reports),
          members: looked.map(({ target: { server }, answer, error }) => ({
            ...{ cluster: id, server, snapshot: answer },
            link:
              answer === null
                ? { state: 'lost', sinceMs: 0, heardMs: null, error }
                : { state: 'connected', sinceMs: 0, heardMs: 0, error: null },
          })),
        },
      ],
    },
    0,
  );
  return site.clusters[0]!;
}

function planLines(sight: ClusterSight, plan: SwitchoverPlan, verb: MoveVerb): string[] {
  const { from, target, refusals, cautions, steps, withoutActive } = plan;
  const { id } = sight.cluster;
  const where = from === null ? `${target.name} would take ${id} over` : `${id} would move to ${target.name}`;
  const group = verb === 'failover' ? 'takeover' : 'planned';
  return [
    `${where}: ${refusals.length === 0 ? 'nothing stands in its way' : `not now, ${refusals.length} in its way`}. Nothing was asked for.`,
    ...refusals.map(({ reason, remedy }) => `  blocker: ${reason} ${remedy}`),
    ...cautions.map(({ title, text }) => `  caution: ${title}. ${text}`),
    ...steps.map(stepLine),
    `Without an Active for ${formatRange(withoutActive.bestMs, withoutActive.worstMs)} expected${withoutActive.complete ? '' : ', without what was not measured'}.`,
    withoutActiveWords(plan),
    ...[usualWords(sight, group, 'What the members keep of their journals', dayOf)].filter(
      (words) => words !== '',
    ),
  ];
}

const dayOf = (wallTime: string) => wallTime.slice(0, 10);

function stepLine({ title, on, expectedMs, usual, assumed, withoutActive }: PlanStep, index: number): string {
  const mark = withoutActive ? '|' : ' ';
  const range = usual && usualRange(usual);
  const lent = assumed ? 'assumed ' : '';
  const time =
    expectedMs === null
      ? 'not measured'
      : usual === null
        ? `${lent}${formatMeasured(expectedMs)} last time`
        : `${lent}usually ${formatMeasured(expectedMs)}${range === null ? '' : ` (${range})`}`;
  return `${mark} ${String(index + 1).padStart(2)}. ${title} on ${on}: ${time}`;
}

/** The plan for scripts: servers by name, nothing of what else is known of them. */
function toldPlan({ from, target, ...plan }: SwitchoverPlan) {
  return { ...plan, from: from?.server ?? null, to: target.server };
}
