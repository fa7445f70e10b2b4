import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFiles, type Files } from '../../../agent/durable/files.ts';
import { Journal } from '../../../agent/journal/journal.ts';
import { Notifier } from '../../../agent/notifications/notifier.ts';
import type { MemberSnapshot } from '../../../shared/agent-api/member-snapshot.ts';
import type { Timers } from '../../../shared/clock.ts';
import { runbooks } from '../../../shared/help/runbooks.ts';
import type { DeliveryAnswer, DeliveryOrder } from '../../../shared/notifications/delivery.ts';
import type { NotificationPolicy } from '../../../shared/notifications/policy.ts';
import { scheduleSkippedMark } from '../../../shared/scheduling/scheduled-move.ts';
import type { MemberConfig } from '../../../shared/site/member-config.ts';
import { sampleMember } from '../host/samples.ts';
import { desk } from './sample-events.ts';

/**
 * Goal: what the journal and the snapshot say reaches people, whatever the disk does. Method: the notifier with a clock
 * and timers by hand, a real journal on disk, and a delivery that writes down its orders.
 */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-notify-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

class Scene {
  nowMs = 50_000;
  snapshot: MemberSnapshot = sampleMember({ cluster: 'WK1', server: 'north', role: 'active' });
  answer: DeliveryAnswer = { ok: true, said: 'HTTP 200' };
  full = false;
  /** A person knows of everything that lasts. */
  known = false;
  readonly orders: DeliveryOrder[] = [];
  readonly journal: Journal;
  readonly notifier: Notifier;
  private looks: (() => void)[] = [];

  constructor(changed: Partial<NotificationPolicy> = {}) {
    const clock = { bootMs: () => this.nowMs, wallTime: () => '2026-03-01T02:00:00.000Z' };
    const timers: Timers = {
      after: () => () => undefined,
      every: (_period, run) => {
        this.looks.push(run);
        return () => (this.looks = this.looks.filter((one) => one !== run));
      },
      soon: (run) => run(),
      monotonicMs: () => this.nowMs,
      untilBeat: () => 0,
    };
    const files: Files = {
      ...nodeFiles,
      write: (file, text) => {
        if (this.full) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
        return nodeFiles.write(file, text);
      },
    };
    this.journal = new Journal(join(folder, 'journal'), clock, { cluster: 'WK1', server: 'north' });
    this.notifier = new Notifier({
      config: {
        siteId: 'bench',
        cluster: 'WK1',
        server: 'north',
        serverName: 'ig-north',
        paths: { state: folder },
      } as MemberConfig,
      policy: { targets: [desk], quietSeconds: 0, ...changed },
      clock,
      timers,
      files,
      journal: this.journal,
      snapshot: () => this.snapshot,
      epoch: 5,
      acknowledgements: { covers: () => this.known },
      deliver: (order) => {
        this.orders.push(order);
        return Promise.resolve(this.answer);
      },
    });
  }

