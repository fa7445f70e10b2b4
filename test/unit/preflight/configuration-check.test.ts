import { describe, expect, it } from 'vitest';
import { configurationCheck } from '../../../shared/preflight/configuration-check.ts';
import { sampleWanted } from '../host/install/install-samples.ts';

/** Goal: members that would run with another configuration are told. Method: one engine each, with what was read of it. */
const engineOf = (server: string) => sampleWanted(server).engines.find(({ cluster }) => cluster === 'WK1')!;
const own = (server: string, files: Record<string, string> | null, lack: string | null = null) => ({
  server: `ig-${server}`,
  engine: { ...engineOf(server), workingDirectory: '/opt/iguana' },
  listing: files === null ? null : { files: new Map(Object.entries(files)), lack },
});
const check = (one: ReturnType<typeof own>, other: ReturnType<typeof own>) =>
  configurationCheck('WK1', [one, other]);

describe('the configuration of both engines', () => {
  it('is one where it lies in the storage of the cluster', () => {
    const inside = (server: string) => ({ server, engine: engineOf(server), listing: null });
    expect(configurationCheck('WK1', [inside('north'), inside('south')])).toMatchObject({
      verdict: 'ok',
      finding: 'it is in the one directory that both members see',
    });
  });

  it('is the same, differs with every name, or is not known', () => {
    const same = check(own('north', { 'config/a': '1' }), own('south', { 'config/a': '1' }));
    expect([same.verdict, same.finding]).toEqual(['ok', '1 file is the same on both']);
    const differs = check(
      own('north', { 'config/a': '1', 'config/b': '1' }),
      own('south', { 'config/a': '2' }),
    );
    expect(differs).toMatchObject({
      verdict: 'warning',
      finding: 'on ig-south, beside ig-north: 1 file differs, 1 file is missing',
      evidence: ['config/a differs', 'config/b is only on ig-north'],
    });
    const silent = check(own('north', null), own('south', {}, 'not all of it could be read'));
    expect(silent).toMatchObject({
      verdict: 'unknown',
      finding: 'ig-north did not tell it; ig-south: not all of it could be read',
    });
  });
});
