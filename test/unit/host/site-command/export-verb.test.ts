import { describe, expect, it } from 'vitest';
import {
  enginePasswordPlace,
  exportSiteFile,
} from '../../../../electron/host/configuration/export-site-file.ts';
import { SiteInstallFile, installRefusals, waysOf } from '../../../../electron/host/install/install-file.ts';
import { createSiteAuthority } from '../../../../electron/host/authority/site-authority.ts';
import { newConsole } from '../../../../electron/host/install/profile.ts';
import { sampleFile } from '../install/install-samples.ts';

/** Goal: what is exported is what the command line reads, with no secret in it. Method: the sample site there and back. */
const file = sampleFile('/home/me/password', '/home/me/key');
const moment = { at: '2026-05-01T08:00:00Z', console: '0.1.0' };
const authority = await createSiteAuthority(file.site.id);
const own = await newConsole(authority);
const credentials = {
  authority: authority.certificatePem,
  certificate: own.certificatePem,
  key: own.privateKeyPem,
};
const profile = { directory: '/nowhere', site: file.site, access: waysOf(file), credentials };

describe('the site file of a profile folder', () => {
  it('reads as the same site and ways, and names what the folder does not know', async () => {
    const { text, lacks } = await exportSiteFile(profile, moment);
    expect(text).not.toContain('PRIVATE KEY');
    const parsed = SiteInstallFile.parse(JSON.parse(text));
    expect([parsed.site, waysOf(parsed), installRefusals(parsed)]).toEqual([file.site, waysOf(file), []]);
    expect(parsed.engineApi.passwordFile).toBe(enginePasswordPlace);
    expect(lacks).toEqual([
      `Name the file with the password of the engines’ API in place of ${enginePasswordPlace}.`,
    ]);
  });

  it('says which servers it cannot lead to, and where a password is only typed', async () => {
    const { north, ...others } = profile.access.access;
    const { identityFile: _key, passwordFile: _password, sshAgent: _agent, ...typed } = north!;
    const access = { ...profile.access, access: { ...others, north: typed } };
    expect((await exportSiteFile({ ...profile, access }, moment)).lacks.at(-1)).toMatch(
      /^Say how to sign in: north needs identityFile/,
    );
    const away = { ...profile.access, access: others };
    expect((await exportSiteFile({ ...profile, access: away }, moment)).lacks.at(-1)).toMatch(
      /how north is reached/,
    );
  });
});
