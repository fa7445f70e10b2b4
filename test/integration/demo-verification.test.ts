import { execFile, type ExecFileException } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDurable, writeDurable } from '../../agent/durable/durable-file.ts';
import { nodeFiles } from '../../agent/durable/files.ts';
import type { ConsoleSite } from '../../electron/host/console-site.ts';
import { QueueLedger } from '../../shared/ledger/queue-ledger.ts';
import type { KeptVerification } from '../../shared/verification/kept-verification.ts';
import type { Verification } from '../../shared/verification/verification.ts';
import { until } from './demo-harness.ts';
import { DemoSiteBench } from './demo-site-bench.ts';

/**
 * Goal: the console verifies every move by itself and tells the truth about it.
 * Method: the whole demo with real agents; a planned move, a server that dies, and a ledger that says more than came.
 */
const demo = new DemoSiteBench();
let site: ConsoleSite;
const settledMs = 90_000;

beforeAll(async () => {
  site = await demo.openConsole();
});
afterAll(async () => {
  await site?.close();
  await demo.close();
}, 60_000);

/** The verification of the newest move of WK1 under an epoch above this one, once it is kept. */
async function verified(aboveEpoch: number): Promise<KeptVerification> {
  const { keeper, book } = await site.verification();
  return until(
    `the move of WK1 above epoch ${aboveEpoch} is verified`,
    () => {
      const operation = keeper.newestOperation('WK1');
      const kept = operation === null ? null : book.latest('WK1', operation);
      return kept !== null && kept.verification.move.epoch > aboveEpoch && kept;
    },
    settledMs,
  );
}

/** `site readiness` with the profile of the console, as a program of its own. */
function readiness(...words: string[]): Promise<{ error: ExecFileException | null; told: string }> {
  const program = join(import.meta.dirname, '../../dist/host/site.cjs');
  const command = [program, 'readiness', '--profile', site.profileDirectory, ...words];
  return new Promise((resolve) =>
    execFile(process.execPath, command, { timeout: 60_000 }, (error, stdout, stderr) =>
      resolve({ error, told: stdout + stderr }),
    ),
  );
}

const verdictOf = (verification: Verification, id: string) =>
  verification.lines.find((line) => line.id === id)!;
/** What a person would be told of the lines that do not hold. */
const openLines = (verification: Verification) =>
  verification.lines
    .filter(({ verdict }) => verdict === 'violated' || verdict === 'unknown')
    .map(({ id, verdict, evidence }) => `${id} ${verdict}: ${evidence}`);

/** The same once every line holds: what a slow renewal has spoilt in one look is well in another. */
async function verifiedWhole(aboveEpoch: number): Promise<KeptVerification> {
  const { keeper } = await site.verification();
  let kept = await verified(aboveEpoch);
  const whole = async () => {
    if (openLines(kept.verification).length === 0) return true;
    keeper.checkAgain('WK1', keeper.newestOperation('WK1')!);
    kept = await verified(aboveEpoch);
    return false;
  };
  await until('every line holds', whole, settledMs).catch(() => undefined);
  return kept;
}

