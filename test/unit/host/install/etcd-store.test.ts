import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSiteAuthority } from '../../../../electron/host/authority/site-authority.ts';
import {
  etcdErrors,
  etcdMoveErrors,
  fitEtcd,
  seedEtcd,
  type MemberEtcdLook,
} from '../../../../electron/host/install/etcd-store.ts';
import { readEtcdSecrets, secretRefusals } from '../../../../electron/host/install/etcd-secrets.ts';
import { installRefusals, serversInUse } from '../../../../electron/host/install/install-file.ts';
import { preflight } from '../../../../electron/host/install/preflight.ts';
import type { ServerWork } from '../../../../electron/host/install/server-work.ts';
import { EtcdLookOrder, type EtcdLook } from '../../../../shared/site/etcd-look.ts';
import { succeed } from '../../../../shared/result.ts';
import { freshFacts, sampleEtcdSite, sampleFile, sampleTime, sampleWanted } from './install-samples.ts';
import { MemoryServer } from './memory-server.ts';

/** Goal: an etcd is tried before anything depends on it. Method: looks as members would tell them, servers in memory. */
const site = sampleEtcdSite();
const good: EtcdLook = {
  endpoints: [1, 2, 3].map((n) => ({ endpoint: `etcd ${n}`, version: '3.5.9', clusterId: '7', why: null })),
  record: { kind: 'missing' },
  seeded: false,
};
const secrets = { authorityPem: 'a', certificatePem: 'c', keyPem: 'k', password: 'planted-secret' };

class MemberServer extends MemoryServer {
  readonly orders: EtcdLookOrder[] = [];
  readonly argv: string[] = [];
  look = good;

  override run: MemoryServer['run'] = async (argv, options) => {
    this.argv.push(argv.join(' '));
    const order = EtcdLookOrder.parse(JSON.parse(String(options?.stdin)));
    this.orders.push(order);
    const record = order.seed
      ? { kind: 'present', storeId: order.seed.storeId, epoch: order.seed.epoch }
      : null;
    const stdout = JSON.stringify(record ? { ...this.look, record, seeded: true } : this.look);
    return succeed({ exitCode: 0, signal: null, stdout, stderr: '', truncated: false });
  };
}

function work(id: string, ran = false): ServerWork & { readonly connection: MemberServer } {
  const wanted = sampleWanted(id, undefined, site);
  const memories = new Map(ran ? [['WK1', { cluster: 'WK1', epoch: 7 }]] : []);
  return { wanted, connection: new MemberServer(id, []), facts: { ...freshFacts(wanted), memories } };
}

const inputs = (works: readonly ServerWork[]) => ({ site, secrets, works, record: () => undefined });
const seen = (server: string, look: EtcdLook = good): MemberEtcdLook => ({
  cluster: 'WK1',
  server,
  name: server,
  look,
});

describe('an etcd before it keeps leases', () => {
  it('is tried from both members for every cluster, with its secrets on standard input only', async () => {
    const works = [work('north'), work('south'), work('lb')];
    expect(await fitEtcd(inputs(works))).toEqual({ ok: true, value: undefined });
    const tried = works.flatMap(({ connection }) =>
      connection.orders.map(({ cluster, member }) => `${cluster} ${member}`),
    );
    expect(tried.sort()).toEqual(['WK1 north', 'WK1 south', 'WK2 north', 'WK2 south']);
    expect(works.flatMap(({ connection }) => connection.argv).join('\n')).not.toContain('planted-secret');
  });

  it('takes the leases of a site at work only where it has no record of it that works, or its own', () => {
    const found = (retired?: true): EtcdLook => ({
      ...good,
      record: { kind: 'present', storeId: 's1', epoch: 7, ...(retired && { retired }) },
    });
    const judge = (look: EtcdLook, belongs: string) =>
      etcdMoveErrors(site, [seen('north', look)], new Map([['WK1', new Set([belongs])]]));
    expect(judge(good, 's0')).toEqual([]);
    expect(judge(found(true), 's0')).toEqual([]);
    expect(judge(found(), 's1')).toEqual([]);
    expect(judge(found(), 's0')).toMatchObject([{ code: 'install.store-unfit' }]);
    const silent = { ...good, endpoints: good.endpoints.map((one) => ({ ...one, why: 'it is silent' })) };
    expect(judge(silent, 's0')).toMatchObject([{ code: 'install.store-unfit' }]);
  });

  it('is refused when one of two members does not reach a quorum', () => {
    const far: EtcdLook = {
      ...good,
      endpoints: good.endpoints.map((one) => ({
        ...one,
        version: null,
        clusterId: null,
        why: 'the connection is refused',
      })),
    };
    const errors = etcdErrors(site, [seen('north'), seen('south', far)], []);
    expect(errors).toMatchObject([
      { code: 'install.store-unfit', message: 'south cannot have the lease of WK1 in this etcd.' },
    ]);
    expect(errors[0]!.details).toContain('etcd 1: the connection is refused');
  });

  it('is refused when the members reach two different ones', () => {
    const other = { ...good, endpoints: good.endpoints.map((one) => ({ ...one, clusterId: '8' })) };
    expect(etcdErrors(site, [seen('north'), seen('south', other)], [])).toMatchObject([
      { message: 'The members of WK1 reach different etcds by the same endpoints.' },
    ]);
  });

  it('gets no first record of a cluster that has run: an epoch could repeat', () => {
    const looks = [seen('north'), seen('south')];
    expect(etcdErrors(site, looks, [work('north'), work('south')])).toEqual([]);
    const errors = etcdErrors(site, looks, [work('north', true), work('south')]);
    expect(errors).toMatchObject([{ code: 'site.unsafe' }]);
    expect(errors[0]!.details?.[0]).toBe('ig-north remembers epoch 7');
  });

  it('gets the first record of each cluster from its preferred member, all of one store', async () => {
    const works = [work('north'), work('south')];
    expect(await seedEtcd(inputs(works))).toEqual({ ok: true, value: [true, true] });
    const orders = works.flatMap(({ connection }) => connection.orders);
    expect(orders.map(({ cluster, member }) => `${cluster} ${member}`)).toEqual(['WK1 north', 'WK2 south']);
    expect(new Set(orders.map(({ seed }) => seed!.storeId)).size).toBe(1);
    expect(orders[0]!.seed).toMatchObject({ epoch: 0, T: 4 });
  });
});

