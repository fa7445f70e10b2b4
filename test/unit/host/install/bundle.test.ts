import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { programNames, readBundle } from '../../../../electron/host/install/bundle.ts';
import { differingFiles, writeDigests } from '../../../../scripts/lib/agent-digests.mjs';

/** Goal: nothing is put on a server that is not as it was built. Method: a built folder, spoilt file by file. */
let folder: string;
const at = (path: string) => join(folder, path);
const places = () => ({ agent: at('agent'), units: at('units'), runtime: at('node') });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-bundle-'));
  const resources = join(import.meta.dirname, '../../../../resources');
  cpSync(join(resources, 'units'), at('units'), { recursive: true });
  mkdirSync(at('agent'));
  cpSync(join(resources, 'agent'), at('agent/scripts'), { recursive: true });
  for (const name of programNames) writeFileSync(at(`agent/${name}`), `// ${name}\nrun();\n`);
  writeFileSync(at('node'), '\x7fELF and more');
  writeDigests(places());
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = () =>
  readBundle({
    productVersion: '1.0.0',
    runtime: at('node'),
    agentDirectory: at('agent'),
    unitsDirectory: at('units'),
  });
const said = async () => {
  const bundle = await read();
  return bundle.ok ? 'whole' : `${bundle.error.code} ${bundle.error.details?.join(' ')}`;
};
const cutShort = (path: string) =>
  writeFileSync(at(path), readFileSync(at(path)).subarray(0, readFileSync(at(path)).length - 3));

describe('the program for the servers', () => {
  it('is read whole as it was built', async () => {
    const bundle = await read();
    expect(bundle.ok && bundle.value.version).toMatch(/^1\.0\.0-[0-9a-f]{10}$/);
    const paths = bundle.ok ? bundle.value.files.map(({ path }) => path) : [];
    expect(paths).toEqual(expect.arrayContaining(['node', ...programNames, 'scripts/guard.sh']));
    expect(differingFiles(places())).toEqual([]);
  });

  it.each(['agent/ixha.cjs', 'agent/scripts/guard.sh', 'units/ixha-guard@.service', 'node'])(
    'is refused with its %s cut short, by name',
    async (path) => {
      cutShort(path);
      expect(await said()).toBe(`install.bundle-damaged ${at(path)} is not as it was built`);
      expect(differingFiles(places())).toEqual([path.replace('agent/', '')]);
    },
  );

  it.each(['agent/ixha-notify.cjs', 'agent/scripts/gate.sh', 'agent/digests.json'])(
    'is refused without its %s, by name',
    async (path) => {
      rmSync(at(path));
      expect(await said()).toMatch(new RegExp(`^install\\.bundle-damaged .*${at(path)}`));
    },
  );

  it('is refused when its list of digests is cut short or names too little', async () => {
    cutShort('agent/digests.json');
    expect(await said()).toContain('install.bundle-damaged');
    writeDigests(places());
    const digests = JSON.parse(readFileSync(at('agent/digests.json'), 'utf8')) as Record<string, string>;
    delete digests['scripts/guard.sh'];
    writeFileSync(at('agent/digests.json'), JSON.stringify(digests));
    expect(await said()).toBe('install.bundle-damaged guard.sh is missing');
  });

  it('takes no script along that was not built', async () => {
    appendFileSync(at('agent/scripts/foreign.sh'), '#!/bin/sh\n');
    const bundle = await read();
    expect(bundle.ok && bundle.value.files.map(({ path }) => path)).not.toContain('scripts/foreign.sh');
  });
});
