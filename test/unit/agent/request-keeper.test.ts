import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nodeFiles, type Files } from '../../../agent/durable/files.ts';
import { carryOut } from '../../../agent/member/carry-out.ts';
import type { MemberParts } from '../../../agent/member/member-parts.ts';
import { ScheduleKeeper } from '../../../agent/member/schedule-keeper.ts';
import { RequestKeeper } from '../../../agent/member/second-person/request-keeper.ts';
import type { Command, CommandAnswer } from '../../../shared/agent-api/agent-api.ts';
import type { Person } from '../../../shared/second-person/person.ts';
import { requestLifeMs } from '../../../shared/second-person/request.ts';
import type { SecondPersonScope } from '../../../shared/second-person/scope.ts';
import type { ToldRequest } from '../../../shared/second-person/told-request.ts';
import { activeFacts } from '../failover/sample-facts.ts';

/**
 * Goal: what waits is on disk, is begun once at a second person's word, and ends clearly. Method: a keeper in a folder
 * of its own, killed by making another one from the same files.
 */
let all = '';
/** Of the member that is opened next. */
let folder = '';
beforeEach(() => {
  all = mkdtempSync(join(tmpdir(), 'ixha-second-'));
  folder = all;
});
afterEach(() => rmSync(all, { recursive: true, force: true }));

const anna: Person = { called: 'anna', name: 'anna' };
const ben: Person = { called: 'ben', name: 'ben' };
const everybody = (who: Person) => ({ who, mayAsk: () => true });

function bench() {
  const member = {
    nowMs: 1_000,
    told: [] as string[],
    begun: [] as string[],
    epoch: 5,
    operation: null as { id: string; idempotencyKey: string } | null,
    peer: { heard: true, status: { epoch: 5 } as { epoch: number; request?: ToldRequest } },
    fullDisk: false,
    clockSetMs: 0,
    answer: { accepted: true, operation: 'op-1' } as CommandAnswer,
  };
  const parts = {
    config: {
      ...{ cluster: 'WK1', server: 'north', serverName: 'ig-north' },
      peer: { server: 'south', serverName: 'ig-south' },
      paths: { state: folder },
    },
    clock: {
      bootMs: () => member.nowMs,
      wallTime: () =>
        new Date(
          Date.parse('2026-11-29T10:00:00.000Z') + member.nowMs - 1_000 + member.clockSetMs,
        ).toISOString(),
    },
    memory: { current: () => ({ epoch: member.epoch, operation: member.operation }) },
    peer: { facts: () => member.peer },
    journal: { append: ({ sentence }: { sentence: string }) => member.told.push(sentence) },
    changes: { own: () => null },
  } as unknown as MemberParts;
  const files: Files = {
    ...nodeFiles,
    open: (path, flags, mode) => {
      if (member.fullDisk && flags === 'w') throw new Error('no space left');
      return nodeFiles.open(path, flags, mode);
    },
  };
  const open = () => new RequestKeeper(parts, files);
  const act = (command: Command, by: string) => {
    member.begun.push(`${command.verb} ${command.idempotencyKey} by ${by}`);
    return Promise.resolve(member.answer);
  };
  /** Beside it, one that keeps scheduled moves. */
  const withSchedule = () => {
    const schedule = new ScheduleKeeper(parts, files);
    Object.assign(parts, { schedule });
    const carriedOut = (command: Command, by: string) => carryOut(parts, facts('planned'), command, by);
    return { schedule, carriedOut };
  };
  return { member, open, act, withSchedule };
}

const facts = (scope: SecondPersonScope | null, more: object = {}) =>
  activeFacts({ lease: { ...(scope === null ? {} : { secondPerson: { scope, by: 'chris' } }), ...more } });
const asked = (more: Partial<Command> = {}): Command => ({
  ...{ verb: 'switchover', cluster: 'WK1', target: 'south', epoch: 5 },
  ...{ idempotencyKey: 'key-12345', reason: 'kernel patch', ...more },
});
const word = (verb: 'agree' | 'decline' | 'withdraw', request: string, reason = ''): Command => ({
  ...asked({ verb, target: null, reason, idempotencyKey: `word-${verb}` }),
  request,
});

/** The id of the request that the answer names. */
function waits(answer: CommandAnswer | null): string {
  if (answer === null || answer.accepted || answer.waits === undefined)
    throw new Error(JSON.stringify(answer));
  return answer.waits.request;
}
const code = (answer: CommandAnswer) => (answer.accepted ? 'accepted' : answer.error.code);

test('lets everything go on while nobody has asked for second persons', () => {
  const { open, member } = bench();
  const keeper = open();
  expect(keeper.hold(facts(null), asked(), anna)).toBeNull();
  expect(keeper.hold(facts('none'), asked(), anna)).toBeNull();
  expect(keeper.hold(facts('planned'), asked({ verb: 'failover' }), anna)).toBeNull();
  expect(member.told).toEqual([]);
});