describe('moves of the demo site', () => {
  let epoch = 0;

  test('a planned move is verified by itself: every line holds', async () => {
    await demo.move('switchover', '--reason', 'a test');
    const { verification } = await verifiedWhole(1);
    expect(openLines(verification)).toEqual([]);
    expect(verification.move).toMatchObject({ kind: 'planned', from: 'ig-north', active: 'ig-south' });
    for (const id of ['V01', 'V04', 'V07', 'V10', 'V12', 'V13', 'V17']) {
      expect([id, verdictOf(verification, id).verdict, verdictOf(verification, id).evidence]).toEqual([
        id,
        'proven',
        expect.any(String),
      ]);
    }
    epoch = verification.move.epoch;
  }, 300_000);

  test('the command line tells the same of it', async () => {
    const told = await until(
      'every line holds',
      async () => {
        const said = await demo.ixha('verify', 'WK1', '--json');
        return said.code === 0 && said;
      },
      settledMs,
    );
    const verification = JSON.parse(told.out) as Verification;
    expect(openLines(verification)).toEqual([]);
    expect(verification.move.epoch).toBe(epoch);
    expect((await demo.ixha('verify')).code).toBe(2);
  });

  test('the readiness command ends by itself, although it has opened the verification of a move as well', async () => {
    const out = demo.bench.path('reports');
    const { error } = await readiness('--format', 'json', '--out', out);
    // Killed at its limit it would have a signal; 1 says that something is open.
    expect([error?.signal ?? null, error?.code ?? 0]).toEqual([null, 1]);
    expect(readdirSync(out)).toHaveLength(1);
  }, 90_000);

  test('an answer from the command line stands in the next run, and one about what is not asked is refused', async () => {
    const about = ['--answer', 'O10:yes', '--by', 'Storage team', '--comment', 'read in the manual'];
    const refused = await readiness(...about);
    expect(refused.told).toContain('O10 is about one cluster: name it with --cluster (WK1, WK2).');
    const answered = await readiness(...about, '--cluster', 'WK1', '--trend');
    expect(answered.told).toMatch(
      /Written down: O10 \(WK1\) is ok now, Storage team, \d{4}-\d\d-\d\d: read in the manual/,
    );
    expect(answered.told).toContain('Runs so far:');
    const later = await readiness('--withdraw', 'O10', '--cluster', 'WK1');
    expect(later.told).toContain('Written down: O10 (WK1) is unknown now, Nobody has answered this yet');
  }, 180_000);

  test('after a power cut nothing is proven that the dead server would have to tell', async () => {
    await demo.inject('kill-server', { server: 'ig-south' });
    // The last ledger of the dead Active says that more had come in than its engine has: nothing may smooth that over.
    plantInLedger();
    const { verification } = await verified(epoch);
    expect(verification.move).toMatchObject({ kind: 'takeover', from: 'ig-south', active: 'ig-north' });
    for (const id of ['V01', 'V10', 'V15']) {
      const line = verdictOf(verification, id);
      expect([id, line.verdict]).toEqual([id, 'unknown']);
      expect(line.signs.some(({ kind, says }) => kind === 'missing' && says !== '')).toBe(true);
    }
    // The new Active knows that nobody is there to take over: that is known, not unknown.
    expect(verdictOf(verification, 'V16').verdict).toBe('violated');
    const queues = verdictOf(verification, 'V06');
    expect([queues.verdict, queues.evidence]).toEqual(['violated', expect.stringContaining('missing')]);
    expect(verification.ledger.lines[0]).toMatchObject({ verdict: 'violated' });
    expect((await demo.ixha('verify', 'WK1')).code).toBe(1);
  }, 150_000);

  test('when the server is back and is looked at again, its own journal counts', async () => {
    const healed = await demo.site.heal();
    expect(healed.ok).toBe(true);
    const { keeper, book } = await site.verification();
    const operation = keeper.newestOperation('WK1')!;
    const first = book.latest('WK1', operation)!;
    const again = await until(
      'the old member is seen as a Passive again',
      () => {
        const kept = book.latest('WK1', operation)!;
        if (kept.look > first.look && verdictOf(kept.verification, 'V01').verdict !== 'unknown') return kept;
        keeper.checkAgain('WK1', operation);
        return undefined;
      },
      settledMs,
    );
    // A power cut leaves no word of the end of its engine: that stays what it is.
    expect(verdictOf(again.verification, 'V01').verdict).toBe('consistent');
    expect(verdictOf(again.verification, 'V06').verdict).toBe('violated');
  }, 150_000);
});

/** Puts a later ledger of the same epoch on the storage, with more messages than its engine ever took in. */
function plantInLedger(): void {
  const { storage } = demo.site.site.clusters.find(({ id }) => id === 'WK1')!;
  const path = join(storage.directory, '.ixha/ledger');
  const read = readDurable(path);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  const ledger = QueueLedger.parse(read.value);
  const entries = ledger.entries.map((entry) =>
    entry.lastNumber === null ? entry : { ...entry, lastNumber: entry.lastNumber + 100_000 },
  );
  writeDurable(path, { ...ledger, atMs: ledger.atMs + 60_000, entries }, nodeFiles);
}
