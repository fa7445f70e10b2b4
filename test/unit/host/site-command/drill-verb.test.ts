import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createConsoleIdentity } from '../../../../electron/host/authority/console-identity.ts';
import { createSiteAuthority } from '../../../../electron/host/authority/site-authority.ts';
import { siteDrill } from '../../../../electron/host/site-command/drill-verb.ts';
import { sampleSite } from '../samples.ts';

/** Goal: the command line plans drills for who may, and tells the plan. Method: a profile folder of a site that nobody serves. */
const folder = mkdtempSync(join(tmpdir(), 'ixha-drill-verb-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function planned(role: 'admin' | 'viewer', cluster: string) {
  const profile = mkdtempSync(join(folder, 'profile-'));
  const authority = await createSiteAuthority('test-site');
  const me = await createConsoleIdentity(authority, { role, name: 'desk-1' });
  await mkdir(join(profile, 'console'));
  const files = {
    'site.json': JSON.stringify(sampleSite()),
    'console/authority.pem': authority.certificatePem,
    'console/certificate.pem': me.certificatePem,
    'console/key.pem': me.privateKeyPem,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(profile, name), text);
  const done = await siteDrill(
    {
      ...{ verb: 'drill', file: '', profile, json: false, ask: false, breakLock: undefined },
      ...{ order: null, interval: { cluster, kind: 'engine-kill', everyDays: 180 } },
      ...{ formats: [], out: undefined },
    },
    {
      ...{ profileDirectory: profile, consoleVersion: '0', signal: new AbortController().signal },
      say: () => undefined,
    },
  );
  const told = done.ok ? done.value.lines.join('\n') : done.error.code;
  return { told, isKept: existsSync(join(profile, 'drill-routines.json')) };
}

// Each waits a few seconds for agents that do not answer: all at once.
describe.concurrent('the plan of drills at the terminal', () => {
  test('is kept, and told with what is due', async () => {
    const { told, isKept } = await planned('admin', 'WK2');
    expect(told).toMatch(/WK2 level 3 Engine killed: never passed, first by .*, every 180 days/);
    expect(isKept).toBe(true);
  });

  test.each([
    ['viewer', 'WK2', 'command.forbidden'],
    ['admin', 'WK9', 'drill.refused'],
  ] as const)('is not changed by %s for %s', async (role, cluster, code) => {
    expect(await planned(role, cluster)).toEqual({ told: code, isKept: false });
  });
});
