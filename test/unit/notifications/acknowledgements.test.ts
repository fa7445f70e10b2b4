import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFiles, type Files } from '../../../agent/durable/files.ts';
import { Journal } from '../../../agent/journal/journal.ts';
import { Acknowledgements } from '../../../agent/notifications/acknowledgements.ts';
import type { MemberSnapshot } from '../../../shared/agent-api/member-snapshot.ts';
import type { Timers } from '../../../shared/clock.ts';
import { watchConditions, type WatchedConditions } from '../../../shared/notifications/condition-watch.ts';
import { conditionsOf } from '../../../shared/notifications/conditions.ts';
import { markOf } from '../../../shared/notifications/known-conditions.ts';
import { sampleMember } from '../host/samples.ts';

/** Goal: what a person knows of is not told again until it changes, also after a restart. Method: the keeper on a real disk, with clock and timers by hand. */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-known-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

class Scene {
  nowMs = 50_000;
  full = false;
  snapshot: MemberSnapshot = lost(
    sampleMember({ cluster: 'WK1', server: 'north', role: 'active' }),
    'no route',
  );
  readonly journal: Journal;
  keeper: Acknowledgements;
  looks = 0;
  private look: (() => void) | null = null;

  constructor() {
    const clock = { bootMs: () => this.nowMs, wallTime: () => '2026-03-01T02:00:00.000Z' };
    this.journal = new Journal(join(folder, 'journal'), clock, { cluster: 'WK1', server: 'north' });
    this.keeper = this.open();
  }

  open(): Acknowledgements {
    const clock = { bootMs: () => this.nowMs, wallTime: () => '2026-03-01T02:00:00.000Z' };
    const timers = {
      every: (_period: number, run: () => void) => {
        this.look = run;
        return () => (this.look = null);
      },
    } as unknown as Timers;
    const files: Files = {
      ...nodeFiles,
      write: (file, text) => {
        if (this.full) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
        return nodeFiles.write(file, text);
      },
    };
    const path = join(folder, 'acknowledgements.json');
    this.look = null;
    this.keeper = new Acknowledgements({
      ...{ path, files, clock, timers, journal: this.journal },
      snapshot: () => this.snapshot,
    });
    return this.keeper;
  }

  store() {
    return conditionsOf(this.snapshot).find(({ name }) => name === 'store')!;
  }

  say(comment: string | null = 'the network team knows') {
    return this.keeper.take({ name: 'store', mark: markOf(this.store()), comment }, 'owner-1');
  }

  pass(ms: number): void {
    this.nowMs += ms;
    this.look?.();
  }

  get watches(): boolean {
    return this.look !== null;
  }
}

function lost(snapshot: MemberSnapshot, why: string): MemberSnapshot {
  return { ...snapshot, store: { ...snapshot.store, reachable: false, why } };
}

describe('an acknowledgement', () => {
  it('says who, when and why, in the journal too, and survives a restart', () => {
    const scene = new Scene();
    expect(scene.say()).toMatchObject({ ok: true, value: ['store'] });
    expect(scene.keeper.covers(scene.store())).toBe(true);
    scene.pass(4_000);
    expect(scene.keeper.told()).toMatchObject([
      { by: 'owner-1', comment: 'the network team knows', agoMs: 4_000 },
    ]);
    expect(scene.journal.read(1, 10).records.at(-1)?.sentence).toContain('owner-1 knows of it');
    scene.open();
    expect(scene.keeper.covers(scene.store())).toBe(true);
    expect(scene.keeper.told()).toMatchObject([{ agoMs: null }]);
  });

  it('ends when the alarm changes, and not for a number or a time in it', () => {
    const scene = new Scene();
    scene.snapshot = lost(scene.snapshot, 'No answer for 12 s.');
    scene.say();
    scene.snapshot = lost(scene.snapshot, 'No answer for 3 min.');
    scene.pass(3_000);
    expect(scene.keeper.covers(scene.store())).toBe(true);
    scene.snapshot = lost(scene.snapshot, 'Its certificate is refused.');
    scene.pass(3_000);
    expect(scene.keeper.covers(scene.store())).toBe(false);
    expect(scene.keeper.told()).toEqual([]);
    expect(scene.watches).toBe(false);
  });

  it('ends once the alarm is over, and not when it comes and goes', () => {
    const scene = new Scene();
    scene.say();
    const bad = scene.snapshot;
    const good = { ...bad, store: { ...bad.store, reachable: true } };
    scene.snapshot = good;
    scene.pass(3_000);
    scene.snapshot = bad;
    scene.pass(3_000);
    expect(scene.keeper.covers(scene.store())).toBe(true);
    scene.snapshot = good;
    scene.pass(3_000);
    scene.pass(20_000);
    scene.snapshot = bad;
    expect(scene.keeper.covers(scene.store())).toBe(false);
  });

  it('is refused for what is over or another thing, and when the disk is full', () => {
    const scene = new Scene();
    const take = (name: string, mark: string) => scene.keeper.take({ name, mark, comment: 'x' }, 'owner-1');
    expect(take('copy', 'danger x')).toMatchObject({ error: { code: 'alarm.changed' } });
    expect(take('store', 'danger x')).toMatchObject({ error: { code: 'alarm.changed' } });
    scene.full = true;
    expect(scene.say()).toMatchObject({ error: { code: 'alarm.not-kept' } });
    expect(scene.keeper.covers(scene.store())).toBe(false);
  });

  it('can be taken back', () => {
    const scene = new Scene();
    scene.say();
    scene.say(null);
    expect(scene.keeper.told()).toEqual([]);
    expect(scene.watches).toBe(false);
  });
});

it('people are told of what they knew once it has changed, and not before', () => {
  const scene = new Scene();
  let watched: WatchedConditions = {};
  const look = (nowMs: number) => {
    const next = watchConditions(watched, [scene.store()], {
      ...{ nowMs, tells: true },
      isKnown: (condition) => scene.keeper.covers(condition),
    });
    ({ watched } = next);
    return next.changes.map(({ phase }) => phase);
  };
  expect([look(0), look(20_000)]).toEqual([[], ['began']]);
  scene.say();
  expect([look(23_000), look(60_000)]).toEqual([[], []]);
  scene.snapshot = lost(scene.snapshot, 'Its certificate is refused.');
  expect(look(63_000)).toEqual(['began']);
  expect(look(66_000)).toEqual([]);
});
