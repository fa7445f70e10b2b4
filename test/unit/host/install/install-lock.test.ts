import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installSite } from '../../../../electron/host/install/install-site.ts';
import { bareMemorySite, type MemorySite } from '../upgrade/memory-site.ts';

/**
 * Goal: "Run it again" goes on after a lost connection, and two works of one console never go on at once. Method: servers
 * in memory that hold the lock of the site, and a cable that is pulled in the middle.
 */
let folder: string;
let site: MemorySite;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-install-lock-'));
  site = bareMemorySite(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const install = () => installSite(site.inputs('1.0.0-abc'));

/** Has something done once when the south is asked to change its version. */
function inTheMiddle(happens: () => unknown): void {
  const { south } = site.servers;
  const { run } = south;
  south.run = async (argv, options) => {
    if (!argv.includes('ixha-link')) return run(argv, options);
    south.run = run;
    await happens();
    return run(argv, options);
  };
}

describe('an installation by a process that lives on', () => {
  it('goes on after a lost connection, which leaves the lock on that server', async () => {
    const { north, south } = site.servers;
    inTheMiddle(() => (south.isCut = true));
    expect(await install()).toMatchObject({ error: [{ code: 'server.unreachable' }] });
    expect(north.lock.note).toBeUndefined();
    expect(south.lock.note).toContain('an installation');
    south.isCut = false;
    expect(await install()).toMatchObject({ ok: true });
    expect(south.lock.note).toBeUndefined();
  });

  it('is refused while another one of the same process goes on', async () => {
    let second: Awaited<ReturnType<typeof install>> | undefined;
    inTheMiddle(async () => (second = await install()));
    expect(await install()).toMatchObject({ ok: true });
    expect(second).toMatchObject({ error: [{ code: 'site.locked' }] });
  });
});