test('keeps a switchover, and begins it once at the word of another person, under both names', async () => {
  const { open, member, act } = bench();
  const keeper = open();
  const f = facts('planned');
  const id = waits(keeper.hold(f, asked(), anna));
  expect(waits(keeper.hold(f, asked(), anna))).toBe(id);
  expect(member.begun).toEqual([]);
  expect(code(await keeper.decide(f, word('agree', id), everybody(anna), act))).toBe('second-person.same');
  const both = await Promise.all([
    keeper.decide(f, word('agree', id), everybody(ben), act),
    keeper.decide(f, word('agree', id), everybody({ called: 'dora', name: 'dora' }), act),
  ]);
  expect(both.map(code)).toEqual(['accepted', 'second-person.over']);
  expect(member.begun).toEqual(['switchover key-12345 by anna, agreed to by ben,']);
  expect(await keeper.decide(f, word('agree', id), everybody(ben), act)).toEqual(both[0]);
  expect(keeper.hold(f, asked(), anna)).toEqual(both[0]);
  expect(member.begun).toHaveLength(1);
  expect(member.told[0]).toContain(
    'anna asked for a switchover of WK1 to ig-south: it waits for a second person',
  );
  expect(member.told.at(-2)).toMatch(
    /ben agrees to the request \w+ of anna at 2026.* for a switchover of WK1/,
  );
});

test('tells what no longer fits, and does not begin it later', async () => {
  const { open, member, act } = bench();
  const keeper = open();
  const f = facts('planned');
  const id = waits(keeper.hold(f, asked(), anna));
  member.answer = {
    ...{ accepted: false, blockers: [] },
    error: { code: 'command.refused', message: 'WK1 cannot be handed over now.', meaning: '', next: '' },
  };
  expect(code(await keeper.decide(f, word('agree', id), everybody(ben), act))).toBe('command.refused');
  member.answer = { accepted: true, operation: 'op-1' };
  expect(code(await keeper.decide(f, word('agree', id), everybody(ben), act))).toBe('second-person.over');
  expect(keeper.told(f).requests[0]).toMatchObject({ state: 'ended', why: 'WK1 cannot be handed over now.' });
  expect(member.begun).toHaveLength(1);
});

test('refuses at once what could not be done now, and a second request beside one that waits', () => {
  const { open } = bench();
  const keeper = open();
  const f = facts('planned');
  expect(code(keeper.hold(f, asked({ epoch: 4 }), anna)!)).toBe('command.revision');
  const unnamed: Person = { called: 'administrator on ig-north', name: null };
  expect(code(keeper.hold(f, asked(), unnamed)!)).toBe('request.invalid');
  waits(keeper.hold(f, asked(), anna));
  const second = keeper.hold(f, asked({ idempotencyKey: 'key-other' }), ben)!;
  expect(second.accepted === false && second.error.message).toContain('A request waits already');
});

test('is declined with a reason, or withdrawn by who asked, and is then over for everybody', async () => {
  const { open, act, member } = bench();
  const keeper = open();
  const f = facts('planned');
  const first = waits(keeper.hold(f, asked(), anna));
  expect(code(await keeper.decide(f, word('decline', first), everybody(ben), act))).toBe('request.invalid');
  expect(code(await keeper.decide(f, word('decline', first, 'no'), everybody(ben), act))).toBe('accepted');
  expect(code(keeper.hold(f, asked(), anna)!)).toBe('second-person.over');
  const second = waits(keeper.hold(f, asked({ idempotencyKey: 'key-other' }), anna));
  expect(code(await keeper.decide(f, word('withdraw', second), everybody(ben), act))).toBe(
    'second-person.same',
  );
  expect(code(await keeper.decide(f, word('withdraw', second), everybody(anna), act))).toBe('accepted');
  for (const id of [first, second])
    expect(code(await keeper.decide(f, word('agree', id), everybody(ben), act))).toBe('second-person.over');
  expect(code(await keeper.decide(f, word('agree', 'other'), everybody(ben), act))).toBe(
    'second-person.over',
  );
  expect(member.begun).toEqual([]);
});

test('lets nobody agree who could not ask for it', async () => {
  const { open, act } = bench();
  const keeper = open();
  const f = facts('planned');
  const id = waits(keeper.hold(f, asked({ verb: 'second-person', target: null, scope: 'none' }), anna));
  const operator = { who: ben, mayAsk: (verb: Command['verb']) => verb !== 'second-person' };
  expect(code(await keeper.decide(f, word('agree', id), operator, act))).toBe('command.forbidden');
});

