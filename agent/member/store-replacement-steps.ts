import type { StoreReplacement } from '../../shared/agent-api/member-snapshot.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import { freshPolicy } from '../../shared/lease/store-policy.ts';
import { judgePin, pinRefusalWords } from '../../shared/lease/store-replacement.ts';
import { clockDriftBound } from '../../shared/lease/timing.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { MemberConfig } from '../../shared/site/member-config.ts';
import type { MemberParts } from './member-parts.ts';

/** What became of a replacement, as the end of "… asked to replace the lease store of WK1: …". */
export type Replaced = { readonly storeId: string; readonly sentence: string };
export type Refused = { readonly code: ErrorCode; readonly message: string; readonly next?: string };

export function refuse(code: ErrorCode, message: string, next?: string): Result<Replaced, Refused> {
  return fail({ code, message, ...(next === undefined ? {} : { next }) });
}

export function nothingAnswers({ config }: MemberParts): Result<Replaced, Refused> {
  const { place, start } = storeWords(config.store);
  return refuse(
    'command.refused',
    `Nothing answers ${config.serverName} as a lease store on ${place}: it must run before it can get a record.`,
    `${start}, also with an empty disk, and ask again.`,
  );
}

function storeWords(store: MemberConfig['store']): { readonly place: string; readonly start: string } {
  const place = 'kind' in store ? store.endpoints.map(({ address }) => address).join(', ') : store.server;
  return { place, start: `Start ${'kind' in store ? 'etcd' : 'the witness'} on ${place}` };
}

/** The peer's durable epoch, where no person has raised it; 0: it does not answer. */
export function grantedToPeer({ peer, clock }: MemberParts): number {
  const { reachable, status } = peer.facts(clock.bootMs());
  return reachable && status !== null && status.forced === undefined ? status.epoch : 0;
}

/**
 * Why this member must not belong to another store now, as the end of a sentence; null: it may.
 *
 * @param known an epoch that the peer knows, and the store perhaps not
 */
export function ownRefusal(parts: MemberParts, storeId: string, known = 0): string | null {
  const { config, keeper, memory } = parts;
  const why = judgePin(
    {
      pinned: memory.current().storeId,
      standing: keeper.replacing.standing(),
      leaseInUse: keeper.replacing.leaseInUse(),
      epoch: memory.current().epoch,
      peerEpoch: Math.max(grantedToPeer(parts), known),
    },
    storeId,
  );
  return why === null ? null : pinRefusalWords(config.serverName, why);
}

/** What answers as this member's store, and why it cannot be replaced from here now; told in every snapshot. */
export function replacementFacts(parts: MemberParts): StoreReplacement {
  const { config, keeper } = parts;
  const { serverName: name, peer } = config;
  const peerName = peer.serverName;
  const standing = keeper.replacing.standing().kind;
  const told = (code: string, reason: string, remedy: string) => ({
    standing,
    blockers: [{ code, reason, remedy }],
  });
  if (standing === 'working') {
    const reason = `The lease store answers ${name} as it should: there is nothing to replace.`;
    return told('store-works', reason, 'Nothing has to be done.');
  }
  const unfit = ownRefusal(parts, '');
  if (unfit !== null)
    return told('store-in-use', `Not yet: ${unfit}.`, 'Wait a moment; this is looked at all the time.');
  const { damaged } = parts.memory;
  if (damaged !== null && !parts.peer.facts(parts.clock.bootMs()).reachable) {
    const reason = `The state of ${name} is damaged: without ${peerName}, what is stated of it could not be kept.`;
    return told('state-damaged', reason, `Bring ${peerName} back, and ask again.`);
  }
  if (standing === 'silent') {
    const { place, start } = storeWords(config.store);
    const reason = `Nothing answers ${name} as a lease store on ${place}.`;
    return told('store-silent', reason, `${start}, also with an empty disk.`);
  }
  return { standing, blockers: [] };
}

/** Makes the first record of the store that this member belongs to now. */
export async function seedNewStore(
  { config, keeper, memory, requests }: MemberParts,
  storeId: string,
  epoch: number,
  whoBelongs: string,
): Promise<Result<Replaced, Refused>> {
  const { carried } = memory.current();
  // An empty store shall not let go what needs two persons to be let go.
  const secondPerson = requests?.kept() ?? undefined;
  const first = secondPerson === undefined ? carried : { ...(carried ?? freshPolicy), secondPerson };
  const seeded = await keeper.replacing.seed(epoch, first);
  if (!seeded.ok)
    return refuse(
      'command.refused',
      `The new store has not confirmed its first record: ${seeded.error}.`,
      'Ask again: what is done already is not done twice.',
    );
  if (carried !== undefined) memory.update({ carried: undefined });
  const { T } = config.timing;
  const waits = `it grants nothing for ${(T + clockDriftBound(T)).toFixed(1)} s`;
  return succeed({
    storeId,
    sentence: `it is seeded with epoch ${epoch} as store ${storeId}, ${whoBelongs}, and ${waits}`,
  });
}