describe('a server of a site with an etcd', () => {
  it('has no witness, and on members the files of etcd that root alone reads', () => {
    expect(serversInUse(site)).toEqual(['north', 'south', 'lb']);
    expect(sampleWanted('third', undefined, site)).toMatchObject({ isWitness: false, units: [], files: [] });
    const north = sampleWanted('north', undefined, site);
    const files = north.files.filter(({ path }) => path.startsWith('/etc/ixha/WK1/etcd/'));
    expect(files.map(({ path, mode, owner }) => `${path} ${mode} ${owner}`)).toEqual(
      ['authority.pem', 'certificate.pem', 'key.pem', 'password'].map(
        (name) => `/etc/ixha/WK1/etcd/${name} 0600 root:root`,
      ),
    );
    expect(files.flatMap(({ restarts }) => restarts)).toContain('ixha-agent@WK1.service');
    expect(north.directories).toContainEqual({
      path: '/etc/ixha/WK1/etcd',
      mode: '0700',
      owner: 'root:root',
    });
  });

  it('is refused when it reaches no quorum, and looked at when one endpoint is missing', () => {
    const wanted = sampleWanted('north', undefined, site);
    const ways = (...last: number[]) => ({
      ...freshFacts(wanted),
      ways: new Set(last.map((byte) => `192.0.2.${byte} 2379`)),
    });
    expect(preflight(ways(21, 22), wanted, sampleTime)).toEqual([]);
    expect(preflight(ways(21), wanted, sampleTime)).toMatchObject([
      {
        code: 'server.unreachable',
        details: ['no connection to 192.0.2.22:2379', 'no connection to 192.0.2.23:2379'],
      },
    ]);
  });
});

describe('the files that members sign in to an etcd with', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ixha-etcd-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const etcd = { authorityFile: '/a', certificateFile: '/c', keyFile: '/k', passwordFile: '/p' };
  const refusals = (change: object) =>
    installRefusals({ ...sampleFile('/password', '/key'), site, etcd, ...change }).join('\n');

  it('are asked for with an etcd, and refused without one', () => {
    expect(refusals({})).toBe('');
    expect(refusals({ etcd: undefined })).toContain('the files that members sign in with are missing');
    expect(refusals({ etcd: { ...etcd, passwordFile: undefined } })).toContain(
      'the user ixha has no passwordFile',
    );
    expect(refusals({ site: sampleFile('/p', '/k').site })).toContain('a witness keeps the leases');
  });

  it('are refused when they do not fit together', async () => {
    const { certificatePem, privateKeyPem } = await createSiteAuthority('etcd');
    const pems = { authorityPem: certificatePem, certificatePem, keyPem: privateKeyPem };
    const now = new Date();
    expect(secretRefusals(pems, false, now)).toEqual([]);
    expect(secretRefusals(pems, true, now).join()).toContain('has a common name');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const keyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(secretRefusals({ ...pems, keyPem }, false, now)).toEqual([
      'keyFile is not the key of the certificate in certificateFile',
    ]);
    expect(secretRefusals(pems, false, new Date('2200-01-01')).join()).toContain('has expired on');
    expect(secretRefusals({ authorityPem: 'x', certificatePem: 'x', keyPem: 'x' }, false, now)).toHaveLength(
      3,
    );
  });

  it('are read without the line end of the password', async () => {
    const { certificatePem, privateKeyPem } = await createSiteAuthority('etcd');
    const put = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const files = {
      authorityFile: put('a', certificatePem),
      certificateFile: put('c', certificatePem),
      keyFile: put('k', privateKeyPem),
    };
    const file = { ...sampleFile('/p', '/k'), site: structuredClone(site) };
    if (file.site.leaseStore.kind === 'etcd') delete file.site.leaseStore.user;
    const passwordFile = put('p', 'planted-secret\n');
    expect(await readEtcdSecrets({ ...file, etcd: { ...files, passwordFile } }, new Date())).toMatchObject({
      ok: true,
      value: { password: 'planted-secret', keyPem: readFileSync(files.keyFile, 'utf8') },
    });
    const missing = await readEtcdSecrets({ ...file, etcd: { ...files, keyFile: '/nowhere' } }, new Date());
    expect(missing).toMatchObject({ ok: false, error: { code: 'site.missing' } });
  });
});
