import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AskAgent } from '../../../../electron/host/agent-links/agent-requests.ts';
import { beginOfThoseFrom } from '../../../../electron/host/authority/site-authority.ts';
import { signedBy } from '../../../../electron/host/authority/signed-words.ts';
import type { InstallInputs } from '../../../../electron/host/install/prepare-site.ts';
import { lookAtDifferences, repairSite } from '../../../../electron/host/repair/repair-site.ts';
import { isRevoked } from '../../../../electron/host/revocation/is-revoked.ts';
import { revokeInSite } from '../../../../electron/host/revocation/revoke-site.ts';
import type { RevokeOrder } from '../../../../electron/host/revocation/revoke-order.ts';
import { agentPaths } from '../../../../shared/agent-api/agent-api.ts';
import type { RevocationOffer } from '../../../../shared/agent-api/revocation-frames.ts';
import { productError } from '../../../../shared/errors.ts';
import { fail, succeed } from '../../../../shared/result.ts';
import { mayReplace, readRevocations, type RevocationList } from '../../../../shared/site/revocation-list.ts';
import { until } from '../../../integration/demo-harness.ts';
import { installedMemorySite, shortLimits, type MemorySite } from '../upgrade/memory-site.ts';

/** Goal: what is revoked is refused, and whoever goes on has a new key before. Method: servers and agents in memory. */
const version = '1.0.0-abc';
let folder: string;
let site: MemorySite;
/** The list that each agent has, by its name. */
let lists: Map<string, { list: RevocationList; text: string }>;
/** Agents that do not answer. */
let silent: Set<string>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-revoke-'));
  site = await installedMemorySite(folder, version);
  lists = new Map();
  silent = new Set();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const profile = (path: string) => readFileSync(join(folder, 'profile', path), 'utf8');

/** Agents that take lists as the real ones do. */
function inputs(): InstallInputs {
  const own = site.inputs(version);
  const ask = own.createAsk({ authority: '', certificate: '', key: '' });
  const taking = async (...[endpoint, asked]: Parameters<AskAgent>) => {
    const { name } = endpoint;
    if (silent.has(endpoint.server)) return fail(productError('agent.unreachable', `${name} is silent`));
    return asked.path === agentPaths.revocations
      ? take(name, asked.body as RevocationOffer)
      : ask(endpoint, asked);
  };
  return { ...own, createAsk: () => taking as AskAgent };
}

function take(name: string, { number, list: text }: RevocationOffer) {
  const own = lists.get(name);
  if (text !== undefined && text !== own?.text) {
    const list = readRevocations(text, {
      site: 'sample',
      isSigned: signedBy(profile('console/authority.pem')),
    });
    const fits = list.ok ? mayReplace(list.value, own?.list ?? { number: 0, revoked: [] }) : list;
    if (!list.ok || !fits.ok) return list.ok ? fits : list;
    lists.set(name, { list: list.value, text });
  }
  const now = lists.get(name);
  const known = now?.list.number ?? 0;
  return succeed(known > number ? { number: known, list: now!.text } : { number: known });
}

/** Certificates tell seconds: one that was issued in the same second is as old. */
async function laterThan(pem: string): Promise<void> {
  const begins = new X509Certificate(pem).validFromDate.getTime();
  await until('a second has passed', () => Date.parse(beginOfThoseFrom(Date.now())) > begins, 10_000);
}

const certificateOf = (id: 'north' | 'south', cluster: string) =>
  String(site.servers[id].files.get(`/etc/ixha/${cluster}/certificates/certificate.pem`)!.content);
const revoke = (order: RevokeOrder) =>
  revokeInSite(inputs(), { order, why: 'stolen', unprotected: [] }, shortLimits);
async function done(order: RevokeOrder) {
  const revoked = await revoke(order);
  if (!revoked.ok) throw new Error(revoked.error.map(({ message }) => message).join(' '));
  return revoked.value;
}

