import { fail, succeed, type Result } from '../../shared/result.ts';
import type { Timers } from '../../shared/clock.ts';
import { pause } from '../system-timers.ts';
import type { SharedDirectory } from './shared-directory.ts';
import type { MountUnit } from './mount-unit.ts';

/** For so long the ledger of the Active before is waited for, longer than a takeover tries to mount. */
const ledgerWaitMs = 60_000;
const lookEveryMs = 50;

/**
 * A shared directory that is mounted only while its member is Active. A look that finds nothing mounted is fine as long
 * as the unit that mounts it is there: what lies in it is proven at the takeover. Every other call stays as it is, and
 * refuses where nothing is mounted.
 */
export function openMountedDirectory(
  shared: SharedDirectory,
  unit: MountUnit,
  timers: Timers,
): SharedDirectory {
  const { putLedger, getLedger, verdict } = shared;
  /** The last look was not made, because nothing has to be there. */
  let rightlyUnmounted = false;
  return {
    read: async (brief) => {
      if (unit.isMounted() !== false) {
        rightlyUnmounted = false;
        return shared.read(brief);
      }
      const why = await unit.trouble();
      rightlyUnmounted = why === null;
      return why === null
        ? succeed({ generation: 0, usedPercent: null, tookMs: 0, unmounted: true })
        : fail(`it could not be mounted: ${why}`);
    },
    prove: (servedEpoch) => {
      rightlyUnmounted = false;
      return shared.prove(servedEpoch);
    },
    raiseGeneration: (epoch) => shared.raiseGeneration(epoch),
    ...(verdict && { verdict: () => (rightlyUnmounted ? null : verdict.call(shared)) }),
    ...(putLedger && { putLedger: (epoch, file) => putLedger.call(shared, epoch, file) }),
    ...(getLedger && {
      // Asked for with the grant, before the takeover has come to mounting it.
      getLedger: async (file): Promise<Result<void, string>> => {
        const untilMs = timers.monotonicMs() + ledgerWaitMs;
        while (unit.isMounted() === false && timers.monotonicMs() < untilMs) await pause(timers, lookEveryMs);
        return getLedger.call(shared, file);
      },
    }),
  };
}