  /** Lets so much time pass, with the regular looks. */
  async pass(ms: number): Promise<void> {
    for (const endMs = this.nowMs + ms; this.nowMs < endMs;) {
      this.nowMs += 3_000;
      for (const look of this.looks) look();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  sentences(): string[] {
    return this.orders.flatMap(({ message }) =>
      message.events.map(({ phase, sentence }) => `${phase}: ${sentence}`),
    );
  }

  noted(): string[] {
    return this.journal.read(1, 500).records.map(({ sentence }) => sentence);
  }
}

function storeLost(snapshot: MemberSnapshot): MemberSnapshot {
  return { ...snapshot, store: { ...snapshot.store, reachable: false } };
}

describe('a notifier', () => {
  it('tells an alarm of the journal, and nothing about itself', async () => {
    const scene = new Scene();
    scene.answer = { ok: false, failure: { code: 'refused', sentence: 'It does not want it.' } };
    scene.journal.append({ kind: 'alarm', sentence: 'The disk is slow.' });
    await scene.pass(30_000);
    expect(scene.noted()).toContainEqual(
      expect.stringContaining('did not arrive everywhere: It does not want it.'),
    );
    scene.answer = { ok: true, said: 'HTTP 200' };
    await scene.pass(60_000);
    expect(new Set(scene.sentences())).toEqual(new Set(['happened: The disk is slow.']));
    expect(scene.noted().filter((sentence) => sentence.includes('did not arrive'))).toHaveLength(1);
    expect(scene.noted()).toContain('Notifications to desk arrive again.');
  });

  it('tells that a scheduled move was skipped, with what that means', async () => {
    const scene = new Scene();
    scene.journal.append({
      kind: 'alarm',
      verdict: scheduleSkippedMark,
      sentence: 'The scheduled switchover of WK1 was skipped: until its end: ig-south does not answer.',
    });
    await scene.pass(6_000);
    const [event] = scene.orders.flatMap(({ message }) => message.events);
    expect(event).toMatchObject({
      kind: 'schedule-skipped',
      severity: 'warn',
      sentence: expect.stringContaining('was skipped') as string,
    });
    expect(runbooks[event!.kind].meaning).toContain('nothing was moved');
  });

  it('tells that it is Active under a new epoch, not under the one it was started with', async () => {
    const scene = new Scene();
    for (const epoch of [5, 6]) {
      scene.journal.append({
        kind: 'role',
        verdict: 'active',
        epoch,
        sentence: `Active with epoch ${epoch}.`,
      });
    }
    await scene.pass(6_000);
    expect(scene.sentences()).toEqual(['happened: Active with epoch 6.']);
  });

  it('tells what lasts and its end once, also over a restart', async () => {
    const first = new Scene();
    const well = first.snapshot;
    first.snapshot = storeLost(well);
    await first.pass(60_000);
    expect(first.sentences()).toHaveLength(1);
    first.notifier.close();
    const second = new Scene();
    second.snapshot = storeLost(well);
    await second.pass(60_000);
    expect(second.sentences()).toEqual([]);
    second.snapshot = well;
    await second.pass(60_000);
    expect(second.sentences()).toEqual([expect.stringMatching(/^ended: .*does not reach the lease store/)]);
  });

  it('tells an alarm that was written while the agent started, once, and nothing older', async () => {
    const first = new Scene();
    first.journal.append({ kind: 'alarm', sentence: 'The disk is full.' });
    await first.pass(6_000);
    expect(first.sentences()).toEqual(['happened: The disk is full.']);
    first.notifier.close();
    const lost = 'A scheduled move cannot be read any more, and will not be made.';
    first.journal.append({ kind: 'alarm', sentence: lost });
    first.journal.close();
    const second = new Scene();
    await second.pass(6_000);
    expect(second.sentences()).toEqual([`happened: ${lost}`]);
    second.notifier.close();
    second.journal.close();
    const third = new Scene();
    await third.pass(6_000);
    expect(third.sentences()).toEqual([]);
  });

  it('leaves what both see to the holder, and tells it when the peer is not heard', async () => {
    const scene = new Scene();
    const off = { state: 'blocked' as const, reason: 'Three failovers within an hour.' };
    const lease = { ...scene.snapshot.lease, state: 'other' as const };
    scene.snapshot = { ...scene.snapshot, lease, automaticFailover: off };
    await scene.pass(60_000);
    expect(scene.sentences()).toEqual([]);
    scene.snapshot = { ...scene.snapshot, peer: { ...scene.snapshot.peer, reachable: false } };
    await scene.pass(60_000);
    expect(scene.sentences()).toContainEqual(expect.stringContaining('automatic failover is blocked'));
  });

  it('delivers from memory while the disk takes nothing, says so, and keeps it once it can', async () => {
    const scene = new Scene();
    scene.full = true;
    scene.journal.append({ kind: 'alarm', sentence: 'The disk is full.' });
    await scene.pass(9_000);
    expect(scene.sentences()).toEqual(['happened: The disk is full.']);
    expect(scene.notifier.told().notKept).toBe('ENOSPC');
    expect(scene.noted().filter((sentence) => sentence.includes('cannot be kept'))).toHaveLength(1);
    scene.full = false;
    await scene.pass(3_000);
    expect(scene.notifier.told().notKept).toBeNull();
  });

  it('starts with nothing where what it kept is damaged, and says so', () => {
    nodeFiles.makeFolder(folder);
    const file = nodeFiles.open(join(folder, 'notifications.json'), 'w');
    nodeFiles.write(file, 'sha256:0\n{}\n');
    nodeFiles.close(file);
    expect(new Scene().noted()).toContainEqual(expect.stringContaining('is lost'));
  });

  it('tells regularly that all is well, or what is not', async () => {
    const scene = new Scene({ allWellHours: 1 });
    await scene.pass(3_600_000);
    expect(scene.sentences()).toEqual([expect.stringContaining('all is well')]);
    scene.snapshot = storeLost(scene.snapshot);
    await scene.pass(3_600_000);
    expect(scene.sentences().at(-1)).toContain('1 thing asks for attention');
  });

  it('does not say that all is well while the other member could not take over, or nothing is known of it', async () => {
    const scene = new Scene({ allWellHours: 1 });
    const well = scene.snapshot;
    const peer = (code: string, reason: string) => ({
      ...well,
      blockers: [{ code, reason, remedy: 'Mend it.' }],
    });
    for (const [code, reason] of [
      ['peer-storage', 'ig-south: Its storage is not proven.'],
      ['peer-guards', 'ig-south: No guard beats.'],
      ['peer-unknown', 'Whether ig-south is fit is not known yet.'],
    ] as const) {
      scene.snapshot = peer(code, reason);
      await scene.pass(3_600_000);
      expect(scene.sentences().at(-1)).toContain(`asks for attention. WK1: ${reason}`);
    }
    scene.snapshot = peer('peer-maintenance', 'ig-south: Maintenance of admin-1 is under way.');
    await scene.pass(3_600_000);
    expect(scene.sentences().at(-1)).toContain('all is well');
  });

  it('tells how the last test went, also after a restart', async () => {
    const told = (scene: Scene) => scene.notifier.told().targets[0]?.lastTest;
    const scene = new Scene();
    expect(told(scene)).toBeUndefined();
    scene.answer = { ok: false, failure: { code: 'refused', sentence: 'It does not want it.' } };
    await scene.notifier.test('admin-1', undefined);
    expect(told(scene)).toMatchObject({ failure: { code: 'refused' }, agoMs: 0 });
    scene.answer = { ok: true, said: 'HTTP 200' };
    await scene.notifier.test('admin-1', 'desk');
    await scene.pass(3_000);
    expect(told(scene)).toEqual({ at: '2026-03-01T02:00:00.000Z', failure: null, agoMs: 3_000 });
    scene.notifier.close();
    expect(told(new Scene())).toEqual({ at: '2026-03-01T02:00:00.000Z', failure: null, agoMs: null });
  });

  it('goes on when a look breaks', async () => {
    const scene = new Scene();
    const well = scene.snapshot;
    scene.snapshot = null as unknown as MemberSnapshot;
    await scene.pass(3_000);
    scene.snapshot = well;
    scene.journal.append({ kind: 'alarm', sentence: 'Later.' });
    await scene.pass(6_000);
    expect(scene.sentences()).toEqual(['happened: Later.']);
  });
});