test('a scheduled move is kept whenever the second person agrees, unless a clock was set meanwhile', async () => {
  const window = {
    ...{ from: '2026-11-29T22:00:00.000Z', until: '2026-11-29T23:00:00.000Z' },
    askedAt: '2026-11-29T10:00:00.000Z',
  };
  const scheduled = (idempotencyKey: string) =>
    asked({ verb: 'schedule', move: 'switchover', window, idempotencyKey });
  const { open, member, withSchedule } = bench();
  const { schedule, carriedOut } = withSchedule();
  const keeper = open();
  const f = facts('planned');
  const first = waits(keeper.hold(f, scheduled('key-first'), anna));
  member.nowMs += 5 * 60_000;
  member.clockSetMs = 61_000;
  const refused = await keeper.decide(f, word('agree', first), everybody(ben), carriedOut);
  expect(refused).toMatchObject({ accepted: false, error: { code: 'command.refused' } });
  expect(JSON.stringify(refused)).toContain('61 s apart');
  expect(schedule.move()).toBeNull();

  member.nowMs -= 5 * 60_000;
  member.clockSetMs = 0;
  const second = waits(keeper.hold(f, scheduled('key-second'), anna));
  member.nowMs += 5 * 60_000;
  expect(code(await keeper.decide(f, word('agree', second), everybody(ben), carriedOut))).toBe('accepted');
  expect(schedule.move()).toMatchObject({
    state: 'waiting',
    from: window.from,
    by: 'anna, agreed to by ben,',
  });
});

test('is there after a restart of the agent, and still counts its time', () => {
  const { open, member } = bench();
  const f = facts('planned');
  const id = waits(open().hold(f, asked(), anna));
  const again = open();
  member.nowMs += requestLifeMs - 1;
  expect(again.turn(f)).toBe(true);
  expect(again.announced()).toMatchObject({ id, leftMs: 1 });
  member.nowMs += 1;
  expect(again.turn(f)).toBe(true);
  expect(again.told(f).requests[0]).toMatchObject({ state: 'ended' });
  expect(member.told.at(-1)).toContain('nobody has agreed within 15 min');
});

test('does not begin again what was agreed to when the agent ended', async () => {
  const { open, member } = bench();
  const f = facts('planned');
  const keeper = open();
  const id = waits(keeper.hold(f, asked(), anna));
  const dies = () => new Promise<never>(() => undefined);
  void keeper.decide(f, word('agree', id), everybody(ben), dies);
  expect(open().told(f).requests[0]).toMatchObject({ state: 'ended', decidedBy: 'ben' });
  expect(member.told.at(-1)).toContain('What stands now tells whether it had begun');
});

test('knows after a restart what had begun', () => {
  const { open, member } = bench();
  const f = facts('planned');
  const keeper = open();
  const id = waits(keeper.hold(f, asked(), anna));
  void keeper.decide(f, word('agree', id), everybody(ben), () => new Promise<never>(() => undefined));
  member.operation = { id: 'op-7', idempotencyKey: 'key-12345' };
  expect(open().told(f).requests[0]).toMatchObject({ state: 'done', operation: 'op-7' });
});

test('ends once the cluster has moved, at the member that kept it and at the other one', () => {
  const { open, member } = bench();
  const keeper = open();
  const f = facts('planned');
  waits(keeper.hold(f, asked(), anna));
  const atPeer = keeper.announced()!;
  expect(keeper.turn(facts('planned', { storeEpoch: 6 }))).toBe(true);
  expect(member.told.at(-1)).toContain('the cluster has moved since: epoch 6 instead of 5');

  folder = mkdtempSync(join(all, 'other-'));
  const other = bench();
  const there = other.open();
  other.member.peer = { heard: true, status: { epoch: 5, request: atPeer } };
  there.turn(f);
  expect(there.told(f).atPeer).toEqual(atPeer);
  other.member.peer = { heard: false, status: { epoch: 5, request: atPeer } };
  expect(there.turn(f)).toBe(false);
  other.member.epoch = 6;
  expect(there.turn(f)).toBe(true);
  expect(there.told(f).atPeer).toBeUndefined();
  expect(other.member.told.at(-1)).toContain('has ended: the cluster has moved since, to epoch 6');
});

test('remembers what the store said last, for a store that says nothing', () => {
  const { open } = bench();
  const keeper = open();
  keeper.turn(facts('planned'));
  const again = open();
  expect(again.kept()).toEqual({ scope: 'planned', by: 'chris' });
  waits(again.hold(facts(null), asked(), anna));
  again.turn(facts('none'));
  expect(again.kept()).toEqual({ scope: 'none', by: 'chris' });
});

test('keeps nothing that it cannot write down, and does not begin what it cannot note', async () => {
  const { open, member, act } = bench();
  const keeper = open();
  const f = facts('planned');
  keeper.turn(f);
  member.fullDisk = true;
  expect(code(keeper.hold(f, asked(), anna)!)).toBe('command.refused');
  member.fullDisk = false;
  const id = waits(keeper.hold(f, asked(), anna));
  member.fullDisk = true;
  expect(code(await keeper.decide(f, word('agree', id), everybody(ben), act))).toBe('command.refused');
  expect(member.begun).toEqual([]);
});
