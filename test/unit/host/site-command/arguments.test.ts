import { describe, expect, it } from 'vitest';
import { readArguments } from '../../../../electron/host/site-command/arguments.ts';

describe('the command line of site', () => {
  it('reads its verbs', () => {
    expect(readArguments(['install', 'a.json', '--profile', 'p', '--json'])).toEqual({
      ok: true,
      value: {
        verb: 'install',
        file: 'a.json',
        profile: 'p',
        json: true,
        ask: false,
        engine: undefined,
        gone: [],
      },
    });
    expect(readArguments(['check', 'a', '--stop-engine', '--gone', 'x', '--gone', 'y'])).toMatchObject({
      value: { engine: 'stop', gone: ['x', 'y'] },
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
    expect(readArguments(['rollback', 'a.json', '--server', 'north', '--plan'])).toMatchObject({
      value: { verb: 'rollback', server: 'north', plan: true },
    });
    expect(readArguments(['rollback', 'a.json'])).toEqual({ ok: false, error: 'rollback needs --server ID' });
    expect(readArguments(['upgrade', 'a.json'])).toMatchObject({ value: { unprotected: [] } });
    expect(readArguments(['balancer', 'a.json', '--kind', 'haproxy'])).toMatchObject({
      value: { verb: 'balancer', kind: 'own-haproxy' },
    });
    expect(readArguments(['balancer', 'a.json'])).toMatchObject({ value: { kind: undefined } });
    expect(readArguments(['patch', 'a.json', '--server', 'north', '--why', 'kernel'])).toMatchObject({
      value: { verb: 'patch', order: { server: 'north', direction: 'out', minutes: 60, reason: 'kernel' } },
    });
    expect(readArguments(['patch', '--profile', 'p', '--server', 'north', '--back', '--plan'])).toMatchObject(
      {
        value: { file: '', profile: 'p', order: { direction: 'back' }, plan: true },
      },
    );
    expect(readArguments(['verify', 'a.json']).ok).toBe(true);
    expect(readArguments(['uninstall', 'a.json', '--keep-engine'])).toMatchObject({
      value: { engine: 'keep' },
    });
    expect(readArguments(['kit', 'dir', '--out', 'k'])).toMatchObject({ value: { out: 'k' } });
    expect(readArguments(['restore', 'k', '--profile', 'dir', '--passphrase-file', 'p'])).toMatchObject({
      value: { file: 'k', profile: 'dir', passphraseFile: 'p' },
    });
    expect(
      readArguments(['revoke', 'a.json', '--server', 'north', '--lost', '--why', 'stolen']),
    ).toMatchObject({
      value: { order: { kind: 'server', server: 'north', lost: true }, why: 'stolen', unprotected: [] },
    });
    expect(readArguments(['revoke', 'a.json', '--console', 'desk-2'])).toMatchObject({
      value: { order: { kind: 'console', name: 'desk-2' } },
    });
    expect(readArguments(['install', 'a.json', '--break-lock', 'ab12'])).toMatchObject({
      value: { breakLock: 'ab12' },
    });
    expect(readArguments(['pull', 'a.json']).ok).toBe(true);
    const cut = ['drill', 'a.json', '--cluster', 'WK1', '--level', 'cut-off', '--probe', 'lb:6699'];
    expect(readArguments(cut)).toMatchObject({ value: { order: { kind: 'cut-off', probe: 'lb:6699' } } });
    const power = ['drill', 'a.json', '--cluster', 'WK1', '--level', 'power-off', '--typed-name', 'ig-north'];
    expect(readArguments(power)).toMatchObject({
      value: { order: { kind: 'power-off', typedName: 'ig-north' } },
    });
    expect(readArguments(['drill', 'a.json', '--typed-name', 'ig-north'])).toMatchObject({ ok: false });
    const often = ['drill', 'a.json', '--cluster', 'WK1', '--level', '3', '--every'];
    expect(readArguments([...often, '180'])).toMatchObject({
      value: { order: null, interval: { cluster: 'WK1', kind: 'engine-kill', everyDays: 180 } },
    });
    expect(readArguments([...often, 'usual'])).toMatchObject({ value: { interval: { everyDays: null } } });
    expect(readArguments(['logs', 'a.json'])).toMatchObject({
      value: { server: undefined, since: { kind: 'ago', seconds: 600 }, lines: 500, follow: false },
    });
    expect(
      readArguments(['logs', 'a.json', '--server', 'north', '--since', '2h', '--lines', '9', '--follow']),
    ).toMatchObject({ value: { server: 'north', since: { seconds: 7200 }, lines: 9, follow: true } });
    expect(readArguments(['hardening', 'a.json', '--server', 'north'])).toMatchObject({
      value: { verb: 'hardening', server: 'north' },
    });
    expect(readArguments(['revoke', 'a.json'])).toMatchObject({ value: { order: { kind: 'nothing' } } });
    expect(readArguments(['readiness', 'a.json', '--trend'])).toMatchObject({
      value: { said: null, trend: true },
    });
    const answer = ['--answer', 'P01:not-applicable', '--by', 'Night shift', '--cluster', 'WK1'];
    expect(readArguments(['readiness', 'a.json', ...answer])).toMatchObject({
      value: {
        said: {
          ...{ act: 'answer', check: 'P01', subject: 'WK1', met: 'not-applicable', owner: 'Night shift' },
          ...{ note: '', expires: null, attachment: '' },
        },
      },
    });
    const aside = ['--aside', 'S01', '--until', '2026-12-31', '--why', 'disk is ordered'];
    expect(readArguments(['readiness', 'a.json', ...aside])).toMatchObject({
      value: { said: { act: 'snooze', check: 'S01', subject: '', until: '2026-12-31' } },
    });
    expect(readArguments(['readiness', 'a.json', '--goal', 'none'])).toMatchObject({
      value: { said: { act: 'goal', seconds: null } },
    });
    expect(readArguments(['uninstall', 'a.json', '--stop-engine', '--gone', 'south'])).toMatchObject({
      value: { engine: 'stop', gone: ['south'] },
    });
  });

  it.each([
    [[], 'what to do is missing'],
    [['destroy', 'a.json'], 'unknown command destroy'],
    [['install'], 'needs exactly one FILE'],
    [['install', 'a', 'b'], 'needs exactly one FILE'],
    [['repair', 'a', '--keep-engine'], 'does not touch engines'],
    [['repair', 'a', '--gone', 'x'], '--gone is for install, check and uninstall'],
    [['uninstall', 'a', '--keep-engine', '--stop-engine'], 'exclude each other'],
    [['install', 'a', '--unprotected', 'WK1'], '--unprotected is for upgrade'],
    [
      ['install', 'a', '--server', 'north'],
      '--server is for upgrade, repair, renew, revoke, rollback, patch, logs and hardening',
    ],
    [['bundle', 'a', '--follow'], '--since, --lines and --follow are for logs'],
    [['logs', 'a', '--since', 'yesterday'], 'say 10min, 2h, 3d'],
    [['logs', 'a', '--lines', '0'], 'no number of lines'],
    [['configuration', 'a', '--copy'], '--copy needs --cluster'],
    [['bundle', 'a', '--copy'], '--copy is for configuration'],
    [
      ['bundle', 'a', '--cluster', 'WK1'],
      '--cluster is for drill, proof, configuration, history and readiness',
    ],
    [['readiness', 'a', '--answer', 'P01'], 'say it as H01:yes'],
    [['readiness', 'a', '--answer', 'P01:maybe', '--by', 'n'], 'say it as H01:yes'],
    [['readiness', 'a', '--answer', 'P01:yes'], '--answer needs --by NAME'],
    [['readiness', 'a', '--answer', 'P01:yes', '--by', ' '], '--answer needs --by NAME'],
    [['readiness', 'a', '--answer', 'P01:yes', '--by', 'n', '--until', '2026-02-30'], 'is no day'],
    [
      ['readiness', 'a', '--answer', 'P01:yes', '--by', 'n', '--comment', 'x'.repeat(2_001)],
      '2000 characters',
    ],
    [['readiness', 'a', '--answer', 'P01:yes', '--by', 'n', '--why', 'w'], '--why needs --aside'],
    [['readiness', 'a', '--aside', 'S01', '--why', 'w'], '--aside needs --until DAY'],
    [['readiness', 'a', '--aside', 'S01', '--until', '2026-12-31'], '--aside needs --why TEXT'],
    [['readiness', 'a', '--aside', 'S01', '--take-up', 'S01'], 'exclude each other'],
    [['readiness', 'a', '--withdraw', 'S1'], 'is no check'],
    [['readiness', 'a', '--cluster', 'WK1'], '--cluster needs --answer or --withdraw'],
    [['readiness', 'a', '--goal', '0'], 'neither none nor seconds'],
    [['drill', 'a', '--trend'], 'are for readiness'],
    [['install', 'a', '--force'], '--force'],
    [['install', 'a', '--pin', 'known-hosts'], 'pins no keys'],
    [['balancer', 'a', '--kind', 'barracuda'], 'choose haproxy, f5, nginx'],
    [['install', 'a', '--kind', 'f5'], '--kind is for balancer'],
    [['pull', 'a', '--break-lock', 'ab'], '--break-lock is for what changes servers'],
    [['revoke', 'a', '--server', 'north', '--serial', 'AB'], 'exclude each other'],
    [['revoke', 'a', '--console', 'desk', '--lost'], '--lost needs --server'],
    [['renew', 'a', '--console', 'desk'], 'are for revoke'],
    [['kit', 'dir'], 'kit needs --out'],
    [['export', 'dir'], 'export needs --out'],
    [['restore', 'k'], 'restore needs --profile'],
    [
      ['install', 'a', '--out', 'k'],
      '--out is for bundle, kit, export, readiness, drill, proof, invite and history',
    ],
    [['proof', '--cluster', 'WK1'], 'proof needs exactly one FILE, or --profile DIR'],
    [['advise'], 'advise needs exactly one FILE, or --profile DIR'],
    [['proof', 'a'], 'proof needs --cluster ID'],
    [['proof', 'a', '--cluster', 'WK1', '--comment', 'c'], '--comment needs --sign NAME or --judge'],
    [['proof', 'a', '--cluster', 'WK1', '--by', 'b'], '--by needs --judge'],
    [['proof', 'a', '--cluster', 'WK1', '--judge', 'V09'], 'say it as V09:in-order'],
    [['proof', 'a', '--cluster', 'WK1', '--judge', 'V09:fine', '--by', 'b'], 'say it as V09:in-order'],
    [['proof', 'a', '--cluster', 'WK1', '--judge', 'V09:in-order'], '--judge needs --by NAME'],
    [['proof', 'a', '--cluster', 'WK1', '--judge', 'V09:in-order', '--by', 'b'], '--judge needs --comment'],
    [['proof', 'a', '--cluster', 'WK1', '--judge', 'V09:in-order', '--sign', 'b'], 'exclude each other'],
    [
      ['proof', 'a', '--cluster', 'WK1', '--sign', 'x'.repeat(101)],
      '--sign needs a name of at most 100 characters',
    ],
    [['proof', 'a', '--cluster', 'WK1', '--seen', '5f0b9c4177ae.0'], '--seen needs --sign NAME or --judge'],
    [['proof', 'a', '--cluster', 'WK1', '--sign', 'b', '--seen', '5f0b9c4177ae'], 'say it as it was printed'],
    [['proof', 'a', '--cluster', 'WK1', '--look', 'last'], '--look last is neither the number of a look'],
    [['proof', 'a', '--cluster', 'WK1', '--look', '0'], '--look 0 is neither the number of a look'],
    [['proof', 'a', '--cluster', 'WK1', '--look', '1', '--sign', 'b'], 'are for the newest look'],
    [['proof', 'a', '--cluster', 'WK1', '--format', 'doc'], '--format doc is not known'],
    [['drill', 'a', '--every', '60'], '--every needs the drill that it is about'],
    [
      ['drill', 'a', '--cluster', 'WK1', '--level', '2', '--every', '0'],
      '--every takes days from 1 to 3650, or usual',
    ],
    [
      ['drill', 'a', '--cluster', 'WK1', '--level', '2', '--every', '60', '--why', 'x'],
      '--cluster and --level without --every',
    ],
    [['install', 'a', '--every', '60'], '--every is for drill, not for install'],
    [['drill', 'a', '--cluster', 'WK1', '--level', '4'], 'choose 0, 1, 2 or 3, or one of dry-run'],
    [
      ['drill', 'a', '--probe', 'lb:1'],
      '--format, --out, --probe, --typed-name and --why need a drill that is made',
    ],
    [['install', 'a', '--probe', 'lb:1'], '--probe and --typed-name are for drill, not for install'],
    [['drill', 'a', '--sign', 'b'], '--operation, --look, --seen, --sign and --judge are for proof'],
    [
      ['install', 'a', '--passphrase-file', 'p'],
      '--passphrase-file is for kit, restore, invite, join and import',
    ],
    [['keys', 'a', '--pin', 'MD5:1234'], 'no fingerprint'],
    [['keys', 'a', '--pin', 'known-hosts'], 'needs --known-hosts'],
  ])('says what is wrong with %j', (argv, sentence) => {
    const result = readArguments(argv);
    expect(!result.ok && result.error).toContain(sentence);
  });
});

describe('the words of site history', () => {
  it('are instants to the millisecond, or so long ago', () => {
    const read = readArguments([
      'history',
      '--bundle',
      'b.tar.gz',
      '--at',
      '2026-03-14T04:31:00.250Z',
      '--and',
      '2h',
    ]);
    expect(read).toMatchObject({
      ok: true,
      value: { verb: 'history', bundle: 'b.tar.gz', at: '2026-03-14T04:31:00.250Z', formats: [] },
    });
  });

  it.each([
    [['history'], 'history needs exactly one FILE, or --profile DIR, or --bundle BUNDLE'],
    [['history', 'site.json', '--bundle', 'b'], 'history needs exactly one FILE'],
    [['history', 'a', '--at', 'noon'], '--at noon is no time'],
    [['history', 'a', '--and', '2h'], '--and needs --at TIME'],
    [['history', 'a', '--from', '2h'], '--from, --to, --cluster and --out need --format'],
    [['history', 'a', '--format', 'pdf'], '--format pdf is not known'],
    [['history', 'a', '--format', 'csv', '--at', '2h'], 'an export has --from and --to'],
    [['history', 'a', '--copy'], '--copy is for configuration, not for history'],
    [['logs', 'a', '--at', '2h'], '--at, --and, --from, --to and --bundle are for history, not for logs'],
  ])('%j: %s', (argv, said) => {
    const read = readArguments(argv);
    expect(!read.ok && read.error).toContain(said);
  });
});
