import { randomBytes } from 'node:crypto';
import type { Command, CommandAnswer } from '../../shared/agent-api/agent-api.ts';
import type { StorePinFrame, StorePinnedFrame } from '../../shared/agent-api/store-pin-frames.ts';
import { productError, type ErrorCode } from '../../shared/errors.ts';
import { judgePin, pinRefusalWords, planReplacement } from '../../shared/lease/store-replacement.ts';
import { clockDriftBound } from '../../shared/lease/timing.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { MemberConfig } from '../../shared/site/member-config.ts';
import type { MemberParts } from './member-parts.ts';

type Done = { readonly storeId: string; readonly sentence: string };
type Refused = { readonly code: ErrorCode; readonly message: string; readonly next?: string };

/**
 * A person has a lost lease store replaced. First both members belong to the new one, each on its disk, and tell their
 * highest epoch; then the store gets its first record with the highest of both, and grants nothing for T + δ.
 * Interrupted anywhere it is asked for again: what is done already is not done twice.
 */
export async function acceptStoreReplacement(
  parts: MemberParts,
  command: Command,
  person: string,
): Promise<CommandAnswer> {
  const { config, journal, memory } = parts;
  const done = await replace(parts, command, person);
  const asked = `${person} asked to replace the lease store of ${config.cluster}`;
  const because = command.reason === '' ? '' : `, because: ${command.reason}`;
  journal.append({
    kind: 'command',
    sentence: done.ok
      ? `${asked}: ${done.value.sentence}${because}.`
      : `${asked}: refused, ${done.error.message}`,
    requestedBy: person,
    result: done.ok ? 'ok' : 'refused',
    epoch: memory.current().epoch,
  });
  if (done.ok) return { accepted: true, operation: `store-${done.value.storeId}` };
  const { code, message, next } = done.error;
  return { accepted: false, error: productError(code, message, [], next), blockers: [] };
}

async function replace(parts: MemberParts, command: Command, by: string): Promise<Result<Done, Refused>> {
  const { config, keeper, memory, peer, clock } = parts;
  const { serverName: name } = config;
  const peerName = config.peer.serverName;
  if (command.cluster !== config.cluster)
    return refuse('request.invalid', `This agent belongs to ${config.cluster}, not to ${command.cluster}.`);
  if (command.reason === '')
    return refuse('request.invalid', 'The reason is not said.', 'Say why: --reason TEXT.');
  const heard = peer.facts(clock.bootMs());
  if (!heard.reachable || heard.status === null)
    return refuse(
      'command.refused',
      `${peerName} does not answer ${name}: the new store must not know less than either of them.`,
      `Bring ${peerName} back, or repair the path between both, and ask again.`,
    );
  const standing = keeper.replacing.standing();
  const own = memory.current();
  const plan = planReplacement(standing, Math.max(own.epoch, heard.status.epoch));
  if (plan.kind === 'refuse')
    return refuse(
      'command.refused',
      `Nothing answers ${name} as a lease store on ${storePlace(config.store)}: it must run before it can get a record.`,
      `Start ${'kind' in config.store ? 'etcd' : 'the witness'} on ${storePlace(config.store)}, also with an empty disk, and ask again.`,
    );
  const storeId = plan.kind === 'join' ? plan.storeId : randomBytes(8).toString('hex');
  const unfit = ownRefusal(parts, storeId);
  if (unfit !== null) return refuse('command.refused', `Not yet: ${unfit}.`, 'Ask again after that.');
  const pinned = await peer.pinStore({ storeId, by, reason: command.reason });
  if (pinned === null)
    return refuse(
      'command.refused',
      `${peerName} gave no answer, so whether it belongs to the new store is not known; nothing was seeded.`,
      'Ask again: what is done already is not done twice.',
    );
  if (pinned.epoch === null)
    return refuse(
      'command.refused',
      `Not yet: ${pinned.why ?? `${peerName} refuses`}.`,
      'Ask again after that.',
    );
  return finish(parts, plan.kind, storeId, pinned.epoch);
}

/** The peer belongs to the new store. Now this member does, and then the store gets its record. */
async function finish(
  { config, keeper, memory }: MemberParts,
  how: 'join' | 'seed',
  storeId: string,
  peerEpoch: number,
): Promise<Result<Done, Refused>> {
  const was = memory.current().storeId;
  let epoch: number;
  try {
    epoch = Math.max(keeper.replacing.repin(storeId), peerEpoch);
  } catch (error) {
    return refuse('command.refused', `The new store could not be written down here: ${String(error)}.`);
  }
  if (how === 'join')
    return succeed({
      storeId,
      sentence: `both members belong to store ${storeId}${was === storeId ? ' already, and it works' : ''}`,
    });
  const seeded = await keeper.replacing.seed(epoch);
  const again = 'Ask again: what is done already is not done twice.';
  if (!seeded.ok)
    return refuse(
      'command.refused',
      `The new store has not confirmed its first record: ${seeded.error}.`,
      again,
    );
  const { T } = config.timing;
  return succeed({
    storeId,
    sentence: `it is seeded with epoch ${epoch} as store ${storeId}, both members belong to it, and it grants nothing for ${(T + clockDriftBound(T)).toFixed(1)} s`,
  });
}

/** The peer's member was asked, and says that a person has this one belong to another store. */
export function takeStorePin(
  parts: MemberParts,
  { n, storeId, by, reason }: StorePinFrame,
): StorePinnedFrame {
  const { config, keeper, journal, memory } = parts;
  const answer = (epoch: number | null, why: string | null): StorePinnedFrame => {
    const asked = `${by} asked ${config.peer.serverName} to replace the lease store of ${config.cluster}`;
    if (memory.current().storeId !== before || why !== null)
      journal.append({
        kind: 'command',
        sentence:
          why === null
            ? `${asked}: this member belongs to store ${storeId} from now on, because: ${reason}.`
            : `${asked}: refused here, ${why}.`,
        requestedBy: by,
        result: why === null ? 'ok' : 'refused',
        epoch: memory.current().epoch,
      });
    return { type: 'store-pinned', n, epoch, why };
  };
  const before = memory.current().storeId;
  const unfit = ownRefusal(parts, storeId);
  if (unfit !== null) return answer(null, unfit);
  try {
    return answer(keeper.replacing.repin(storeId), null);
  } catch (error) {
    return answer(null, `it could not be written down on ${config.serverName} (${String(error)})`);
  }
}

function ownRefusal({ config, keeper, memory }: MemberParts, storeId: string): string | null {
  const why = judgePin(
    {
      pinned: memory.current().storeId,
      standing: keeper.replacing.standing(),
      leaseInUse: keeper.replacing.leaseInUse(),
      damaged: memory.damaged !== null,
    },
    storeId,
  );
  return why === null ? null : pinRefusalWords(config.serverName, why);
}

function storePlace(store: MemberConfig['store']): string {
  return 'kind' in store ? store.endpoints.map(({ address }) => address).join(', ') : store.server;
}

function refuse(code: ErrorCode, message: string, next?: string): Result<Done, Refused> {
  return fail({ code, message, ...(next === undefined ? {} : { next }) });
}
