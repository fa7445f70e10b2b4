import type { LeaseKeeper } from './lease-keeper.ts';
import type { MemberParts } from './member-parts.ts';

/** The service manager ends an agent that takes much longer. */
const lastCopyLimitMs = 15_000;

/**
 * Gives the lease back when the whole server shuts down, so that the peer need not wait until it has run out. Only
 * with the engine proven stopped behind a shut gate; otherwise nothing is done and the lease runs out as always.
 * `reservedFor` names the member that may take over first. Answers what was done as a sentence; null: there was nothing to give back. Never rejects.
 */
export async function handBack(parts: MemberParts, reservedFor: string | null): Promise<string | null> {
  const { keeper, probes, clock, memory, ledger, copies, mounts } = parts;
  const { epoch, ended } = memory.current();
  const lease = keeper.facts(clock.bootMs());
  // The loop may have been closed between the end of the epoch and the store's word that it is released.
  if (lease.releasing) return releaseOf(keeper, ended, reservedFor);
  if (!lease.held || epoch <= ended) return null;
  // What the peer has promised holds until this member is back: its epoch goes on, and the peer takes over for nobody.
  const onPromise = keeper.peerMode.facts(clock.bootMs()).livesOn !== null;
  const atWord = keeper.forced.lives();
  const stopped = () => probes.process.fact(clock.bootMs()).value?.process === 'stopped';
  try {
    await probes.process.lookNow();
    if (!stopped()) return 'the engine still runs, so the lease is left to run out';
    keeper.disarm();
    await probes.process.lookNow();
    if (!stopped()) return 'the engine was started again, so the lease is left to run out';
    if (onPromise || atWord)
      return `it was Active ${onPromise ? 'on the promise of the other member' : 'at a person’s word'}, so there is no lease to give back`;
    // Evidence for the peer; a storage that is gone already does not keep the lease from being given back.
    await ledger.seal(epoch).catch(() => undefined);
    // With a copied directory the last copy goes first. One that fails is judged by the peer, as after a power cut.
    const copied = (await copies?.last(epoch, lastCopyLimitMs)) ?? null;
    // Nobody else has the directory mounted while this server may still write to it.
    await mounts?.handOver();
    keeper.endEpoch(epoch);
    const released = await releaseOf(keeper, epoch, reservedFor);
    return copied === null || copied.ok
      ? released
      : `${released}; its last copy is not complete: ${copied.error}`;
  } catch (error) {
    return `the lease could not be given back: ${String(error)}`;
  }
}

async function releaseOf(keeper: LeaseKeeper, epoch: number, reservedFor: string | null): Promise<string> {
  const released = await keeper.release(reservedFor);
  return released.ok
    ? `the lease of epoch ${epoch} was released`
    : `the lease of epoch ${epoch} has ended here but was not released: ${released.error}`;
}
