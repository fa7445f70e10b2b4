import { describe, expect, it } from 'vitest';
import { planInstall, unitsToRestart, type PlannedStep } from '../../../../electron/host/install/plan.ts';
import { placesOf } from '../../../../electron/host/install/server-paths.ts';
import type { WantedServer } from '../../../../electron/host/install/wanted-server.ts';
import { freshFacts, installedFacts, sampleWanted } from './install-samples.ts';

const neededTitles = (steps: readonly PlannedStep[]) =>
  steps.filter((planned) => planned.needed && planned.step.kind !== 'enrol').map((planned) => planned.title);

/** What is restarted when exactly these titles were changed. */
function restartsAfter(wanted: WantedServer, changed: (title: string) => boolean): string[] {
  const steps = planInstall(installedFacts(wanted), wanted).map((planned) => ({
    ...planned,
    needed: changed(planned.title),
  }));
  return [...unitsToRestart(steps)].sort();
}

describe('planning an installation', () => {
  it.each(['north', 'south', 'third'])('does everything on a fresh %s', (server) => {
    const wanted = sampleWanted(server);
    const steps = planInstall(freshFacts(wanted), wanted);
    expect(steps.every((planned) => planned.needed)).toBe(true);
    const placed = steps.flatMap(({ step }) => (step.kind === 'file' ? [step.file.path] : []));
    expect(placed.sort()).toEqual(wanted.files.map((file) => file.path).sort());
  });

  it.each(['north', 'third', 'lb'])('changes nothing on an installed %s', (server) => {
    const wanted = sampleWanted(server);
    expect(neededTitles(planInstall(installedFacts(wanted), wanted))).toEqual([]);
  });

  it('marks no folder below a mount of the agents, and the mount itself', () => {
    const wanted = sampleWanted('north');
    const engines = wanted.engines.map((one) => ({
      ...one,
      storage: { ...one.storage, mountUnit: 'srv.mount' },
    }));
    const facts = freshFacts(wanted);
    const marks = (isMount: boolean) => {
      const share = { answered: true, isDirectory: true, isMount, mark: undefined, generation: 0 };
      const shares = new Map(engines.map(({ storage }) => [storage.directory, share]));
      const steps = planInstall({ ...facts, shares }, { ...wanted, engines });
      return steps.filter(({ step, needed }) => step.kind === 'storage-mark' && needed).length;
    };
    expect([marks(false), marks(true)]).toEqual([0, engines.length]);
  });

  it('places nothing on a server that is only the balancer: HAProxy is exchanged in its own step', () => {
    const wanted = sampleWanted('lb');
    expect(planInstall(freshFacts(wanted), wanted)).toEqual([]);
  });

  it('points to a version only when it is whole, and reads units only when all are there', () => {
    const wanted = sampleWanted('north');
    const kinds = planInstall(freshFacts(wanted), wanted).map(({ step }) => step.kind);
    const titles = planInstall(freshFacts(wanted), wanted).map(({ title }) => title);
    expect(kinds.indexOf('link')).toBeGreaterThan(titles.findIndex((title) => title.endsWith('/ixha.cjs')));
    expect(kinds.indexOf('enrol')).toBeGreaterThan(kinds.indexOf('link'));
    expect(kinds.lastIndexOf('file')).toBe(kinds.length - 2);
    expect(kinds.at(-1)).toBe('daemon-reload');
  });

  it('repairs exactly a file that differs in content, mode or owner', () => {
    const wanted = sampleWanted('north');
    const path = placesOf('WK1').config;
    const seen = installedFacts(wanted).files.get(path)!;
    const broken = [{ sha256: 'x' }, { mode: '0666' }, { owner: 'guest:guest' }];
    for (const change of broken) {
      const facts = installedFacts(wanted);
      const files = new Map([...facts.files, [path, { ...seen, ...change }]]);
      expect(neededTitles(planInstall({ ...facts, files }, wanted))).toEqual([`file ${path}`]);
    }
  });

  it('restarts only what runs something older', () => {
    const wanted = sampleWanted('north');
    const agent = 'ixha-agent@WK1.service';
    const guards = ['ixha-guard-1@WK1.service', 'ixha-guard-2@WK1.service'];
    expect(restartsAfter(wanted, () => false)).toEqual([]);
    expect(restartsAfter(wanted, (title) => title === `file ${placesOf('WK1').config}`)).toEqual([agent]);
    expect(restartsAfter(wanted, (title) => title.endsWith('/WK1/guard.env'))).toEqual(guards);
    expect(restartsAfter(wanted, (title) => title.includes('/WK1/certificates'))).toEqual([agent]);
    expect(restartsAfter(wanted, (title) => title.startsWith('version '))).toEqual([...wanted.units].sort());
  });

  it('goes to a new version beside the old one', () => {
    const old = sampleWanted('north', '1.0.0-old');
    const next = sampleWanted('north', '1.1.0-new');
    const titles = neededTitles(planInstall(installedFacts(old), next));
    expect(titles).toContain('version 1.1.0-new is the current one');
    expect(titles.filter((title) => title.includes('1.0.0-old'))).toEqual([]);
  });
});

describe('what a server shall be', () => {
  it('gives members the paths of the documents and the witness none of the engine secrets', () => {
    const paths = (server: string) => sampleWanted(server).files.map((file) => file.path);
    expect(paths('north')).toEqual(
      expect.arrayContaining([
        '/etc/ixha/site',
        '/etc/ixha/WK1/member.json',
        '/etc/ixha/WK2/guard.env',
        '/usr/lib/ixha/1.0.0-abc/scripts/guard.sh',
        '/usr/bin/ixha',
        '/etc/systemd/system/engine-WK1.service.d/50-ixha-gate.conf',
      ]),
    );
    expect(paths('third').filter((path) => /password|guard|gate\.conf/.test(path))).toEqual([
      '/usr/lib/ixha/1.0.0-abc/scripts/guard.sh',
    ]);
    expect(paths('lb')).toEqual(['/etc/haproxy/haproxy.cfg']);
  });

  it('keeps secrets closed to everybody but root', () => {
    const modes = Object.fromEntries(sampleWanted('north').files.map((file) => [file.path, file.mode]));
    expect(modes['/etc/ixha/WK1/engine-password']).toBe('0600');
    expect(modes['/etc/ixha/WK1/member.json']).toBe('0640');
    const folders = sampleWanted('north').directories.filter(({ path }) => path.includes('/etc/ixha/WK1'));
    expect(folders.map((folder) => folder.mode)).toEqual(['0750', '0750']);
  });
});
