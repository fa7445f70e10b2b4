import { describe, expect, it } from 'vitest';
import {
  enginePasswordPlace,
  exportSiteFile,
} from '../../../../electron/host/configuration/export-site-file.ts';
import { SiteInstallFile, installRefusals, waysOf } from '../../../../electron/host/install/install-file.ts';
import { sampleFile } from '../install/install-samples.ts';

/** Goal: what is exported is what the command line reads, with no secret in it. Method: the sample site there and back. */
const file = sampleFile('/home/me/password', '/home/me/key');
const profile = { site: file.site, access: waysOf(file) };

describe('the site file of a profile folder', () => {
  it('reads as the same site and ways, and names what the folder does not know', () => {
    const { text, lacks } = exportSiteFile(profile);
    const parsed = SiteInstallFile.parse(JSON.parse(text));
    expect([parsed.site, waysOf(parsed), installRefusals(parsed)]).toEqual([file.site, waysOf(file), []]);
    expect(parsed.engineApi.passwordFile).toBe(enginePasswordPlace);
    expect(lacks).toEqual([
      `Name the file with the password of the engines’ API in place of ${enginePasswordPlace}.`,
    ]);
  });

  it('says which servers it cannot lead to, and where a password is only typed', () => {
    const { north, ...others } = profile.access.access;
    const { identityFile: _key, passwordFile: _password, sshAgent: _agent, ...typed } = north!;
    const access = { ...profile.access, access: { ...others, north: typed } };
    expect(exportSiteFile({ ...profile, access }).lacks.at(-1)).toMatch(
      /^Say how to sign in: north needs identityFile/,
    );
    const away = { ...profile.access, access: others };
    expect(exportSiteFile({ ...profile, access: away }).lacks.at(-1)).toMatch(/how north is reached/);
  });
});
