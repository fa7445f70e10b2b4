import { formatMeasured } from '../../fleet/age.ts';
import type { JournalRecord } from '../../agent-api/journal-record.ts';
import { changeRecords } from '../../history/change-records.ts';
import { stepWithoutActive } from '../../history/step-parts.ts';
import { tellChange, type ToldChange } from '../../history/told-change.ts';
import { leaseRunOut } from '../../lease/timing.ts';
import { activeOf, fromOf, journalOf, silence, type MoveEvidence } from '../move-evidence.ts';
import { planOfMove } from '../plan-of-move.ts';
import { isFarOver, partsOver } from '../planned-time.ts';
import { against, fits, missing, shown, type Sign } from '../signs.ts';
import type { Line, Look } from './line.ts';

/** V18: how long it took, and how long it was to take. */
export const recoveryLines: readonly Line[] = [
  {
    id: 'V18',
    title: 'Recovery time',
    claim:
      'The time without an Active and its parts are known, and within the goal of the site and the plan.',
    proof:
      'The journals of both members tell its beginning and its end, no part lies between two clocks, and it is within the stated goal and within what the console had computed before the move.',
    look: recoveryTime,
  },
];

function recoveryTime(e: MoveEvidence): Look {
  const name = (server: string) => e.members.find((member) => member.server === server)?.name ?? server;
  const told = tellChange(e.records, e.move.operation, name);
  const about = { side: 'after', from: 'journals', core: true } as const;
  const ended = changeRecords(e.records, e.move.operation)?.activeAgain === e.move.active;
  if (told === null || told.withoutActiveMs === null || !ended) {
    return { before: null, after: null, signs: [missing(about, 'they do not tell its end')] };
  }
  const took = { ms: told.withoutActiveMs, surelyMs: surelyMs(e, told) };
  return {
    before: planWords(e),
    after: formatMeasured(told.withoutActiveMs),
    signs: [
      ...planSigns(e, told, took),
      ...goalSigns(e, took),
      ...leaseSigns(e, told),
      ...clockSigns(e, told),
      beginSign(e),
      shown(about, partsOf(told)),
    ],
  };
}

/** Where the time without an Active began: told by the one before, or only as the other one missed it. */
function beginSign(e: MoveEvidence): Sign {
  const change = changeRecords(e.records, e.move.operation);
  const about = { side: 'before', from: journalOf(fromOf(e)) } as const;
  if (change?.lastSign) {
    const from = journalOf(activeOf(e));
    return fits(
      { ...about, from },
      `counted from the last sign of life: ${change.lastSign.sentence.replace(/\.$/, '')}`,
    );
  }
  return change?.giver || change?.steps.some(({ server }) => server === e.move.from)
    ? shown(about, 'it tells when its engine stopped')
    : fits(about, 'it does not tell when its engine ended');
}

function partsOf({ parts }: ToldChange): string {
  return parts.map(({ what, ms }) => `${what} ${formatMeasured(ms)}`).join(', ');
}

/** How long it took by the journals, and how much of that lies between no two clocks: only that can be too long. */
interface Took {
  readonly ms: number;
  readonly surelyMs: number;
}

function surelyMs(e: MoveEvidence, told: ToldChange): number {
  if (!isBetweenClocks(e, told)) return told.parts.reduce((sum, { ms }) => sum + ms, 0);
  const counted = countedSteps(e);
  return [...new Set(counted.map(({ server }) => server))]
    .map((server) => spanOf(counted.filter((step) => step.server === server)))
    .reduce((sum, ms) => sum + ms, 0);
}

/** From the beginning of the first step of one server to the end of its last, by its own clock since its boot. */
function spanOf(steps: readonly JournalRecord[]): number {
  const ends = steps.map(({ bootMs }) => bootMs);
  const begins = steps.map(({ bootMs, tookMs }) => bootMs - (tookMs ?? 0));
  const worked = steps.reduce((sum, { tookMs }) => sum + (tookMs ?? 0), 0);
  const isOneBoot = ends.every((end, at) => at === 0 || end >= ends[at - 1]!);
  return isOneBoot ? Math.max(...ends) - Math.min(...begins) : worked;
}

/** Those of this move while no member was Active, each server's in its own order. */
function countedSteps({ records, move }: MoveEvidence): JournalRecord[] {
  return records
    .filter(
      ({ operation, result, step }) =>
        operation === move.operation && result === 'ok' && step !== null && stepWithoutActive(step),
    )
    .sort((one, other) => one.seq - other.seq);
}

function isBetweenClocks(e: MoveEvidence, told: ToldChange): boolean {
  const servers = new Set(countedSteps(e).map(({ server }) => server));
  return told.isBetweenClocks || servers.size > 1 || told.parts.some(({ betweenClocks }) => betweenClocks);
}

