import type { CancelTimer, Timers } from '../../shared/clock.ts';
import {
  parseToken,
  parseTxnAnswer,
  readRefusal,
  txnBody,
  type EtcdAnswer,
  type EtcdTxn,
} from './etcd-messages.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

/** Sends one request to one endpoint. Rejects with a sentence when no whole answer came. */
export type EtcdPost = (
  endpoint: number,
  path: string,
  body: string,
  token: string | null,
  signal: AbortSignal,
) => Promise<HttpAnswer>;

export interface EtcdClientPorts {
  readonly post: EtcdPost;
  readonly timers: Timers;
  /** Names of the endpoints, as people are told them. */
  readonly endpoints: readonly string[];
  /** Null: etcd has no users, or knows this client by nothing else. */
  readonly user: { readonly name: string; readonly password: string } | null;
  /** An endpoint that is silent for so long is not waited for alone. */
  readonly nextAfterMs: number;
  /** A request that nobody has answered by then is given up: whether it was carried out is not known. */
  readonly limitMs: number;
}

/** Why etcd cannot be used now, as a sentence's end. */
export class EtcdTrouble extends Error {}

/** An answer that does not continue what was known of this etcd: `odd` says why. */
export type EtcdReply = EtcdAnswer & { readonly odd: string | null };

/**
 * Transactions on an etcd of one or several endpoints. Each goes to the endpoint that answered last; one that is
 * silent or refuses is passed over to the next, and the first fitting answer counts. That is safe because every
 * request is linearizable, whichever endpoint takes it, and because callers write nothing that twice is more than
 * once. An answer of another etcd cluster, or of a state older than one seen before, is passed over like silence.
 */
export class EtcdClient {
  private readonly ports: EtcdClientPorts;
  private known: { readonly clusterId: string; readonly revision: number } | null = null;
  private current = 0;
  private token: string | null = null;
  private logIn: Promise<void> | null = null;
  private readonly ending = new AbortController();

  constructor(ports: EtcdClientPorts) {
    this.ports = ports;
  }

  /** From now on only this etcd's answers fit, and only what is not older than this. */
  belongsTo({ clusterId, revision }: Pick<EtcdAnswer, 'clusterId' | 'revision'>): void {
    this.known = { clusterId, revision };
  }

  close(): void {
    this.ending.abort();
  }

  /** Rejects with `EtcdTrouble`. */
  txn(txn: EtcdTxn): Promise<EtcdReply> {
    const body = txnBody(txn);
    const { endpoints, timers, limitMs, nextAfterMs } = this.ports;
    const order = endpoints.map((_, at) => (this.current + at) % endpoints.length);
    const stop = new AbortController();
    const leastRevision = this.known?.revision ?? 0;
    return new Promise((resolve, reject) => {
      let running = 0;
      let odd: EtcdReply | null = null;
      const whys: string[] = [];
      let endNext: CancelTimer = () => undefined;
      const settle = (end: () => void) => {
        endNext();
        endLimit();
        this.ending.signal.removeEventListener('abort', onEnd);
        end();
        stop.abort();
      };
      const onEnd = () => settle(() => reject(new EtcdTrouble('it was closed')));
      const endLimit = timers.after(limitMs, () =>
        settle(() => reject(new EtcdTrouble(noAnswer(whys, limitMs)))),
      );
      this.ending.signal.addEventListener('abort', onEnd);
      const failed = (why: string) => {
        if (stop.signal.aborted) return;
        whys.push(why);
        running -= 1;
        if (order.length > 0) return startNext();
        const last = odd;
        if (running > 0) return;
        settle(() => (last === null ? reject(new EtcdTrouble(distinct(whys))) : resolve(last)));
      };
      const startNext = () => {
        endNext();
        const endpoint = order.shift();
        if (endpoint === undefined) return;
        running += 1;
        if (order.length > 0) endNext = timers.after(nextAfterMs, startNext);
        this.ask(endpoint, body, stop.signal).then(
          (answer) => {
            if (stop.signal.aborted) return;
            const why = this.unfit(answer, leastRevision);
            if (why !== null) odd ??= { ...answer, odd: why };
            if (why !== null) return failed(`${endpoints[endpoint]}: ${why}`);
            this.note(answer, endpoint);
            settle(() => resolve({ ...answer, odd: null }));
          },
          (error: unknown) => failed(`${endpoints[endpoint]}: ${(error as Error).message}`),
        );
      };
      startNext();
    });
  }

  private note({ clusterId, revision }: EtcdAnswer, endpoint: number): void {
    this.current = endpoint;
    if (this.known?.clusterId === clusterId && revision > this.known.revision)
      this.known = { clusterId, revision };
  }

  private unfit({ clusterId, revision }: EtcdAnswer, leastRevision: number): string | null {
    if (this.known === null) return null;
    if (clusterId !== this.known.clusterId)
      return `another etcd answers (cluster id ${clusterId}, expected ${this.known.clusterId})`;
    return revision < leastRevision
      ? `its state has gone back from revision ${leastRevision} to ${revision}`
      : null;
  }

  private async ask(endpoint: number, body: string, signal: AbortSignal): Promise<EtcdAnswer> {
    const { post, user } = this.ports;
    // Without a token etcd may take the certificate for a user of its own, and says no more than "permission denied".
    if (user !== null && this.token === null) await this.renewToken(endpoint, user);
    for (let turn = 0; ; turn += 1) {
      const used = this.token;
      const { status, text } = await post(endpoint, '/v3/kv/txn', body, used, signal);
      if (status === 200) {
        const answer = parseTxnAnswer(text);
        if (answer.ok) return answer.value;
        throw new EtcdTrouble(answer.error);
      }
      const refusal = readRefusal(status, text);
      if (refusal.kind !== 'log-in' || user === null || turn > 0) throw new EtcdTrouble(refusal.why);
      if (this.token === used) await this.renewToken(endpoint, user);
    }
  }

  /** One at a time: a password is checked slowly on purpose. */
  private renewToken(endpoint: number, user: { name: string; password: string }): Promise<void> {
    this.logIn ??= this.fetchToken(endpoint, user).finally(() => (this.logIn = null));
    return this.logIn;
  }

  private async fetchToken(endpoint: number, { name, password }: { name: string; password: string }) {
    const limit = new AbortController();
    const endLimit = this.ports.timers.after(this.ports.limitMs, () => limit.abort());
    const signal = AbortSignal.any([limit.signal, this.ending.signal]);
    try {
      const body = JSON.stringify({ name, password });
      const { status, text } = await this.ports.post(endpoint, '/v3/auth/authenticate', body, null, signal);
      const token = status === 200 ? parseToken(text) : null;
      if (token !== null) this.token = token;
      const refusal = readRefusal(status, text);
      if (token === null && refusal.kind !== 'no-users') throw new EtcdTrouble(refusal.why);
    } finally {
      endLimit();
    }
  }
}

function noAnswer(whys: readonly string[], limitMs: number): string {
  const silence = `no answer for ${(limitMs / 1000).toFixed(1)} s`;
  return whys.length === 0 ? silence : `${silence}; ${distinct(whys)}`;
}

function distinct(whys: readonly string[]): string {
  return [...new Set(whys)].join('; ');
}
