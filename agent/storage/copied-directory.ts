import type { CopyScript } from './copy-script.ts';
import type { CopiedStorage } from '../../shared/site/member-config.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { SharedDirectory, StorageLook } from './shared-directory.ts';

/** Names are moved, nothing is copied: on a busy disk that takes a moment all the same. */
const adoptLimitMs = 30_000;

/**
 * The storage of a cluster whose directory is copied. Looked at it is a directory like a shared one, this server's own,
 * with a generation that the receiver of copies raises as well. Raising it for a takeover ends the receiving and puts
 * the newest data in place before the engine is allowed to start.
 */
export function openCopiedDirectory(own: SharedDirectory, script: CopyScript): SharedDirectory {
  return {
    read: (brief) => own.read(brief),
    prove: (servedEpoch) => own.prove(servedEpoch),
    verdict: () => own.verdict?.() ?? null,
    putLedger: (epoch, file) => own.putLedger?.(epoch, file) ?? notThere(),
    getLedger: (file) => own.getLedger?.(file) ?? notThere(),
    claim: async (epoch) => {
      const claimed = await script.claim(epoch, adoptLimitMs);
      return claimed.ok ? succeed(claimed.value.aside) : claimed;
    },
    raiseGeneration: (epoch) => raise(own, script, epoch),
  };
}

/** The directory as it is named to people. */
export function placeOf({ directory }: CopiedStorage): string {
  return directory;
}

function notThere(): Promise<Result<void, string>> {
  return Promise.resolve(fail('it keeps no ledger'));
}

async function raise(
  own: SharedDirectory,
  script: CopyScript,
  epoch: number,
): Promise<Result<StorageLook, string>> {
  const adopted = await script.adopt(epoch, adoptLimitMs);
  if (!adopted.ok) return adopted;
  // What was put in place is no late write: the next look is compared with this one.
  const read = await own.read();
  if (!read.ok) return read;
  const raised = await own.raiseGeneration(epoch);
  if (!raised.ok) return raised;
  const { from, aside } = adopted.value;
  const used =
    from === null
      ? 'the data of this server is the newest'
      : `${from.final ? 'the last copy, made after the engine had stopped,' : 'the last complete copy'} of epoch ${from.epoch}, read at ${from.wallTime}, is used`;
  const kept = aside === null ? '' : `; what this server had before lies in ${aside}`;
  return { ok: true, value: { ...raised.value, told: `${used}${kept}` } };
}
