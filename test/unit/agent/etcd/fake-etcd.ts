import type { HttpAnswer } from '../../../../agent/lease-stores/etcd-client.ts';

interface Stored {
  readonly value: string;
  readonly modRevision: number;
}
interface Op {
  readonly request_put?: { readonly key: string; readonly value: string };
  readonly request_range?: { readonly key: string };
}
interface Body {
  readonly compare: readonly { key: string; result: 'EQUAL' | 'GREATER'; mod_revision: string }[];
  readonly success: readonly Op[];
  readonly failure: readonly Op[];
}

/** The part of etcd's JSON gateway that the lease store uses, in memory: what it answers is what etcd 3.4 answers. */
export class FakeEtcd {
  clusterId = '14841639068965178418';
  revision = 1;
  keys = new Map<string, Stored>();
  /** Set: every transaction with a put is refused as by a full database. */
  full = false;
  /** Set: only this token is good, and only this password gets one. */
  users: { token: string; readonly password: string } | null = null;
  readonly requests: Body[] = [];

  answer(path: string, body: string, token: string | null): HttpAnswer {
    if (path === '/v3/auth/authenticate') return this.logIn(JSON.parse(body) as { password: string });
    if (this.users !== null && token !== this.users.token)
      return refused(
        token === null ? 400 : 401,
        token === null ? 'etcdserver: user name is empty' : 'etcdserver: invalid auth token',
      );
    const txn = JSON.parse(body) as Body;
    this.requests.push(txn);
    if (this.full) return refused(429, 'etcdserver: mvcc: database space exceeded');
    return this.carryOut(txn);
  }

  /** The text of a key's value. */
  read(key: string): string | undefined {
    const stored = this.keys.get(base64(key));
    return stored === undefined ? undefined : Buffer.from(stored.value, 'base64').toString('utf8');
  }

  write(key: string, value: string): void {
    this.revision += 1;
    this.keys.set(base64(key), { value: base64(value), modRevision: this.revision });
  }

  wipe(): void {
    this.keys = new Map();
    this.revision = 1;
  }

  private carryOut(txn: Body): HttpAnswer {
    const succeeded = txn.compare.every(({ key, result, mod_revision }) => {
      const is = this.keys.get(key)?.modRevision ?? 0;
      return result === 'EQUAL' ? is === Number(mod_revision) : is > Number(mod_revision);
    });
    const ops = succeeded ? txn.success : txn.failure;
    const writes = ops.some((op) => op.request_put !== undefined);
    if (writes) this.revision += 1;
    const header = this.header();
    const responses = ops.map(({ request_put, request_range }) => {
      if (request_put !== undefined) {
        this.keys.set(request_put.key, { value: request_put.value, modRevision: this.revision });
        return { response_put: { header: { revision: header.revision } } };
      }
      const key = request_range!.key;
      const stored = this.keys.get(key);
      const kv = stored && { key, mod_revision: String(stored.modRevision), value: stored.value };
      return {
        response_range: { header: { revision: header.revision }, ...(kv ? { kvs: [kv], count: '1' } : {}) },
      };
    });
    return { status: 200, text: JSON.stringify({ header, ...(succeeded ? { succeeded } : {}), responses }) };
  }

  private header() {
    return {
      cluster_id: this.clusterId,
      member_id: '10276657743932975437',
      revision: String(this.revision),
      raft_term: '2',
    };
  }

  private logIn({ password }: { password: string }): HttpAnswer {
    if (this.users === null) return refused(400, 'etcdserver: authentication is not enabled');
    if (password !== this.users.password)
      return refused(400, 'etcdserver: authentication failed, invalid user ID or password');
    return { status: 200, text: JSON.stringify({ header: this.header(), token: this.users.token }) };
  }
}

function refused(status: number, message: string): HttpAnswer {
  return { status, text: JSON.stringify({ error: message, message, code: 3 }) };
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
