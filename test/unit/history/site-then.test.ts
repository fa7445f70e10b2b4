import { expect, test } from 'vitest';
import type { MemberThen } from '../../../shared/history/member-then.ts';
import { factWord, isSame, siteDifference } from '../../../shared/history/site-difference.ts';
import { siteThen } from '../../../shared/history/site-then.ts';
import { failbackJournal, failoverJournal, step, written } from './journals.ts';

const startMs = Date.parse('2026-03-14T04:31:00.000Z');
const at = (second: number) => new Date(startMs + second * 1000).toISOString();
const members = [
  { cluster: 'WK1', server: 'ig-north' },
  { cluster: 'WK1', server: 'ig-south' },
];
const role = (server: 'ig-north' | 'ig-south', second: number, verdict: string, epoch: number) =>
  written(server, second * 1000, 'role', `${server} is ${verdict} with epoch ${epoch}.`, { verdict, epoch });

const roles = [
  role('ig-north', 1, 'active', 1),
  role('ig-south', 1, 'passive', 1),
  role('ig-south', 27.3, 'active', 2),
];
const outage = [...roles, ...failoverJournal()];

function words(member: MemberThen): string {
  const { role: is, epoch, lease, engine, store, link, agent } = member;
  return [is, epoch, lease, engine, store, link, agent].map(factWord).join(', ');
}

function at10(second: number, records = outage) {
  return siteThen(records, at(second), members).clusters[0]!;
}

test('tells who was Active, with the age of the record that told it', () => {
  const cluster = at10(10);
  expect(cluster.sentence).toBe('WK1: ig-north was Active with epoch 1.');
  expect(cluster.members[0]!.role).toMatchObject({ value: 'active', ageMs: 9_000, server: 'ig-north' });
  expect(cluster.members.map(words)).toEqual([
    'Active, 1, not known, runs, not known, not known, runs',
    'Passive, 1, not known, stopped, not known, not known, runs',
  ]);
});

test('an Active that wrote nothing more is not known from where another became Active', () => {
  const cluster = at10(28);
  expect(cluster.verdict).toBe('one');
  expect(cluster.sentence).toBe('WK1: ig-south was Active with epoch 2. What ig-north was is not known.');
  expect(cluster.members.map(words)).toEqual([
    'not known, 1, not known, not known, not known, not known, runs',
    'Active, 2, held, runs, answers, silent, runs',
  ]);
  const { role: is } = cluster.members[0]!;
  expect('why' in is && is.why).toContain('ig-south became Active with epoch 2');
});

test('nor does it hold the lease that it was granted before', () => {
  const granted = written('ig-north', 1_000, 'lease', 'Lease of epoch 1 granted.', { epoch: 1 });
  const lease = (second: number) => at10(second, [granted, ...outage]).members[0]!.lease;
  expect(factWord(lease(10))).toBe('held');
  expect(factWord(lease(28))).toBe('not known');
});

test('a taker that is not Active yet, while the one before is silent: still as its journal told it last', () => {
  const cluster = at10(24.35);
  expect(cluster.members.map(({ role: is }) => factWord(is))).toEqual(['Active', 'taking over']);
  expect(cluster.running).toEqual([{ operation: 'failover-WK1-1', sentence: 'Step acquire: done well.' }]);
});

test('before the first record nothing is known, and no member is left out', () => {
  const cluster = at10(0);
  expect(cluster.verdict).toBe('not-known');
  expect(cluster.members.map(words)).toEqual([
    'not known, not known, not known, not known, not known, not known, not known',
    'not known, not known, not known, not known, not known, not known, not known',
  ]);
});

test('a member whose agent has stopped is not known, and says what was so until then', () => {
  const stopped = written('ig-north', 40_000, 'agent', 'Agent stopped; the engine is not touched.');
  const [north] = at10(60, [...roles.slice(0, 2), stopped]).members;
  expect(north!.agent.value).toBe('stopped');
  expect(north!.role).toEqual({
    value: null,
    why: 'Its agent had stopped 20 s before; until then: ig-north is active with epoch 1.',
  });
  const started = written('ig-north', 70_000, 'agent', 'Agent of WK1 started on ig-north.');
  expect(at10(80, [...roles.slice(0, 2), stopped, started]).members[0]!.agent.value).toBe('runs');
});