describe('revoking a server', () => {
  it('gives it new keys first, restarts its agents proven, and then has all agents refuse the old ones', async () => {
    const before = certificateOf('north', 'WK1');
    await laterThan(before);
    const { list, added, handed } = await done({ kind: 'server', server: 'north', lost: false });
    expect([list?.list.number, added, handed.map(({ error }) => error)]).toEqual([
      1,
      2,
      [null, null, null, null, null],
    ]);
    const after = certificateOf('north', 'WK1');
    const { revoked } = list!.list;
    expect([isRevoked(before, revoked), isRevoked(after, revoked)]).toEqual([true, false]);
    expect(isRevoked(certificateOf('south', 'WK1'), revoked)).toBe(false);
    expect(new X509Certificate(after).publicKey.equals(new X509Certificate(before).publicKey)).toBe(false);
    expect(site.restartsOn('north')).toEqual(['ixha-agent@WK2.service', 'ixha-agent@WK1.service']);
  });

  it('revokes nothing while a restart would leave a cluster without protection', async () => {
    site.unfit.add('WK1/south');
    expect(await revoke({ kind: 'server', server: 'north', lost: false })).toMatchObject({
      error: [{ code: 'upgrade.unprotected' }],
    });
    expect(lists.size).toBe(0);
  });

  it('as lost is refused while it answers; otherwise a repair gives it new keys when it comes back', async () => {
    expect(await revoke({ kind: 'server', server: 'south', lost: true })).toMatchObject({
      error: [{ code: 'revocation.refused', message: expect.stringContaining('is not lost') as string }],
    });
    silent.add('south');
    const before = certificateOf('south', 'WK2');
    await laterThan(before);
    const { list, handed } = await done({ kind: 'server', server: 'south', lost: true });
    expect(isRevoked(before, list!.list.revoked)).toBe(true);
    expect(handed.filter(({ error }) => error !== null).map(({ endpoint }) => endpoint.server)).toEqual([
      'south',
      'south',
    ]);
    silent.clear();
    const seen = await lookAtDifferences(inputs(), { server: 'south', unprotected: [] });
    expect(seen.ok && seen.value[0]!.differences).toEqual([
      '/etc/ixha/WK1/certificates/certificate.pem was revoked',
      '/etc/ixha/WK2/certificates/certificate.pem was revoked',
    ]);
    expect((await repairSite(inputs(), { server: 'south', unprotected: [] }, shortLimits)).ok).toBe(true);
    expect(isRevoked(certificateOf('south', 'WK2'), list!.list.revoked)).toBe(false);
  });
});

describe('revoking a workstation', () => {
  it('refuses whoever has that name; this one gets a new key first', async () => {
    const own = new X509Certificate(profile('console/certificate.pem')).subjectAltName!.split('/').at(-1)!;
    const before = profile('console/certificate.pem');
    await laterThan(before);
    const { list } = await done({ kind: 'console', name: own });
    const { revoked } = list!.list;
    expect([isRevoked(before, revoked), isRevoked(profile('console/certificate.pem'), revoked)]).toEqual([
      true,
      false,
    ]);
  });
});

describe('the list', () => {
  it('begins with what the agents have, so that two workstations lose nothing of each other', async () => {
    await done({ kind: 'serial', serial: '0AB1' });
    rmSync(join(folder, 'profile/revocations.txt'));
    const { list } = await done({ kind: 'serial', serial: 'CD:02' });
    expect(list!.list).toMatchObject({ number: 2, revoked: [{ serial: 'AB1' }, { serial: 'CD02' }] });
  });

  it('goes out again without an order, also when the own copy is damaged', async () => {
    expect((await done({ kind: 'nothing' })).list).toBeNull();
    await done({ kind: 'serial', serial: 'AB1' });
    lists.delete('ig-south (WK1)');
    writeFileSync(join(folder, 'profile/revocations.txt'), 'nonsense');
    const { list, added } = await done({ kind: 'nothing' });
    expect([list?.list.number, added, lists.get('ig-south (WK1)')?.list.number]).toEqual([1, 0, 1]);
  });

  it('refuses what is no serial number', async () => {
    expect(await revoke({ kind: 'serial', serial: 'north' })).toMatchObject({
      error: [{ code: 'revocation.refused' }],
    });
  });
});
