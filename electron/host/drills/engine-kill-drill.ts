import type { JournalRecord } from '../../../shared/agent-api/journal-record.ts';
import type { MeasuredOutage } from '../../../shared/drills/drill-record.ts';
import { formatMeasured } from '../../../shared/fleet/age.ts';
import { clusterRole } from '../../../shared/fleet/cluster-role.ts';
import type { MemberSight } from '../../../shared/fleet/sight.ts';
import { engineDiedMark } from '../../../shared/history/change-records.ts';
import { fail, succeed } from '../../../shared/result.ts';
import { askRehearsal } from './ask-rehearsal.ts';
import { betweenClocksWords, canFailOverAgain, measureLoss, measureOutage } from './drill-ends.ts';
import type { DrillRun, StepOutcome } from './drill-run.ts';
import { headsOf, recordsAfter, type Heads } from './drill-journal.ts';

const diedWithinMs = 30_000;
const servedWithinMs = 180_000;
const readyWithinMs = 90_000;

/** Level 3: the engine of the Active is killed; what the agents do then is theirs to decide. */
export async function engineKillDrill(run: DrillRun, active: MemberSight): Promise<void> {
  const heads = await headsOf(run);
  const died = await run.step(() => killed(run, active, heads));
  if (died === null) return;
  run.happened('died', `at ${died.wallTime}`, 'met');
  const served = await run.step(() => servedAgain(run, died, heads));
  if (served === null) return;
  run.happened('back', `${served.name} is Active`, 'met');
  await run.step(() => canFailOverAgain(run, readyWithinMs));
  await measureLoss(run, []);
  await measureOutage(run, outageByJournals(died, served.record));
}

async function killed(run: DrillRun, active: MemberSight, heads: Heads): Promise<StepOutcome<JournalRecord>> {
  const asked = await askRehearsal(run, active, 'kill-engine');
  if (!asked.ok) return fail(asked.error.sentence);
  const seen = await run.until(`The end of the engine on ${active.name}`, diedWithinMs, async () => {
    const records = await recordsAfter(run, heads, 'alarm');
    return (
      records.find(({ verdict, server }) => verdict === engineDiedMark && server === active.server) ?? null
    );
  });
  return seen.ok ? succeed({ evidence: seen.value.sentence, found: seen.value }) : seen;
}

interface Served {
  readonly name: string;
  readonly record: JournalRecord;
}

/** Somebody opens the way for messages after the death, and is seen Active. */
async function servedAgain(run: DrillRun, died: JournalRecord, before: Heads): Promise<StepOutcome<Served>> {
  const heads = new Map(before).set(died.server, died.seq);
  const seen = await run.until('An Active that serves again', servedWithinMs, async () => {
    const steps = await recordsAfter(run, heads, 'step');
    const opened = steps.find(({ step, result }) => step === 'open-active' && result === 'ok');
    const role = clusterRole(run.sight());
    if (opened === undefined || role.kind !== 'one') return null;
    return { name: role.active.name, record: opened };
  });
  if (!seen.ok) return seen;
  const { name, record } = seen.value;
  return succeed({ evidence: `${name} serves again: ${record.sentence}`, found: seen.value });
}

/** On one server by its own clock; between two by their wall clocks, which settle nothing, and told so. */
export function outageByJournals(died: JournalRecord, opened: JournalRecord): MeasuredOutage {
  const same = died.server === opened.server;
  const ms = same
    ? opened.bootMs - died.bootMs
    : Math.max(0, Date.parse(opened.wallTime) - Date.parse(died.wallTime));
  const how = same ? 'by the journal of its agent' : `by the journals of both members${betweenClocksWords}`;
  return {
    ms,
    by: 'journals',
    atLeast: false,
    betweenClocks: !same,
    sentence: `From the end of the engine to the load balancer being sent to an Active it took ${formatMeasured(ms)}, ${how}; senders were not watched.`,
  };
}
