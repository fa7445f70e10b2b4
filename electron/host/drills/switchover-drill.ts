import { formatMeasured } from '../../../shared/fleet/age.ts';
import type { MemberSight } from '../../../shared/fleet/sight.ts';
import { planSwitchover } from '../../../shared/fleet/switchover-plan.ts';
import { tellChange } from '../../../shared/history/told-change.ts';
import { fail, succeed } from '../../../shared/result.ts';
import type { KeptVerification } from '../../../shared/verification/kept-verification.ts';
import { countsOf, verificationSentence } from '../../../shared/verification/verification.ts';
import { moveToEnd } from '../operations/move-to-end.ts';
import { recordsOfMove } from '../verification/move-records.ts';
import type { DrillRun, StepOutcome } from './drill-run.ts';
import { canFailOverAgain, measureLoss, measureOutage } from './drill-ends.ts';

const verifiedWithinMs = 90_000;
const readyWithinMs = 90_000;

/** Level 2: there, verified; back, verified; and ready for the next one. */
export async function switchoverDrill(run: DrillRun, active: MemberSight, taker: MemberSight): Promise<void> {
  const proofs: KeptVerification[] = [];
  const moved = await run.step(() => move(run, taker, 1));
  if (moved === null) return;
  run.happened('there', `${moved} is Active`, moved === taker.name ? 'met' : 'not-met');
  const there = await run.step(() => verified(run, 'proof-there'));
  if (there === null) return;
  proofs.push(there);
  if ((await run.step(() => readyToMove(run, active))) === null) return;
  const back = await run.step(() => move(run, active, 2));
  if (back === null) return;
  run.happened('back', `${back} is Active`, back === active.name ? 'met' : 'not-met');
  const again = await run.step(() => verified(run, 'proof-back'));
  if (again === null) return;
  proofs.push(again);
  await run.step(() => canFailOverAgain(run, readyWithinMs));
  await measureLoss(run, proofs);
  await measureOutage(run);
}

/** One move in order, followed to its end. Finds the name of the member that is Active then. */
async function move(run: DrillRun, target: MemberSight, number: 1 | 2): Promise<StepOutcome<string>> {
  const { id, reason } = run.record();
  const ports = {
    site: run.ports.site,
    sight: () => run.sight(),
    until: run.until.bind(run),
    waiting: (waits: boolean) => void run.waits(waits),
    accepted: (operation: string) => run.change({ operations: [...run.record().operations, operation] }),
  };
  const because = `drill ${number} of 2${reason === '' ? '' : `: ${reason}`}`;
  const order = { verb: 'switchover', target, reason: because, idempotencyKey: `${id}-${number}` } as const;
  const moved = await moveToEnd(ports, order);
  if (!moved.ok) return fail(moved.error.sentence);
  return succeed({ evidence: moved.value.sentence, found: moved.value.active });
}

/** Waits for the proof of the last move, as the console makes it of every move. */
async function verified(run: DrillRun, line: string): Promise<StepOutcome<KeptVerification>> {
  const operation = run.record().operations.at(-1)!;
  const { keeper } = await run.ports.site.verification();
  const { cluster } = run.record();
  const seen = await run.until('The verification', verifiedWithinMs, () => {
    const state = keeper.state(cluster, operation);
    return state?.progress === null ? state.kept : null;
  });
  if (!seen.ok) {
    run.happened(line, seen.error, 'not-known');
    return seen;
  }
  const { verification } = seen.value;
  const { violated, unknown } = countsOf(verification);
  const sentence = verificationSentence(verification);
  run.happened(line, sentence, violated > 0 ? 'not-met' : unknown > 0 ? 'not-known' : 'met');
  if (violated > 0) return fail(`${sentence}. The drill goes no further.`);
  return succeed({ evidence: `${sentence}${await tookWords(run, operation)}`, found: seen.value });
}

/** How long this very move took by the journals. */
async function tookWords(run: DrillRun, operation: string): Promise<string> {
  const { database } = await run.ports.site.history();
  const told = tellChange(recordsOfMove(database, run.record().cluster, operation), operation);
  if (told?.withoutActiveMs == null) return '';
  return `; without an Active ${formatMeasured(told.withoutActiveMs)} by the journals`;
}

/** The Active before is a fit Passive again, and no blocker is left. */
async function readyToMove(run: DrillRun, back: MemberSight): Promise<StepOutcome<true>> {
  let last = 'nothing was heard';
  const asker = { role: run.ports.site.me.role, connected: true };
  const seen = await run.until(`A cluster that can move back to ${back.name}`, readyWithinMs, () => {
    const sight = run.sight();
    const target = sight.members.find(({ server }) => server === back.server);
    const [blocker] = target === undefined ? [] : planSwitchover(sight, target, asker).refusals;
    if (target !== undefined && blocker === undefined) return true as const;
    last = blocker?.reason ?? last;
    return null;
  });
  if (!seen.ok) return fail(`${seen.error} ${last}`);
  return succeed({ evidence: `${back.name} could take over again`, found: true });
}
