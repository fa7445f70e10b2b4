import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal } from '../../../agent/journal/journal.ts';
import { acceptCommand } from '../../../agent/member/accept-command.ts';
import { ChangeTracker } from '../../../agent/member/change-tracker.ts';
import { openMemoryFile } from '../../../agent/member/member-memory.ts';
import type { MemberParts } from '../../../agent/member/member-parts.ts';
import type { Command, CommandAnswer } from '../../../shared/agent-api/agent-api.ts';
import { timingPresets } from '../../../shared/lease/timing.ts';
import type { MemberFacts } from '../../../shared/failover/member-facts.ts';
import { activeFacts, passiveFacts } from '../failover/sample-facts.ts';

/** Goal: of several commands one is taken, and the others are told why. Method: real tracker and files, facts by hand. */
const clock = { bootMs: () => 1_000, wallTime: () => '2031-05-06T07:08:09.000Z' };
let folder: string;
let parts: MemberParts;

function open() {
  const who = { siteId: 's', cluster: 'WK1', server: 'north' };
  const memory = openMemoryFile(folder, who);
  parts = {
    config: {
      cluster: 'WK1',
      server: 'north',
      serverName: 'ig-north',
      peer: { server: 'south', serverName: 'ig-south' },
      timing: timingPresets.fast,
    },
    runtime: {},
    keeper: {
      facts: () => ({ seenStoreId: 's', holder: 'south', freeInMs: 0 }),
      rememberAnew: () => undefined,
    },
    changes: new ChangeTracker('north', memory, clock),
    memory,
    clock,
    journal: new Journal(join(folder, 'journal'), clock, who),
  } as unknown as MemberParts;
}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-command-'));
  open();
  parts.memory.update({ epoch: 5, ended: 4 });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const command = (more: Partial<Command> = {}): Command => ({
  verb: 'switchover',
  cluster: 'WK1',
  target: null,
  epoch: 5,
  idempotencyKey: 'key-00000001',
  reason: '',
  ...more,
});
const ask = (facts: MemberFacts, more: Partial<Command> = {}, person = 'admin-1') =>
  acceptCommand(parts, facts, command(more), person);
const why = (answer: CommandAnswer) =>
  answer.accepted ? 'accepted' : [answer.error.message, ...(answer.error.details ?? [])].join(' ');

describe('two commands at once', () => {
  it('with two keys: the first is taken, the second is told who was first', () => {
    const first = ask(activeFacts());
    const second = ask(activeFacts(), { idempotencyKey: 'key-00000002' }, 'admin-2');
    expect([first.accepted, second.accepted]).toEqual([true, false]);
    expect(why(second)).toContain('the switchover that admin-1 asked for');
  });

  it('with one key are one command, also for an agent that was restarted in between', () => {
    const first = ask(activeFacts());
    expect(ask(activeFacts())).toEqual(first);
    open();
    expect(ask(activeFacts())).toEqual(first);
  });

  it('a refusal is judged anew: it says something about then', () => {
    const unfit = activeFacts({ peer: { reachable: false, blockers: null } });
    expect(ask(unfit).accepted).toBe(false);
    expect(ask(activeFacts()).accepted).toBe(true);
  });
});

describe('a command', () => {
  it.each([
    ['made for another epoch', activeFacts(), { epoch: 4 }, 'prepared for epoch 4; it is 5 now'],
    ['to the Passive', passiveFacts(), {}, 'ig-north is not Active'],
    ['for another cluster', activeFacts(), { cluster: 'WK2' }, 'belongs to WK1, not to WK2'],
    ['to a server that is no member', activeFacts(), { target: 'east' }, 'east is not the other member'],
  ] as const)('%s is refused', (_what, facts, more, words) => {
    expect(why(ask(facts, more))).toContain(words);
    expect(parts.memory.current().operation).toBeNull();
  });
});

describe('a failback', () => {
  it('is a planned move to the preferred member', () => {
    const facts = activeFacts({ self: { preferred: false }, peer: { preferred: true } });
    expect(ask(facts, { verb: 'failback' }).accepted).toBe(true);
    expect(parts.changes.own()).toMatchObject({ kind: 'failback', to: 'south' });
  });

  it.each([
    [true, 'is the preferred member of WK1 already'],
    [false, 'No member of WK1 is preferred'],
  ])('is refused where the cluster is at home or has none (preferred: %s)', (preferred, words) => {
    expect(why(ask(activeFacts({ self: { preferred } }), { verb: 'failback' }))).toContain(words);
  });
});

describe('a failover that is asked for', () => {
  const verb = 'failover';
  const free = { holder: 'south', freeInMs: 0 };
  const silent = { reachable: false, heard: false, role: null, blockers: null };

  it('is taken by the member that takes over, and is not announced to the peer', () => {
    const facts = passiveFacts({ lease: free, peer: silent });
    expect(ask(facts, { verb, target: 'north' }).accepted).toBe(true);
    expect(parts.changes.own()).toMatchObject({ kind: 'failover', to: 'north' });
    expect(parts.changes.announced()).toBeNull();
    expect(parts.changes.record()?.steps.map(({ server }) => server)).not.toContain('south');
  });

  it.each([
    ['while the peer holds the lease', passiveFacts(), {}, 'ig-south holds the lease for another 3 s'],
    ['of the Active', activeFacts(), {}, 'is Active for WK1 already'],
    ['of the wrong member', passiveFacts({ lease: free }), { target: 'south' }, 'asked of the member'],
    [
      'of one that must not',
      passiveFacts({ lease: free, self: { mustNot: true } }),
      {},
      'The site says that it must not become Active',
    ],
    [
      'during maintenance',
      passiveFacts({ lease: { ...free, maintenance: { by: 'admin-2', reason: '', leftMs: 1 } } }),
      {},
      'Maintenance of admin-2',
    ],
    [
      'beside an engine at the peer that nobody holds',
      passiveFacts({ lease: free, peer: { blockers: [{ code: 'engine-outside', reason: '', remedy: '' }] } }),
      {},
      'An engine runs on ig-south outside its service',
    ],
  ] as const)('%s is refused', (_what, facts, more, words) => {
    expect(why(ask(facts, { verb, ...more }))).toContain(words);
    expect(parts.memory.current().operation).toBeNull();
  });
});