test('two that both tell they are Active with one epoch are told as such', () => {
  const both = [role('ig-north', 1, 'active', 3), role('ig-south', 2, 'active', 3)];
  expect(at10(5, both)).toMatchObject({ verdict: 'several' });
});

test('nobody Active is told where both tell that they are Passive', () => {
  const none = [role('ig-north', 1, 'passive', 3), role('ig-south', 2, 'passive', 3)];
  expect(at10(5, none)).toMatchObject({ verdict: 'none', sentence: 'WK1: nobody was Active.' });
});

test('an engine that died or was killed by a guard is told, and its start afterwards', () => {
  const died = written('ig-north', 3_000, 'alarm', 'The engine died.', { verdict: 'engine-died' });
  const guard = written('ig-north', 4_000, 'guard', 'Guard 1 killed the engine at 4.00 s after boot: x.');
  const again = step('ig-north', 5_000, 'start-engine', 10, 'R23', 'op');
  const all = [...roles.slice(0, 1), died, guard, again];
  expect([3.5, 4.5, 5.5].map((second) => factWord(at10(second, all).members[0]!.engine))).toEqual([
    'died',
    'stopped',
    'runs',
  ]);
});

test('the lease store that fell silent, and the peer mode that ended', () => {
  const lease = (second: number, sentence: string) => written('ig-north', second * 1000, 'lease', sentence);
  const all = [
    lease(1, 'Lease of epoch 1 granted.'),
    lease(2, 'The lease store is silent: ig-south is asked to promise not to take over (60 s).'),
    lease(9, 'Peer mode has ended (60 s): this member has a lease again.'),
  ];
  expect([1, 3, 10].map((second) => factWord(at10(second, all).members[0]!.store))).toEqual([
    'answers',
    'silent',
    'answers',
  ]);
});

const blocked = written(
  'ig-south',
  45_000,
  'command',
  'admin-1 asked for no automatic failover of WK1 for 30 min: done, because: network work.',
  { requestedBy: 'admin-1', result: 'ok', operation: 'policy-1' },
);

test('what a person had set is the last word on it, and no change that runs', () => {
  expect(at10(44, [...outage, blocked]).settings).toEqual([]);
  const cluster = at10(46, [...outage, blocked]);
  expect(cluster.settings).toMatchObject([{ name: 'Automatic failover', value: 'blocked', by: 'admin-1' }]);
  expect(cluster.running).toEqual([]);
});

test('the difference of two instants: roles, epochs, settings, changes and alarms between them', () => {
  const records = [...outage, ...failbackJournal(), blocked];
  const [before, after] = [10, 46].map((second) => siteThen(records, at(second), members));
  const difference = siteDifference(before!, after!, records);
  expect(difference.facts.map((one) => `${one.server} ${one.fact}: ${one.before} > ${one.after}`)).toEqual([
    'ig-north role: Active > not known',
    'ig-north engine: runs > not known',
    'ig-south role: Passive > Active',
    'ig-south epoch: 1 > 2',
    'ig-south lease: not known > held',
    'ig-south engine: stopped > runs',
    'ig-south store: not known > answers',
    'ig-south link: not known > silent',
  ]);
  expect(difference.clusters).toHaveLength(1);
  expect(difference.operations.map(({ sentence }) => sentence)).toEqual(['ig-south is Active with epoch 2.']);
  expect(difference.settings.map(({ who }) => who)).toEqual(['admin-1']);
  expect(difference.alarms.map(({ server }) => server)).toEqual(['ig-south']);
});

test('an instant does not differ from itself', () => {
  const then = siteThen(outage, at(30), members);
  expect(isSame(siteDifference(then, then, outage))).toBe(true);
});
