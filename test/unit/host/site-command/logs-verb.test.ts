import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { logsVerb } from '../../../../electron/host/site-command/logs-verb.ts';
import type { ServerConnection } from '../../../../electron/host/ssh/server-connection.ts';
import { productError } from '../../../../shared/errors.ts';
import { fail, succeed } from '../../../../shared/result.ts';
import { sampleSite } from '../samples.ts';

type Answer = { readonly text?: string; readonly cursor?: string | null } | 'gone';

/**
 * Goal: whoever follows the logs misses no line. Method: one server whose journal is silent at first, that stops
 * answering, and answers again.
 */
let asked: string[];
let said: string[];
let dialled: number;
let called: AbortController;

beforeEach(() => {
  [asked, said, dialled, called] = [[], [], 0, new AbortController()];
});
afterEach(() => called.abort());

/** Follows a server that gives these answers, one for each look, until there is none left. */
async function followed(answers: readonly Answer[]): Promise<void> {
  const run = (argv: readonly string[]) => {
    asked.push(argv.slice(3).join(' '));
    const answer = answers[asked.length - 1] ?? {};
    if (answer === 'gone') return Promise.resolve(fail(productError('server.unreachable', 'It is gone.')));
    return Promise.resolve(succeed({ exitCode: 0, stdout: told(answer), stderr: '', truncated: false }));
  };
  const connection = { name: 'ig-north', run, close: () => undefined } as unknown as ServerConnection;
  const since = { kind: 'ago', seconds: 1 } as const;
  const done = logsVerb(
    { verb: 'logs', server: 'north', since, lines: 200, follow: true } as never,
    sampleSite(),
    {
      signal: called.signal,
      say: (_server, _line, text) => said.push(text),
      warn: (text) => said.push(text.split('\n')[0]!),
      target: () => Promise.resolve(succeed({} as never)),
      connect: () => {
        dialled += 1;
        return Promise.resolve(succeed(connection));
      },
    },
  );
  const limits = { timeout: 50_000, interval: 50 };
  await vi.waitFor(() => expect(asked.length).toBeGreaterThanOrEqual(answers.length), limits);
  called.abort();
  expect(await done).toEqual({ ok: true, value: ['Called off.'] });
}

function told({ text, cursor = null }: Exclude<Answer, 'gone'>): string {
  const where = { at: '2026-05-01T08:00:00.500Z', unit: 'ixha-agent@WK1.service' };
  const lines = text === undefined ? [] : [{ ...where, priority: 6, pid: 7, text }];
  const about = { schema: 1, productVersion: '1.0.0', wallTime: '2026-05-01T08:00:01.900Z', units: [] };
  return JSON.stringify({ ...about, lines, cursor, isCut: false, missing: [] });
}

describe('whoever follows the logs', () => {
  it('hears of a server that was silent what it wrote between two looks', async () => {
    await followed([{}, { text: 'Agent started.', cursor: 's=1;i=2' }, {}]);
    const [first, second, third] = asked;
    expect(first).toMatch(/^--since=-[12]s --lines=200$/);
    // Two seconds later at least three seconds back, since a second was asked for.
    expect(Number(/^--since=-(\d+)s --lines=200$/.exec(second!)?.[1])).toBeGreaterThanOrEqual(3);
    expect(third).toContain('--after=s=1;i=2');
    expect(said).toEqual(['2026-05-01T08:00:00.500Z ig-north ixha-agent@WK1: Agent started.']);
  });

  it('is told of a server that stops answering, once, and hears it again on a new connection', async () => {
    await followed([{ cursor: 's=1;i=2' }, 'gone', 'gone', { text: 'Agent started.', cursor: 's=1;i=3' }]);
    expect(dialled).toBe(3);
    expect(asked[3]).toContain('--after=s=1;i=2');
    expect(said).toEqual([
      expect.stringContaining('It is gone.'),
      'ig-north tells its logs again.',
      '2026-05-01T08:00:00.500Z ig-north ixha-agent@WK1: Agent started.',
    ]);
  });
});
