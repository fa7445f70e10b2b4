import { expect, test } from 'vitest';
import { requestVerbs, secondPersonVerb, type Command } from '../../../shared/agent-api/agent-api.ts';
import { comparePersons, type Person } from '../../../shared/second-person/person.ts';
import {
  nextRequest,
  requestLifeMs,
  toldRequest,
  type KeptRequest,
  type RequestEvent,
} from '../../../shared/second-person/request.ts';
import { secondPersonScopes } from '../../../shared/second-person/scope.ts';
import { stateWords } from '../../../shared/second-person/told-request.ts';
import { waitsForSecond } from '../../../shared/second-person/waits-for-second.ts';

/** Goal: a request has exactly one end, and only another person brings it about. Method: every event in every state. */
const anna: Person = { called: 'anna', name: 'anna' };
const ben: Person = { called: 'ben', name: 'ben' };
const command: Command = {
  ...{ verb: 'switchover', cluster: 'WK1', target: 'south', epoch: 5 },
  ...{ idempotencyKey: 'key-12345', reason: 'kernel patch' },
};
const waiting: KeptRequest = {
  ...{ id: 'r1', command, what: 'a switchover of WK1 to ig-south', by: anna, bootMs: 1_000, epoch: 5 },
  ...{ askedAt: '2026-11-29T10:00:00.000Z', until: '2026-11-29T10:15:00.000Z' },
  ...{ state: 'waiting', decidedBy: null, why: '', operation: null },
};

function after(...events: readonly RequestEvent[]): KeptRequest {
  return events.reduce((request, event) => {
    const next = nextRequest(request, event);
    if (!next.ok) throw new Error(next.error.said);
    return next.value;
  }, waiting);
}

function refusal(request: KeptRequest, event: RequestEvent): string {
  const next = nextRequest(request, event);
  return next.ok ? `not refused: ${next.value.state}` : next.error.code;
}

const agreed = after({ kind: 'agree', who: ben });
const done = after({ kind: 'agree', who: ben }, { kind: 'carried-out', operation: 'op-1' });
const ends: readonly KeptRequest[] = [
  done,
  after({ kind: 'decline', who: ben, reason: 'not tonight' }),
  after({ kind: 'withdraw', who: anna, reason: '' }),
  after({ kind: 'agree', who: ben }, { kind: 'not-carried-out', why: 'the other member is silent.' }),
  after({ kind: 'look', nowMs: 1_000 + requestLifeMs, epoch: 5 }),
  after({ kind: 'look', nowMs: 2_000, epoch: 6 }),
  after({ kind: 'look', nowMs: 500, epoch: 5 }),
  after({ kind: 'give-way', why: 'a forced takeover was asked for' }),
];

test('is carried out once another person has agreed, under both names', () => {
  expect(agreed).toMatchObject({ state: 'agreed', decidedBy: ben });
  expect(done).toMatchObject({ state: 'done', operation: 'op-1' });
});

test('gives two who agree at once the one change that came of it', () => {
  const chris: Person = { called: 'chris', name: 'chris' };
  expect(nextRequest(done, { kind: 'agree', who: chris })).toEqual({ ok: true, value: done });
  expect(refusal(agreed, { kind: 'agree', who: chris })).toBe('second-person.over');
});

test('lets nobody agree to what that person has asked for, however the name is written', () => {
  const again: Person = { called: 'ANNA, administrator on ig-north', name: ' Anna ' };
  expect(refusal(waiting, { kind: 'agree', who: anna })).toBe('second-person.same');
  expect(refusal(waiting, { kind: 'agree', who: again })).toBe('second-person.same');
  expect(refusal(waiting, { kind: 'decline', who: anna, reason: 'no' })).toBe('second-person.same');
  expect(refusal(waiting, { kind: 'withdraw', who: ben, reason: '' })).toBe('second-person.same');
});

test('takes nobody who gives no name for another person', () => {
  const unnamed: Person = { called: 'administrator on ig-north', name: null };
  expect(comparePersons(anna, unnamed)).toBe('unknown');
  expect(refusal(waiting, { kind: 'agree', who: unnamed })).toBe('second-person.same');
  expect(refusal({ ...waiting, by: unnamed }, { kind: 'agree', who: ben })).toBe('second-person.same');
});

