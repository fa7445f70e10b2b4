import { describe, expect, it } from 'vitest';
import { readArguments } from '../../../../electron/host/site-command/arguments.ts';

describe('the command line of site', () => {
  it('reads its verbs', () => {
    expect(readArguments(['install', 'a.json', '--profile', 'p', '--json'])).toEqual({
      ok: true,
      value: { verb: 'install', file: 'a.json', profile: 'p', json: true, ask: false },
    });
    expect(readArguments(['keys', 'a.json', '--known-hosts', 'k', '--pin', 'known-hosts'])).toMatchObject({
      value: { verb: 'keys', knownHosts: 'k', pins: ['known-hosts'] },
    });
    expect(readArguments(['check', 'a.json', '--ask'])).toMatchObject({ value: { ask: true } });
    expect(readArguments(['check', 'a.json']).ok).toBe(true);
    expect(readArguments(['preflight', 'a.json']).ok).toBe(true);
    expect(readArguments(['upgrade', 'a.json', '--server', 'north', '--unprotected', 'WK1'])).toMatchObject({
      value: { verb: 'upgrade', server: 'north', unprotected: ['WK1'] },
    });
    expect(readArguments(['bundle', 'a.json', '--out', 'b'])).toMatchObject({
      value: { verb: 'bundle', out: 'b' },
    });
    expect(readArguments(['upgrade', 'a.json'])).toMatchObject({ value: { unprotected: [] } });
    expect(readArguments(['balancer', 'a.json', '--kind', 'haproxy'])).toMatchObject({
      value: { verb: 'balancer', kind: 'own-haproxy' },
    });
    expect(readArguments(['balancer', 'a.json'])).toMatchObject({ value: { kind: undefined } });
    expect(readArguments(['verify', 'a.json']).ok).toBe(true);
    expect(readArguments(['uninstall', 'a.json', '--keep-engine'])).toMatchObject({
      value: { engine: 'keep' },
    });
    expect(readArguments(['kit', 'dir', '--out', 'k'])).toMatchObject({ value: { out: 'k' } });
    expect(readArguments(['restore', 'k', '--profile', 'dir', '--passphrase-file', 'p'])).toMatchObject({
      value: { file: 'k', profile: 'dir', passphraseFile: 'p' },
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
    [['install', 'a', '--unprotected', 'WK1'], 'are for upgrade'],
    [['install', 'a', '--force'], '--force'],
    [['install', 'a', '--pin', 'known-hosts'], 'pins no keys'],
    [['balancer', 'a', '--kind', 'barracuda'], 'choose haproxy, f5, nginx'],
    [['install', 'a', '--kind', 'f5'], '--kind is for balancer'],
    [['kit', 'dir'], 'kit needs --out'],
    [['restore', 'k'], 'restore needs --profile'],
    [['install', 'a', '--out', 'k'], '--out is for bundle and kit'],
    [['install', 'a', '--passphrase-file', 'p'], '--passphrase-file is for kit and restore'],
    [['keys', 'a', '--pin', 'MD5:1234'], 'no fingerprint'],
    [['keys', 'a', '--pin', 'known-hosts'], 'needs --known-hosts'],
  ])('says what is wrong with %j', (argv, sentence) => {
    const result = readArguments(argv);
    expect(!result.ok && result.error).toContain(sentence);
  });
});
