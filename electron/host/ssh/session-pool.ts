import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { ProductError } from '../../../shared/errors.ts';
import { productError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { Cancel, HostTime } from '../host-time.ts';
import type { SshPlace } from './server-connection.ts';
import type { SshSession } from './ssh-session.ts';

/** A connection nobody uses is closed after this. */
const idleMs = 30_000;
/** A connection this old takes no new users: the library never changes its keys by itself. */
const recycleMs = 30 * 60_000;

/** A share of an open connection. */
export interface LeasedSession {
  readonly session: SshSession;
  /** Gives the share back, once. */
  release(): void;
}

export interface SessionPoolPorts {
  readonly open: (target: SshPlace, through?: Duplex) => Promise<Result<SshSession, ProductError>>;
  readonly time: Pick<HostTime, 'after' | 'bootMs'>;
}

/** One SSH connection per server, shared by all who need it, over its jump host where it has one. */
export interface SessionPool {
  lease(target: SshPlace): Promise<Result<LeasedSession, ProductError>>;
  /** Opens a way to a server's SSH port over its jump host; undefined where it has none. */
  way(target: SshPlace): Promise<Result<Duplex | undefined, ProductError>>;
  /** Ends every connection, also those in use. */
  end(): void;
}

interface Entry {
  readonly key: string;
  readonly session: Promise<Result<SshSession, ProductError>>;
  readonly openedAtMs: number;
  users: number;
  cancelIdle: Cancel;
}

/** Makes an empty pool. */
export function createSessionPool(ports: SessionPoolPorts): SessionPool {
  const pool = new Pool(ports);
  return {
    lease: (target) => pool.lease(target),
    way: (target) => pool.way(target),
    end: () => pool.end(),
  };
}

class Pool {
  readonly #ports: SessionPoolPorts;
  /** What new users get. A recycled entry leaves it and ends with its last user. */
  readonly #current = new Map<string, Entry>();
  readonly #all = new Set<Entry>();
  #ended = false;

  constructor(ports: SessionPoolPorts) {
    this.#ports = ports;
  }

  async lease(target: SshPlace): Promise<Result<LeasedSession, ProductError>> {
    if (this.#ended) return fail(productError('server.unreachable', `${target.name}: the console closes.`));
    const entry = this.#entryFor(target);
    entry.users++;
    entry.cancelIdle();
    const session = await entry.session;
    if (!session.ok) {
      this.#forget(entry);
      return session;
    }
    let released = false;
    const release = () => {
      if (released) return;
      released = true;
      this.#giveBack(entry, session.value);
    };
    return succeed({ session: session.value, release });
  }

  async way({ jump, address, port }: SshPlace): Promise<Result<Duplex | undefined, ProductError>> {
    if (!jump) return succeed(undefined);
    const over = await this.lease(jump);
    if (!over.ok) return over;
    const way = await over.value.session.forward(address, port);
    if (way.ok) way.value.once('close', over.value.release);
    else over.value.release();
    return way;
  }

  end(): void {
    this.#ended = true;
    for (const entry of this.#all) this.#close(entry);
  }

  #entryFor(target: SshPlace): Entry {
    const key = keyOf(target);
    const present = this.#current.get(key);
    if (present && this.#ports.time.bootMs() - present.openedAtMs < recycleMs) return present;
    const entry: Entry = {
      key,
      session: this.#open(target),
      openedAtMs: this.#ports.time.bootMs(),
      users: 0,
      cancelIdle: () => undefined,
    };
    if (present) this.#retire(present);
    this.#current.set(key, entry);
    this.#all.add(entry);
    void entry.session.then((opened) => {
      if (opened.ok) opened.value.onEnd(() => this.#forget(entry));
    });
    return entry;
  }

  async #open(target: SshPlace): Promise<Result<SshSession, ProductError>> {
    const way = await this.way(target);
    if (!way.ok) return way;
    const opened = await this.#ports.open(target, way.value);
    if (!opened.ok || !this.#ended) return opened;
    opened.value.end();
    return fail(productError('server.unreachable', `${target.name}: the console closes.`));
  }

  #giveBack(entry: Entry, session: SshSession): void {
    entry.users--;
    if (entry.users > 0) return;
    if (this.#current.get(entry.key) !== entry || !session.isOpen()) return this.#close(entry);
    entry.cancelIdle = this.#ports.time.after(idleMs, () => this.#close(entry));
  }

  #retire(entry: Entry): void {
    this.#current.delete(entry.key);
    if (entry.users === 0) this.#close(entry);
  }

  #close(entry: Entry): void {
    this.#forget(entry);
    void entry.session.then((opened) => {
      if (opened.ok) opened.value.end();
    });
  }

  #forget(entry: Entry): void {
    entry.cancelIdle();
    this.#all.delete(entry);
    if (this.#current.get(entry.key) === entry) this.#current.delete(entry.key);
  }
}

/**
 * Two targets share a connection only when everything about them is equal, also their name: it stands in
 * every sentence about the connection. No secret is kept in it.
 */
function keyOf(target: SshPlace): string {
  return createHash('sha256')
    .update(JSON.stringify(partsOf(target)))
    .digest('base64');
}

function partsOf(target: SshPlace): unknown {
  const { name, address, port, user, pinned, revoked, privateKey, password, sshAgent, legacyAlgorithms } =
    target;
  const way = target.jump ? partsOf(target.jump) : null;
  return [name, address, port, user, pinned, revoked, privateKey, password, sshAgent, legacyAlgorithms, way];
}
