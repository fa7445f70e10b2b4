import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConsoleIdentity } from '../../electron/host/authority/console-identity.ts';
import {
  createIdentity,
  createSiteAuthority,
  type KeyPairPem,
} from '../../electron/host/authority/site-authority.ts';
import type { AgentSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import type { Identity } from '../../shared/site/identity.ts';
import type { SiteDocument } from '../../shared/site/site-document.ts';
import { sampleMember, sampleSite, sampleWitness } from '../unit/host/samples.ts';
import { startFakeAgent, type FakeAgent } from './browser-shell-fake-agent.ts';

/** Keys of the five agents: `WK1/north` … `witness/third`. */
export type AgentKey = 'WK1/north' | 'WK1/south' | 'WK2/north' | 'WK2/south' | 'witness/third';
const keys: readonly AgentKey[] = ['WK1/north', 'WK1/south', 'WK2/north', 'WK2/south', 'witness/third'];
const addresses: Readonly<Record<string, string>> = {
  north: '127.0.0.1',
  south: '127.0.0.2',
  third: '127.0.0.3',
};

export interface FakeSite {
  readonly authority: KeyPairPem;
  readonly site: SiteDocument;
  readonly profileDirectory: string;
  readonly agents: Record<AgentKey, FakeAgent>;
  /** Puts another agent in an agent's place, on the same address and port. */
  replace(key: AgentKey, identity: Identity): Promise<void>;
  /** The same place with the certificate of another authority. */
  replaceForeign(key: AgentKey): Promise<void>;
  stop(): Promise<void>;
}

/** Five fake agents on loopback addresses and a console profile that names them. */
export async function startFakeSite(): Promise<FakeSite> {
  const authority = await createSiteAuthority('test-site');
  const agents = {} as Record<AgentKey, FakeAgent>;
  for (const key of keys) {
    agents[key] = await startFakeAgent({
      address: addressOf(key),
      authorityPem: authority.certificatePem,
      identity: await createIdentity(authority, { identity: identityOf(key), days: 1 }),
      snapshot: healthy(key),
    });
  }
  const site = sampleSite(Object.fromEntries(keys.map((key) => [key, agents[key].port])));
  const profileDirectory = await mkdtemp(join(tmpdir(), 'ixha-profile-'));
  const me = await createConsoleIdentity(authority, { role: 'admin', name: 'tester' });
  await mkdir(join(profileDirectory, 'console'));
  await writeFile(join(profileDirectory, 'site.json'), JSON.stringify(site));
  await writeFile(join(profileDirectory, 'console/authority.pem'), authority.certificatePem);
  await writeFile(join(profileDirectory, 'console/certificate.pem'), me.certificatePem);
  await writeFile(join(profileDirectory, 'console/key.pem'), me.privateKeyPem);

  const put = async (key: AgentKey, authorityPem: string, identity: KeyPairPem) => {
    const { port } = agents[key];
    await agents[key].stop();
    const snapshot = healthy(key);
    agents[key] = await startFakeAgent({ address: addressOf(key), authorityPem, identity, snapshot, port });
  };
  return {
    authority,
    site,
    profileDirectory,
    agents,
    replace: async (key, identity) =>
      put(key, authority.certificatePem, await createIdentity(authority, { identity, days: 1 })),
    replaceForeign: async (key) => {
      const other = await createSiteAuthority('test-site');
      await put(
        key,
        other.certificatePem,
        await createIdentity(other, { identity: identityOf(key), days: 1 }),
      );
    },
    stop: async () => {
      await Promise.all(keys.map((key) => agents[key].stop()));
      await rm(profileDirectory, { recursive: true, force: true });
    },
  };
}

/** What the agent says when all is well: WK1 Active on north, WK2 Active on south. */
export function healthy(key: AgentKey): AgentSnapshot {
  const [cluster, server] = key.split('/') as [string, string];
  if (cluster === 'witness') return sampleWitness();
  const role = (cluster === 'WK1') === (server === 'north') ? 'active' : 'passive';
  return sampleMember({ cluster, server, role });
}

function identityOf(key: AgentKey): Identity {
  const [cluster, server] = key.split('/') as [string, string];
  return cluster === 'witness'
    ? { kind: 'witness', site: 'test-site', server }
    : { kind: 'member', site: 'test-site', cluster, server };
}

function addressOf(key: AgentKey): string {
  return addresses[key.split('/')[1]!]!;
}