/** Where two servers worked on it one after the other, their clocks are in it, also when no pause between them is seen. */
function clockSigns(e: MoveEvidence, told: ToldChange): Sign[] {
  if (!isBetweenClocks(e, told)) return [];
  const between = told.parts.filter(({ betweenClocks }) => betweenClocks).map(({ what }) => what);
  const about = { side: 'outside', from: 'clocks' } as const;
  const what =
    between.length > 0 ? between.join(', ') : 'from the last step of one to the first of the other';
  return [fits(about, `between the clocks of two servers: ${what}`)];
}

/** How long it was to take: what was computed, else what the site wants, else what the rules bound. */
function planWords(e: MoveEvidence): string | null {
  const plan = planOfMove(e);
  if (plan !== null)
    return `plan ${plan.isComplete ? 'at most' : 'more than'} ${formatMeasured(plan.worstMs)}`;
  if (e.goal.seconds !== null) return `goal ${e.goal.seconds} s`;
  const timing = activeOf(e).snapshot?.timing;
  if (e.move.kind !== 'takeover' || timing === undefined) return null;
  return `lease at most ${formatMeasured(leaseRunOut(timing).worst * 1000)}`;
}

/** What the site has stated decides: over it is over it, however it came. */
function goalSigns({ goal: { seconds, isKnown, said } }: MoveEvidence, { ms, surelyMs: sure }: Took): Sign[] {
  const about = { side: 'outside', from: 'goal' } as const;
  if (seconds === null) return [isKnown ? fits({ ...about, next: stateGoal }, said) : missing(about, said)];
  const overMs = ms - seconds * 1000;
  if (sure > seconds * 1000) {
    const says = `${formatMeasured(Math.max(ms, sure))}, ${formatMeasured(Math.max(ms, sure) - seconds * 1000)} over the ${seconds} s that are wanted`;
    return [against({ ...about, next: tooLong, lasts: true }, says)];
  }
  return overMs <= 0
    ? [shown(about, `${formatMeasured(ms)}, at most ${seconds} s are wanted`)]
    : [
        fits(
          about,
          `${formatMeasured(sure)} by the clock of each server, ${formatMeasured(ms)} by both; ${seconds} s are wanted`,
        ),
      ];
}

const stateGoal = 'State the recovery time that the site wants on the page Readiness.';
const tooLong =
  'Look which part took so long, and whether senders wait longer than that; mend that part, or state another goal on the page Readiness.';

/** By rule the wait for the lease is bounded. The agent looks once a turn: a wait ends with the next one. */
function leaseSigns(e: MoveEvidence, told: ToldChange): Sign[] {
  if (e.move.kind !== 'takeover') return [];
  const active = activeOf(e);
  const about = { side: 'after', from: 'rule' } as const;
  const timing = active.snapshot?.timing;
  if (timing === undefined) return [missing(about, `the timing policy: ${silence(active)}`)];
  const waitedMs = told.parts
    .filter(({ what }) => what === 'waiting for the lease')
    .reduce((sum, { ms }) => sum + ms, 0);
  const worstMs = leaseRunOut(timing).worst * 1000;
  const says = `waited ${formatMeasured(waitedMs)} for the lease, at most ${formatMeasured(worstMs)} by rule`;
  return [
    waitedMs <= worstMs + timing.H * 1000
      ? shown(about, says)
      : against({ ...about, next: tooLong, lasts: true }, says),
  ];
}

/** A plan is computed from what was measured last, so it may be wrong: far over it speaks against it, a little does not. */
function planSigns(e: MoveEvidence, told: ToldChange, { ms, surelyMs: sure }: Took): Sign[] {
  const about = { side: 'outside', from: 'plan' } as const;
  if (e.move.kind === 'rolled-back') return [fits(about, 'it was rolled back, and that has no plan')];
  const plan = planOfMove(e);
  if (plan === null)
    return [
      missing(about, 'no console saw the cluster before the move, so how long it was to take is not known'),
    ];
  const over = partsOver(plan, told.parts);
  const parts = over.length === 0 ? '' : `: ${over.join(', ')}`;
  if (!plan.isComplete)
    return [missing(about, `a step of it was never measured before, so the whole was not planned${parts}`)];
  const planned = formatMeasured(plan.worstMs);
  const took = Math.max(ms, sure);
  const overMs = took - plan.worstMs;
  if (overMs <= 0) return [shown(about, `${formatMeasured(took)}, at most ${planned} were planned`)];
  const says = `${formatMeasured(took)}, ${formatMeasured(overMs)} over the ${planned} that were planned${parts}`;
  return e.goal.seconds === null && isFarOver(plan, sure)
    ? [against({ ...about, next: tooLong, lasts: true }, says)]
    : [fits(about, says)];
}
