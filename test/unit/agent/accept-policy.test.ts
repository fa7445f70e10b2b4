import { expect, test } from 'vitest';
import { acceptPolicy, type PolicyCommand } from '../../../agent/member/accept-policy.ts';
import type { MemberParts } from '../../../agent/member/member-parts.ts';
import type { PolicyChange } from '../../../shared/lease/store-policy.ts';
import { activeFacts } from '../failover/sample-facts.ts';

/** Goal: what is asked of the store, what is answered and what is journalled. Method: a keeper that answers as told. */
function bench(storeSays: { ok: true } | { ok: false; error: string } = { ok: true }) {
  const changes: PolicyChange[] = [];
  const told: string[] = [];
  const parts = {
    config: { cluster: 'WK1' },
    memory: { current: () => ({ epoch: 5, operation: null }) },
    journal: { append: ({ sentence }: { sentence: string }) => told.push(sentence) },
    keeper: {
      changePolicy: (change: PolicyChange) => {
        changes.push(change);
        return Promise.resolve(storeSays);
      },
    },
  };
  return { parts: parts as unknown as MemberParts, changes, told };
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
  expect(told).toEqual(['admin-1 asked for maintenance of WK1 for 30 min: done, because: kernel patch.']);
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
  const refused = await acceptPolicy(late.parts, activeFacts(), command({ verb: 'allow-failover' }), 'a');
  expect(refused).toMatchObject({ error: { code: 'command.refused' } });
  expect(JSON.stringify(refused)).toContain('did not answer within 0.5 s');
});