describe('a takeover that is forced', () => {
  const verb = 'force-takeover';
  const said = { verb, typedName: 'WK1', reason: 'ig-south burns', statement: 'power-off' } as const;
  const silent = {
    reachable: false,
    heard: false,
    role: null,
    epoch: null,
    engineRunning: null,
    blockers: null,
  };
  const alone = (more: Parameters<typeof passiveFacts>[0] = {}) =>
    passiveFacts({ lease: { holder: 'south', freeInMs: 0 }, ...more, peer: { ...silent, ...more.peer } });

  it('keeps what the person has stated with the change, and is not announced to the peer', () => {
    expect(ask(alone(), said).accepted).toBe(true);
    expect(parts.changes.own()).toMatchObject({
      kind: 'force-takeover',
      to: 'north',
      requestedBy: 'admin-1',
      statement: 'power-off',
    });
    expect(parts.changes.announced()).toBeNull();
    expect(parts.journal.read(1, 10).records.at(-1)?.sentence).toContain('states that ig-south');
  });

  it.each([
    ['without the typed name', alone(), { typedName: undefined }, 'was not typed as it is: WK1'],
    ['with another cluster’s name', alone(), { typedName: 'WK2' }, 'was not typed as it is: WK1'],
    ['with a name in other letters', alone(), { typedName: 'wk1' }, 'was not typed as it is: WK1'],
    ['with a name and a blank', alone(), { typedName: 'WK1 ' }, 'was not typed as it is: WK1'],
    ['without a reason', alone(), { reason: ' \t' }, 'The reason is not said'],
    ['without a statement', alone(), { statement: undefined }, 'Nobody states that ig-south is powered off'],
    ['for another cluster', alone(), { cluster: 'WK2', typedName: 'WK2' }, 'belongs to WK1, not to WK2'],
    ['for the wrong member', alone(), { target: 'south' }, 'asked of the member that shall take over'],
    ['for another epoch', alone(), { epoch: 4 }, 'prepared for epoch 4; it is 5 now'],
    ['of the Active', activeFacts({ peer: silent }), {}, 'is Active for WK1 already'],
    [
      'while the peer answers and is Active',
      passiveFacts({ lease: { freeInMs: 0 } }),
      {},
      'ig-south answers and is Active',
    ],
    [
      'while the peer answers and serves nothing',
      alone({ peer: { reachable: true, heard: true, role: 'passive' } }),
      {},
      'neither off nor cut off',
    ],
    [
      'while the peer answers nothing, but its own heartbeats arrive',
      alone({ peer: { heard: true, role: 'active' } }),
      { withoutStore: true },
      'its own heartbeats arrive, so it is neither off nor cut off',
    ],
    ['of a member that must not', alone({ self: { mustNot: true } }), {}, 'must not become Active'],
    ['beside an engine outside its service', alone({ engine: { outsider: 'pid 7' } }), {}, 'pid 7'],
    [
      'when nobody has said that it may go on without the store',
      alone({ lease: { storeReachable: false } }),
      {},
      'a takeover without it was not asked for',
    ],
  ] as const)('%s is refused, and nothing is written', (_what, facts, more, words) => {
    expect(why(ask(facts, { ...said, ...more }))).toContain(words);
    expect(parts.memory.current().operation).toBeNull();
  });

  describe('on a member without a state of its own, whose peer cannot be asked', () => {
    const lost = (more: object = {}) =>
      alone({ memory: { damaged: 'it has none', missing: true, ...more }, lease: { storeEpoch: 7 } });
    beforeEach(() => {
      rmSync(folder, { recursive: true, force: true });
      open();
      parts.memory.meetStore(7);
    });

    it('begins its state anew at the person’s word, with the epoch that the store knows', () => {
      expect(ask(lost(), { ...said, epoch: 0 }).accepted).toBe(true);
      expect(parts.memory.damaged).toBeNull();
      expect(parts.memory.current()).toMatchObject({ epoch: 7, ended: 7, storeId: 's' });
      expect(parts.changes.own()).toMatchObject({ kind: 'force-takeover', epoch: 7 });
    });

    it('is refused while the store cannot tell the epoch, and for the state of another machine', () => {
      const silentStore = { ...lost(), lease: { ...lost().lease, storeReachable: false } };
      const refused = ask(silentStore, { ...said, epoch: 0, withoutStore: true });
      expect(refused.accepted ? [] : refused.blockers.map(({ code }) => code)).toContain('state-damaged');
      expect(ask(lost({ needsPerson: true }), { ...said, epoch: 0 }).accepted).toBe(false);
      expect(parts.memory.damaged).not.toBeNull();
    });
  });
});
