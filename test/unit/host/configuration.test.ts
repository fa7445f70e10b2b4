import { beforeAll, describe, expect, it } from 'vitest';
import { createSiteAuthority, type KeyPairPem } from '../../../electron/host/authority/site-authority.ts';
import { signedConfiguration } from '../../../electron/host/configuration/kept-configuration.ts';
import { nextConfiguration, type Standing } from '../../../electron/host/configuration/next-configuration.ts';
import { documentChanges } from '../../../shared/site/document-changes.ts';
import { sampleSite } from './samples.ts';

/** Goal: what one administrator has installed is never undone by another one who did not know of it. */
let authority: KeyPairPem;
beforeAll(async () => {
  authority = await createSiteAuthority(sampleSite().id);
});

const site = sampleSite();
const renamed = (name: string) => ({ ...site, name });
const desk = (made: string, by = 'anna on desk-1') => ({ made, by });

function next(standing: Partial<Standing>, maker = desk('2026-05-01T08:00:00.000Z')) {
  return nextConfiguration({ wanted: site, kept: null, carried: [], ...standing }, authority, maker);
}
function made(standing: Partial<Standing>, maker?: ReturnType<typeof desk>) {
  const result = next(standing, maker);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

describe('the configuration of a site', () => {
  it('begins with number 1, and is kept as it is while nothing changes', () => {
    const first = made({});
    expect(first.configuration).toMatchObject({ number: 1, by: 'anna on desk-1', site });
    expect(made({ kept: first, carried: [first, first] })).toBe(first);
    expect(made({ kept: first })).toBe(first);
    expect(signedConfiguration(first.text, site.id, authority.certificatePem)).toEqual(first);
  });

  it('grows by one from the one that it builds upon', () => {
    const first = made({});
    expect(made({ wanted: renamed('new'), kept: first, carried: [first] }).configuration.number).toBe(2);
  });

  it('is refused to whoever builds upon an older one, with who, when and every field', () => {
    const first = made({});
    const second = made({ wanted: renamed('of anna'), kept: first, carried: [first] });
    const refused = next({ wanted: renamed('of bert'), kept: first, carried: [first, second] });
    expect(refused).toMatchObject({
      error: {
        code: 'site.newer',
        message: expect.stringContaining('number 2, made 2026-05-01 08:00 UTC by anna on desk-1') as string,
        details: ['here → there: name: "of bert" → "of anna"'],
      },
    });
    expect(next({ wanted: renamed('of bert'), kept: null, carried: [second] }).ok).toBe(false);
    expect(made({ wanted: renamed('of bert'), kept: second, carried: [second] }).configuration.number).toBe(
      3,
    );
  });

  it('is refused to the slower one of two who have built upon the same', () => {
    const first = made({});
    const one = made({ wanted: renamed('of anna'), kept: first, carried: [first] });
    const other = made({ wanted: renamed('of bert'), kept: first, carried: [first] });
    expect(next({ wanted: renamed('of bert'), kept: other, carried: [one] })).toMatchObject({
      error: { code: 'site.newer' },
    });
  });

  it('goes on where an installation was interrupted before all servers had it', () => {
    const first = made({});
    const second = made({ wanted: renamed('new'), kept: first, carried: [first] });
    expect(made({ wanted: renamed('new'), kept: second, carried: [first, second] })).toBe(second);
    expect(made({ wanted: renamed('new'), kept: second, carried: [first] })).toBe(second);
    const third = made({ wanted: renamed('newer'), kept: second, carried: [first] });
    expect(third.configuration.number).toBe(3);
  });

  it('is taken for the own one by whoever wants the same', () => {
    const first = made({});
    expect(made({ kept: null, carried: [first] })).toBe(first);
  });

  it('of another authority counts as none', async () => {
    const first = made({});
    const foreign = await createSiteAuthority(site.id);
    expect(signedConfiguration(first.text, site.id, foreign.certificatePem)).toBeNull();
    expect(
      signedConfiguration(
        first.text.replace('"number": 1', '"number": 9'),
        site.id,
        authority.certificatePem,
      ),
    ).toBeNull();
  });
});

describe('the differences of two site documents', () => {
  it('are told field by field, things of a list by their names', () => {
    const [cluster] = site.clusters;
    const changed = {
      ...site,
      servers: site.servers.slice(0, -1),
      clusters: [{ ...cluster!, localRestarts: cluster!.localRestarts + 1 }, ...site.clusters.slice(1)],
    };
    const gone = site.servers.at(-1)!;
    const changes = documentChanges(site, changed);
    expect(changes).toContain(
      `clusters.${cluster!.id}.localRestarts: ${cluster!.localRestarts} → ${cluster!.localRestarts + 1}`,
    );
    expect(changes).toContain(`servers.${gone.id}.address: "${gone.address}" → absent`);
    expect(documentChanges(site, structuredClone(site))).toEqual([]);
  });
});
