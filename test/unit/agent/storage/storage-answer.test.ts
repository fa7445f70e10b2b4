import { describe, expect, it } from 'vitest';
import { readStorageAnswer } from '../../../../agent/storage/storage-answer.ts';

const done = (code: number | null, output: string) => ({ code, output, timedOut: false, left: null });

describe('the answer of the storage script', () => {
  it('gives generation, use and the files by which a late writer can be told', () => {
    const output =
      '7 24\nfile .ixha/probe-north 23 1795507718.33\nfile logt/journal-7.log 4096 1795507719.1\n';
    expect(readStorageAnswer(done(0, output))).toEqual({
      ok: true,
      value: {
        generation: 7,
        usedPercent: 24,
        files: [
          { name: '.ixha/probe-north', bytes: 23, changed: '1795507718.33' },
          { name: 'logt/journal-7.log', bytes: 4096, changed: '1795507719.1' },
        ],
      },
    });
  });

  it('is as good when a file was gone before it could be asked for', () => {
    expect(readStorageAnswer(done(1, '7 24\n'))).toMatchObject({ ok: true, value: { files: [] } });
    expect(readStorageAnswer(done(1, ''))).toMatchObject({ ok: false, error: { code: 'not-run' } });
  });

  it.each([
    ['nothing', ''],
    ['a page', '<html>'],
    ['a negative generation', '-1 5\n'],
    ['a generation without use', '7\n'],
  ])('proves nothing when it is %s', (_what, output) => {
    expect(readStorageAnswer(done(0, output))).toMatchObject({ ok: false, error: { code: 'not-run' } });
  });

  it.each([
    [15, 'read-only'],
    [17, 'stale'],
    [99, 'not-run'],
    [null, 'not-run'],
  ])('is the verdict of exit code %s', (code, verdict) => {
    expect(readStorageAnswer(done(code, 'what was seen\nmore'))).toEqual({
      ok: false,
      error: { code: verdict, seen: 'what was seen' },
    });
  });
});
