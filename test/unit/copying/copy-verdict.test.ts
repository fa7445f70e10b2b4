import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyVerdicts, refusalIn } from '../../../shared/copying/copy-verdict.ts';

const script = readFileSync(join(import.meta.dirname, '../../../resources/agent/copy.sh'), 'utf8');

describe('how a copy can end', () => {
  it('has a verdict for every code of the script, and no code that it never gives', () => {
    const given = new Set([...script.matchAll(/\brefuse (\d+) "/g)].map(([, code]) => Number(code)));
    const listed = Object.values(copyVerdicts).flatMap(({ code }) =>
      code === null || code === 0 ? [] : [code],
    );
    expect([...given].sort()).toEqual([...new Set<number>(listed)].sort());
  });

  it('is told by what the script said last of its refusal, wherever that stands', () => {
    expect(refusalIn('read 1 2 3\nixha-refused 34 there is no room\nrsync error\n')).toEqual({
      code: 'no-room-there',
      seen: 'there is no room',
    });
  });

  it('is not known for what the script does not say, and for a code of another release', () => {
    expect(refusalIn('rsync error')).toBeNull();
    expect(refusalIn('ixha-refused 99 something new')).toEqual({ code: 'not-run', seen: 'something new' });
  });
});