test('ends by time, by a new epoch, by a new start of its server, and not a moment before', () => {
  const look = (nowMs: number, epoch: number) => after({ kind: 'look', nowMs, epoch }).state;
  expect(look(999 + requestLifeMs, 5)).toBe('waiting');
  expect(look(1_000 + requestLifeMs, 5)).toBe('ended');
  expect(look(1_001, 6)).toBe('ended');
  expect(look(999, 5)).toBe('ended');
  // Its member has been behind when it was asked: an older epoch is no move.
  expect(look(1_001, 4)).toBe('waiting');
});

test('has exactly one end: nothing changes it any more', () => {
  const events: readonly RequestEvent[] = [
    { kind: 'agree', who: ben },
    { kind: 'decline', who: ben, reason: 'no' },
    { kind: 'withdraw', who: anna, reason: '' },
    { kind: 'carried-out', operation: 'op-2' },
    { kind: 'not-carried-out', why: 'no' },
    { kind: 'look', nowMs: 9 * requestLifeMs, epoch: 9 },
    { kind: 'give-way', why: 'no' },
  ];
  for (const end of ends) {
    for (const event of events) {
      const next = nextRequest(end, event);
      if (next.ok) expect(next.value, `${end.state} ${event.kind}`).toBe(end);
    }
  }
});

test('asks for a reason when it is declined', () => {
  expect(refusal(waiting, { kind: 'decline', who: ben, reason: ' ' })).toBe('request.invalid');
});

test('says in words what became of it, with the name of who decided', () => {
  expect(ends.map((end) => stateWords(toldRequest(end, 0)))).toEqual([
    'ben has agreed, and it was carried out',
    'ben has declined it, because: not tonight',
    'anna has withdrawn it',
    'ben had agreed, but it was not carried out: the other member is silent.',
    'it has ended, nobody has agreed within 15 min',
    'it has ended, the cluster has moved since: epoch 6 instead of 5',
    'it has ended, its server was started anew',
    'it has ended, a forced takeover was asked for',
  ]);
});

test('tells others how long it still waits, and no time once it is over', () => {
  expect(toldRequest(waiting, 61_000)).toMatchObject({ leftMs: requestLifeMs - 60_000, by: 'anna' });
  expect(toldRequest(done, 61_000)).toMatchObject({ leftMs: 0, decidedBy: 'ben', operation: 'op-1' });
});

test('lets wait what is planned, and never what brings a cluster or its protection back', () => {
  const waits = (scope: 'none' | 'planned' | 'forced') =>
    [
      ...['switchover', 'handover', 'failback', 'failover', 'schedule', 'cancel-schedule', 'maintenance'],
      ...[
        'end-maintenance',
        'block-failover',
        'allow-failover',
        'force-takeover',
        'readmit',
        'replace-store',
      ],
      ...requestVerbs,
    ].filter((verb) => waitsForSecond(scope, { verb: verb as Command['verb'] }));
  const planned = ['switchover', 'handover', 'failback', 'schedule', 'maintenance'];
  expect(waits('none')).toEqual([]);
  expect(waits('planned')).toEqual(planned);
  expect(waits('forced')).toEqual([...planned, 'force-takeover']);
  expect(waitsForSecond('planned', { verb: 'rehearse', rehearsal: 'kill-engine' })).toBe(true);
  expect(waitsForSecond('planned', { verb: 'rehearse', rehearsal: 'cut-off' })).toBe(true);
  expect(waitsForSecond('planned', { verb: 'rehearse', rehearsal: 'restart-guard' })).toBe(false);
});

test('lets one person ask for more, and two for less', () => {
  const table = secondPersonScopes.map((from) =>
    secondPersonScopes.filter((scope) => waitsForSecond(from, { verb: secondPersonVerb, scope })),
  );
  expect(table).toEqual([[], ['none'], ['none', 'planned']]);
});
