import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFiles, type Files } from '../../../agent/durable/files.ts';
import { CutKeeper, type OtherTells } from '../../../agent/member/cut-keeper.ts';
import { stepExecutors } from '../../../agent/member/step-executors.ts';
import { takeGrant } from '../../../agent/member/take-grant.ts';
import { systemTimers } from '../../../agent/system-timers.ts';
import type { CutVerb } from '../../../agent/storage/cut-program.ts';
import type { CutFacts } from '../../../shared/agent-api/member-snapshot.ts';
import type { StepKind } from '../../../shared/failover/member-facts.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { cutSentences } from '../../../shared/storage/cut-words.ts';
import { fakeMember } from './fake-parts.ts';

/**
 * Goal: the other server is cut off when it cannot prove that it has stopped, let in again when it can, and never
 * forgotten outside. Method: a program whose answers come by hand, and the files of a member.
 */
let folder: string;
let outside: {
  nowMs: number;
  other: OtherTells | null;
  files: Files;
  asked: string[];
  notes: string[];
  trouble: string | null;
  answers: ((said: Result<string, string>) => void)[];
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-cut-keeper-'));
  outside = {
    nowMs: 0,
    other: null,
    files: nodeFiles,
    asked: [],
    notes: [],
    trouble: null,
    answers: [],
  };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const idle = () => new Promise<void>((done) => setImmediate(done));

function open(limitMs = 5_000): CutKeeper {
  return new CutKeeper({
    program: {
      path: '/opt/cut',
      limitMs,
      trouble: () => Promise.resolve(outside.trouble),
      run: (verb: CutVerb, epoch: number) => {
        outside.asked.push(`${verb} ${epoch}`);
        return new Promise((resolve) => outside.answers.push(resolve));
      },
    },
    stateFolder: folder,
    otherName: 'ig-south',
    files: outside.files,
    clock: { bootMs: () => outside.nowMs, wallTime: () => '2031-05-06T07:08:09Z' },
    timers: systemTimers,
    other: () => outside.other,
    note: (sentence) => outside.notes.push(sentence),
  });
}

async function answer(said: Result<string, string> = succeed('export withdrawn')): Promise<void> {
  await idle();
  outside.answers.shift()!(said);
  await idle();
}

const standing = (keeper: CutKeeper): CutFacts['other'] => keeper.facts().other;

describe('a takeover', () => {
  it('cuts off a server that is not heard, and says so before the storage is proven', async () => {
    const keeper = open();
    keeper.begin(7);
    const settled = keeper.settled(7);
    await answer();
    expect(await settled).toBe('ig-south is cut off from the storage: export withdrawn, after 0 ms');
    expect(outside.notes).toEqual(['ig-south is cut off from the storage: export withdrawn, after 0 ms.']);
    expect(standing(keeper)).toMatchObject({ outcome: 'cut', epoch: 7, notLetIn: null });
  });

  it('cuts off a server that is heard with its engine running, or with an engine that nobody knows of', async () => {
    for (const engineRunning of [true, null]) {
      outside.other = { epoch: 6, role: 'active', engineRunning };
      open().begin(7);
      await answer();
    }
    expect(outside.asked).toEqual(['cut 7', 'cut 7']);
  });

  it('leaves a server alone that says itself that its engine is stopped', async () => {
    outside.other = { epoch: 6, role: 'stopping', engineRunning: false };
    const keeper = open();
    keeper.begin(7);
    expect([await keeper.settled(7), outside.asked]).toEqual([null, []]);
  });

  it('goes on when it did not work, and tells it', async () => {
    const keeper = open();
    keeper.begin(7);
    await answer(fail('no way to the storage server'));
    expect(await keeper.settled(7)).toMatch(/could not be cut off from the storage: no way/);
    expect(cutSentences(keeper.facts())[0]).toMatch(/^ig-south could not be cut off .* epoch 7: no way/);
  });

  it('does not wait for longer than it may take', async () => {
    const keeper = open(20);
    keeper.begin(7);
    expect(await keeper.settled(7)).toBe('ig-south is not known to be cut off from the storage yet');
  });

  it('cuts nobody off that it could not remember', async () => {
    outside.files = {
      ...nodeFiles,
      open: () => {
        throw new Error('no space left on device');
      },
    };
    const keeper = open();
    keeper.begin(7);
    expect([await keeper.settled(7), outside.asked]).toEqual([null, []]);
    expect(outside.notes).toEqual(['ig-south is not cut off from the storage: that cannot be kept on disk.']);
  });
});

describe('a server that is cut off', () => {
  async function cut(): Promise<CutKeeper> {
    const keeper = open();
    keeper.begin(7);
    await answer();
    return keeper;
  }

  it.each<[string, OtherTells | null]>([
    ['is not heard', null],
    ['has an engine that runs', { epoch: 6, role: 'active', engineRunning: true }],
    ['has one that it stops', { epoch: 6, role: 'stopping', engineRunning: true }],
    ['has a lease still', { epoch: 6, role: 'taking-over', engineRunning: false }],
    ['does not know whether its engine runs', { epoch: 6, role: 'unknown', engineRunning: null }],
  ])('stays out while it %s', async (_what, other) => {
    const keeper = await cut();
    outside.other = other;
    keeper.turn();
    await idle();
    expect(outside.asked).toEqual(['cut 7']);
  });

  it.each<[string, OtherTells]>([
    ['is Passive and runs nothing', { epoch: 6, role: 'passive', engineRunning: false }],
    ['was granted a later epoch', { epoch: 8, role: 'taking-over', engineRunning: null }],
  ])('is let in again once it %s', async (_what, other) => {
    const keeper = await cut();
    outside.other = other;
    expect(keeper.turn()).toBe(true);
    keeper.turn();
    await answer(succeed('export given'));
    expect(outside.asked).toEqual(['cut 7', 'allow 7']);
    expect(standing(keeper)).toBeNull();
    expect(outside.notes.at(-1)).toBe('ig-south is let in to the storage again: export given.');
    expect(standing(open())).toBeNull();
  });

  it('is tried again when it could not be let in, and that is told once', async () => {
    const keeper = await cut();
    outside.other = { epoch: 6, role: 'passive', engineRunning: false };
    for (const laterMs of [0, 10_000, 31_000]) {
      outside.nowMs = laterMs;
      keeper.turn();
      await idle();
      if (outside.answers.length > 0) await answer(fail('refused'));
    }
    expect(outside.asked).toEqual(['cut 7', 'allow 7', 'allow 7']);
    expect(outside.notes.filter((note) => note.includes('could not be let in'))).toHaveLength(1);
    expect(cutSentences(keeper.facts()).at(-1)).toBe(
      'It could not be let in again: refused. This is tried every 30 s.',
    );
  });

  it('is known to an agent that starts anew, also when the one before ended in the middle', async () => {
    await cut();
    expect(standing(open())).toMatchObject({ outcome: 'cut', epoch: 7 });
    open().begin(8);
    await idle();
    expect(standing(open())).toMatchObject({
      outcome: 'not-cut',
      epoch: 8,
      seen: 'the agent ended meanwhile',
    });
  });

  it('is cut off once more by a takeover that begins while it is let in', async () => {
    const keeper = await cut();
    outside.other = { epoch: 6, role: 'passive', engineRunning: false };
    keeper.turn();
    await idle();
    outside.other = null;
    keeper.begin(9);
    await answer(succeed('export given'));
    await answer();
    expect(outside.asked).toEqual(['cut 7', 'allow 7', 'cut 9']);
    expect(standing(keeper)).toMatchObject({ outcome: 'cut', epoch: 9 });
  });
});

it('tells a program that could not be run before it is needed', async () => {
  outside.trouble = '/opt/cut cannot be looked at';
  const keeper = open();
  keeper.turn();
  await idle();
  expect(keeper.turn()).toBe(true);
  expect(cutSentences(keeper.facts())).toEqual([
    'Nobody can be cut off from the storage: /opt/cut cannot be looked at.',
  ]);
  outside.trouble = null;
  outside.nowMs = 31_000;
  keeper.turn();
  await idle();
  expect(keeper.turn()).toBe(true);
  expect(cutSentences(keeper.facts())).toEqual([]);
});

it('takes a record that is damaged for none, and says so', () => {
  writeFileSync(join(folder, 'storage-cut.json'), 'damaged');
  expect(standing(open())).toBeNull();
  expect(outside.notes[0]).toMatch(/^Who was cut off from the storage is not known/);
});

describe('the steps of a change', () => {
  const begun = async (kind: StepKind, lastHolder: string | null) => {
    const member = fakeMember();
    member.lease = { lastHolder };
    Object.assign(member.parts, { cutOff: { begin: () => member.done.push('cut off') } });
    await stepExecutors[kind](member.parts, { kind, epoch: 5 });
    takeGrant(member.parts, { epoch: 6, goesOn: false });
    return member.done.includes('cut off');
  };

  it('begin with cutting off whoever has held the lease before, and nobody else', async () => {
    expect(await begun('acquire', 'south')).toBe(true);
    expect(await begun('acquire', 'north')).toBe(false);
    expect(await begun('acquire', null)).toBe(false);
  });

  it('prove the storage after that, with what became of it as evidence', async () => {
    const member = fakeMember();
    Object.assign(member.parts, {
      cutOff: { settled: () => Promise.resolve((member.done.push('settled'), 'ig-south is cut off')) },
      storage: {
        prove: () => Promise.resolve((member.done.push('prove'), succeed({ generation: 4, tookMs: 3 }))),
      },
    });
    expect(await stepExecutors['prove-storage'](member.parts, { kind: 'prove-storage', epoch: 5 })).toEqual(
      succeed('ig-south is cut off; identity seen, written and read back in 3 ms'),
    );
    expect(member.done).toEqual(['settled', 'prove']);
  });
});
