import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collectLogs, logOrderOf } from '../../../../agent/support/collect-logs.ts';
import { ServerLogs } from '../../../../shared/support/server-logs.ts';
import { planted, plantServer } from '../../support/planted-server.ts';
import { agentText } from '../../support/product-words.ts';

/** Goal: logs tell what happened and nothing that is nobody's business. Method: a server's folder with secrets wherever a text can stand. */
let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'ixha-logs-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const words = agentText();
const order: { since: string; after: string | undefined; lines: number } = {
  since: '-600s',
  after: undefined,
  lines: 10,
};

const entry = (at: number, unit: string, message: unknown) =>
  JSON.stringify({
    __REALTIME_TIMESTAMP: String(1_795_901_400_000_000 + at * 1_000_000),
    __CURSOR: `s=ab;i=${at}`,
    _SYSTEMD_UNIT: 'init.scope',
    UNIT: unit,
    PRIORITY: '3',
    MESSAGE: message,
  });

async function logsOf(output: string, more: Partial<typeof order> = {}) {
  const { means } = await plantServer(root);
  const calls: string[][] = [];
  const run = (file: string, args: readonly string[]) => {
    calls.push([file, ...args]);
    return Promise.resolve(output);
  };
  return { logs: await collectLogs({ ...means, run }, words, { ...order, ...more }), calls };
}

describe('the logs that a server tells', () => {
  it('hold nothing of what is planted, and keep what the product says', async () => {
    const { means } = await plantServer(root);
    const logs = await collectLogs(means, words, order);
    expect(ServerLogs.safeParse(logs).success).toBe(true);
    expect(logs.lines).toMatchObject([
      { at: '2026-11-28T21:30:01.000Z', unit: 'ixha-agent@WK1.service', priority: 4, pid: 712 },
    ]);
    expect(logs.lines[0]!.text).toMatch(/^The lease is renewed\. \[left out\]/);
    for (const secret of Object.values(planted)) expect(JSON.stringify(logs)).not.toContain(secret);
  });

  it('are asked of our own units whole, and of the engine only by what the service manager says', async () => {
    const { calls } = await logsOf('');
    const asked = calls[0]!.join(' ');
    for (const unit of ['ixha-agent@WK1', 'ixha-guard-1@WK1', 'ixha-guard-2@WK1'])
      expect(asked).toContain(`_SYSTEMD_UNIT=${unit}.service`);
    expect(asked).toContain('+ UNIT=engine-WK1.service _PID=1');
    expect(asked).not.toContain('_SYSTEMD_UNIT=engine-WK1');
  });

  it('are the newest where there are more, say so, and go on after the last one', async () => {
    const three = [1, 2, 3]
      .map((at) => entry(at, 'ixha-agent@WK1.service', 'The lease is renewed.'))
      .join('\n');
    const { logs } = await logsOf(three, { lines: 2 });
    expect([logs.isCut, logs.cursor, logs.lines.length]).toEqual([true, 's=ab;i=3', 2]);
    const { logs: none, calls } = await logsOf('', { after: 's=ab;i=3' });
    expect([none.isCut, none.cursor, none.lines]).toEqual([false, 's=ab;i=3', []]);
    expect(calls[0]).toContain('--after-cursor');
  });

  it('show that there was a line where it cannot be read as text', async () => {
    const { logs } = await logsOf(`${entry(1, 'engine-WK1.service', [1, 2])}\nnot json`);
    expect(logs.lines).toMatchObject([{ unit: 'engine-WK1.service', text: '' }]);
  });

  it('name why there are none', async () => {
    const { means } = await plantServer(root);
    const run = () => Promise.reject(new Error('journalctl took too long'));
    const logs = await collectLogs({ ...means, run }, words, order);
    expect(logs.missing).toEqual([{ what: 'the logs of its units', why: 'journalctl took too long' }]);
  });

  it('are refused to an order that could mean something else', () => {
    expect(logOrderOf(['--since=-60s', '--lines=20'])).toEqual({
      since: '-60s',
      after: undefined,
      lines: 20,
    });
    for (const wrong of [['--since=yesterday'], ['--after=s=1 -o cat'], ['--lines=1e9'], ['--all']])
      expect(logOrderOf(wrong)).toBeNull();
  });
});
