import { describe, expect, it } from 'vitest';
import { readArguments } from '../../../../electron/host/site-command/arguments.ts';

describe('the command line of site', () => {
  it('reads its three verbs', () => {
    expect(readArguments(['install', 'a.json', '--profile', 'p', '--json'])).toEqual({
      ok: true,
      value: { verb: 'install', file: 'a.json', profile: 'p', json: true, engine: undefined },
    });
    expect(readArguments(['check', 'a.json']).ok).toBe(true);
    expect(readArguments(['uninstall', 'a.json', '--keep-engine'])).toMatchObject({
      value: { engine: 'keep' },
    });
    expect(readArguments(['uninstall', 'a.json', '--stop-engine'])).toMatchObject({
      value: { engine: 'stop' },
    });
  });

  it.each([
    [[], 'what to do is missing'],
    [['destroy', 'a.json'], 'unknown command destroy'],
    [['install'], 'needs exactly one FILE'],
    [['install', 'a', 'b'], 'needs exactly one FILE'],
    [['install', 'a', '--keep-engine'], 'does not touch engines'],
    [['uninstall', 'a', '--keep-engine', '--stop-engine'], 'exclude each other'],
    [['install', 'a', '--force'], '--force'],
  ])('says what is wrong with %j', (argv, sentence) => {
    const result = readArguments(argv);
    expect(!result.ok && result.error).toContain(sentence);
  });
});
