import type { MemberSight } from '../../../shared/fleet/sight.ts';
import { planSwitchover } from '../../../shared/fleet/switchover-plan.ts';
import { fail, succeed } from '../../../shared/result.ts';
import type { KeptVerification } from '../../../shared/verification/kept-verification.ts';
import { moveToEnd } from '../operations/move-to-end.ts';
import type { DrillRun, StepOutcome } from './drill-run.ts';
import { canFailOverAgain, measureLoss, measureOutage, verified } from './drill-ends.ts';

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
