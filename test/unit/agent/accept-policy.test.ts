import { expect, test } from 'vitest';
import { acceptPolicy, type PolicyCommand } from '../../../agent/member/accept-policy.ts';
import type { MemberParts } from '../../../agent/member/member-parts.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { KeptMaintenance } from '../../../shared/lease/kept-maintenance.ts';
import type { PolicyChange } from '../../../shared/lease/store-policy.ts';
import { activeFacts, passiveFacts } from '../failover/sample-facts.ts';

/** Goal: what is asked of the store, what is answered and what is journalled. Method: a keeper that answers as told. */
function bench(
  storeSays: Result<undefined, string> = succeed(undefined),
  peerSays: Result<undefined, string> = succeed(undefined),
) {
  const writes: string[] = [];
  const changes: PolicyChange[] = [];
  const told: string[] = [];
  const parts = {
    config: { cluster: 'WK1', serverName: 'ig-north', peer: { server: 'south', serverName: 'ig-south' } },
    clock: { bootMs: () => 1_000 },
    memory: { current: () => ({ epoch: 5, operation: null, storeId: 'store-1' }) },
    maintenance: {
      askPeer: (kept: KeptMaintenance) => {
        writes.push(`peer keeps version ${kept.version} for ${kept.lastsMs} ms`);
        return Promise.resolve(peerSays);
      },
      keep: () => {
        writes.push('kept here');
        return succeed(undefined);
      },
      withdraw: ({ version }: KeptMaintenance) => writes.push(`version ${version} withdrawn`),
    },
    journal: { append: ({ sentence }: { sentence: string }) => told.push(sentence) },
    keeper: {
      changePolicy: (change: PolicyChange) => {
        writes.push('store');
        changes.push(change);
        return Promise.resolve(storeSays);
      },
    },
  };
  return { parts: parts as unknown as MemberParts, changes, told, writes };
}

const command = (changes: Partial<PolicyCommand>): PolicyCommand => ({
  verb: 'maintenance',
  cluster: 'WK1',
  target: null,
  epoch: 5,
  idempotencyKey: 'key-12345',
  reason: 'kernel patch',
  minutes: 30,
  ...changes,
});

test('has the store write a maintenance down, with person, reason and end', async () => {
  const { parts, changes, told } = bench();
  const answer = await acceptPolicy(parts, activeFacts(), command({}), 'admin-1');
  expect(answer.accepted).toBe(true);
  expect(changes).toEqual([
    { kind: 'maintenance', by: 'admin-1', reason: 'kernel patch', lastsMs: 1_800_000 },
  ]);
  expect(told).toEqual([
    'Maintenance, kept by the other member: it is on disk on ig-south.',
    'Maintenance, kept by the member that was asked: it is on disk on ig-north.',
    'Maintenance, written to the lease store: the lease store has it on disk, and grants nothing.',
    'admin-1 asked for maintenance of WK1 for 30 min: done, because: kernel patch.',
  ]);
});

test('refuses what has no end, belongs elsewhere, or cannot be kept, and asks the store for nothing', async () => {
  const { parts, changes, told } = bench();
  const { minutes: _without, ...endless } = command({});
  const silent = activeFacts({ lease: { storeReachable: false, trouble: 'connection refused' } });
  const refusals = [
    await acceptPolicy(parts, activeFacts(), endless, 'admin-1'),
    await acceptPolicy(parts, activeFacts(), command({ cluster: 'WK2' }), 'admin-1'),
    await acceptPolicy(parts, silent, command({}), 'admin-1'),
  ];
  expect(refusals.map((answer) => !answer.accepted && answer.error.code)).toEqual([
    'request.invalid',
    'request.invalid',
    'command.refused',
  ]);
  expect(changes).toEqual([]);
  expect(told).toHaveLength(3);
  expect(told[2]).toContain('connection refused');
});

test('says that somebody else was faster, or what the store says', async () => {
  const overtaken = bench({ ok: false, error: 'version' });
  expect(await acceptPolicy(overtaken.parts, activeFacts(), command({}), 'a')).toMatchObject({
    error: { code: 'command.revision' },
  });
  const late = bench({ ok: false, error: 'the store did not answer within 0.5 s' });
  const unknown = await acceptPolicy(late.parts, activeFacts(), command({ verb: 'allow-failover' }), 'a');
  expect(unknown).toMatchObject({ error: { code: 'server.timeout' } });
  expect(JSON.stringify(unknown)).toContain('did not answer within 0.5 s');
  expect(late.told).toEqual([expect.stringContaining('outcome unknown')]);
});

test('begins a maintenance with the Passive first, then here, then the store, and ends it with the store alone', async () => {
  const begun = bench();
  await acceptPolicy(begun.parts, activeFacts(), command({}), 'admin-1');
  expect(begun.writes).toEqual(['peer keeps version 1 for 1800000 ms', 'kept here', 'store']);
  const ended = bench();
  await acceptPolicy(ended.parts, activeFacts(), command({ verb: 'end-maintenance' }), 'admin-1');
  expect(ended.writes).toEqual(['store']);
});

test('withdraws what the members keep when the store refuses it, not when it has a later version or gives no answer', async () => {
  const end = async (error: string) => {
    const { parts, writes } = bench(fail(error));
    await acceptPolicy(parts, activeFacts(), command({}), 'admin-1');
    return writes.at(-1);
  };
  expect(await end('its disk takes no writes')).toBe('version 1 withdrawn');
  expect(await end('version')).toBe('store');
  expect(await end('the store did not answer within 0.5 s')).toBe('store');
});

test('withdraws what the Passive may have written down without confirming it in time', async () => {
  const { parts, writes } = bench(succeed(undefined), fail('ig-south has not confirmed within 0.5 s'));
  await acceptPolicy(parts, activeFacts(), command({}), 'admin-1');
  expect(writes.at(-1)).toBe('version 1 withdrawn');
});

test('refuses a maintenance that the Passive has not confirmed, and asks the store for nothing', async () => {
  const { parts, changes, told } = bench(
    succeed(undefined),
    fail('ig-south cannot be asked to keep it: no route'),
  );
  const answer = await acceptPolicy(parts, activeFacts(), command({}), 'admin-1');
  expect(answer).toMatchObject({
    error: {
      code: 'command.refused',
      message: 'Maintenance does not begin: ig-south cannot be asked to keep it: no route.',
      next: expect.stringContaining('ixha block-failover') as string,
    },
  });
  expect(changes).toEqual([]);
  expect(told[0]).toContain('kept by the other member: failed: ig-south cannot be asked to keep it');
  expect(told[1]).toContain('refused');
});

test('asks no peer when the asked member is the Passive itself', async () => {
  const { parts, writes } = bench();
  const passive = passiveFacts({ lease: { holder: 'south', freeInMs: 2_000 } });
  await acceptPolicy(parts, passive, command({}), 'admin-1');
  expect(writes).toEqual(['kept here', 'store']);
});
