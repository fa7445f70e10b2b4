import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';

interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** Speaks to an etcd by its JSON gateway with a member's certificate, for tests that look at it or set it up. */
export class EtcdClient {
  readonly #certificates: string;
  readonly #endpoints: () => readonly Endpoint[];

  /** `certificates`: the folder of `makeEtcdCertificates`. */
  constructor(certificates: string, endpoints: () => readonly Endpoint[]) {
    this.#certificates = certificates;
    this.#endpoints = endpoints;
  }

  /** Position of the endpoint that leads; undefined while nobody does. */
  async leader(): Promise<number | undefined> {
    for (const at of this.#endpoints().keys()) {
      const status = await this.call(at, '/v3/maintenance/status', {}).catch(() => null);
      const { leader, header } = (status ?? {}) as { leader?: string; header?: { member_id: string } };
      if (leader !== undefined && leader !== '0' && leader === header?.member_id) return at;
    }
    return undefined;
  }

  /** Whether a quorum takes a write. */
  async answers(): Promise<boolean> {
    return this.put('started', 'yes').then(
      () => true,
      () => false,
    );
  }

  put(key: string, value: string): Promise<unknown> {
    return this.anywhere('/v3/kv/put', { key: base64(key), value: base64(value) });
  }

  async get(key: string): Promise<string | undefined> {
    const answer = (await this.anywhere('/v3/kv/range', { key: base64(key) })) as {
      kvs?: { value: string }[];
    };
    const value = answer.kvs?.[0]?.value;
    return value === undefined ? undefined : Buffer.from(value, 'base64').toString('utf8');
  }

  /** Users on: `root`, and `ixha` who may read and write below the prefix only. */
  async addUsers(prefix: string, password: string): Promise<void> {
    const call = (path: string, body: object) => this.anywhere(`/v3/auth/${path}`, body);
    await call('user/add', { name: 'root', password: 'root-only' });
    await call('role/add', { name: 'root' });
    await call('user/grant', { user: 'root', role: 'root' });
    await call('role/add', { name: 'leases' });
    const range = { key: base64(`${prefix}/`), range_end: base64(`${prefix}0`) };
    await call('role/grant', { name: 'leases', perm: { permType: 'READWRITE', ...range } });
    await call('user/add', { name: 'ixha', password });
    await call('user/grant', { user: 'ixha', role: 'leases' });
    await call('enable', {});
  }

  async anywhere(path: string, body: object): Promise<unknown> {
    let last: unknown;
    for (const at of this.#endpoints().keys()) {
      try {
        return await this.call(at, path, body);
      } catch (error) {
        last = error;
      }
    }
    throw last;
  }

  call(at: number, path: string, body: object): Promise<unknown> {
    const of = (file: string) => readFileSync(join(this.#certificates, file), 'utf8');
    const { address, port } = this.#endpoints()[at]!;
    return new Promise((resolve, reject) => {
      const call = request(
        {
          ...{ host: address, port, path, method: 'POST', agent: false, timeout: 10_000 },
          ...{ ca: of('authority.pem'), cert: of('certificate.pem'), key: of('key.pem') },
        },
        (response) => {
          let text = '';
          response.on('data', (part: Buffer) => (text += part.toString('utf8')));
          response.on('error', reject);
          response.on('end', () =>
            response.statusCode === 200 ? resolve(JSON.parse(text)) : reject(new Error(text)),
          );
        },
      );
      call.on('timeout', () => call.destroy(new Error('timeout')));
      call.on('error', reject);
      call.end(JSON.stringify(body));
    });
  }
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
