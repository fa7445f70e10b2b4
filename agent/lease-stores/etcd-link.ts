import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LeaseRequest } from '../../shared/agent-api/lease-frames.ts';
import type { CancelTimer, Clock, Timers } from '../../shared/clock.ts';
import type { EtcdStore as EtcdStoreConfig, MemberConfig } from '../../shared/site/member-config.ts';
import { endpointName } from '../../shared/site/etcd-look.ts';
import { EtcdClient, EtcdTrouble, type EtcdPost } from './etcd-client.ts';
import { openEtcdHttp } from './etcd-post.ts';
import { EtcdStore } from './etcd-store.ts';
import type { AnswerListener, LeaseStoreLink } from './lease-store-link.ts';

export interface EtcdLinkPorts {
  readonly post: EtcdPost;
  readonly closePost: () => void;
  readonly password: string | null;
  readonly timers: Timers;
  readonly clock: Clock;
}

/** Lease traffic to an etcd. Throws when its certificates or password cannot be read. */
export function openEtcdLink(
  config: MemberConfig,
  store: EtcdStoreConfig,
  { timers, clock }: Pick<EtcdLinkPorts, 'timers' | 'clock'>,
  onAnswer: AnswerListener,
  onOpen: () => void,
): LeaseStoreLink {
  const read = (name: string) => readFileSync(join(store.certificates, name), 'utf8');
  const tls = { ca: read('authority.pem'), cert: read('certificate.pem'), key: read('key.pem') };
  const { post, close } = openEtcdHttp(store.endpoints, tls);
  const password =
    store.passwordFile === undefined ? null : readFileSync(store.passwordFile, 'utf8').trimEnd();
  return new EtcdLink(config, store, { post, closePost: close, password, timers, clock }, onAnswer, onOpen);
}

/**
 * The way to an etcd. While it fails nothing is sent over it, as with a connection that is lost; a look every now and
 * then finds out when it works again.
 */
export class EtcdLink implements LeaseStoreLink {
  private readonly client: EtcdClient;
  private readonly store: EtcdStore;
  private readonly retryMs: number;
  private readonly ports: EtcdLinkPorts;
  private readonly onAnswer: AnswerListener;
  private readonly onOpen: () => void;
  private why: string | null = 'not connected yet';
  private asked = 0;
  /** The newest request that was answered: an older one that fails after it says nothing about the present. */
  private answered = 0;
  private closed = false;
  private retry: CancelTimer | null = null;

  constructor(
    { cluster, server, timing: { T, H, O } }: MemberConfig,
    { endpoints, prefix, user, failoversPerHour }: EtcdStoreConfig,
    ports: EtcdLinkPorts,
    onAnswer: AnswerListener,
    onOpen: () => void,
  ) {
    const { post, password, timers, clock } = ports;
    this.ports = ports;
    this.onAnswer = onAnswer;
    this.onOpen = onOpen;
    this.retryMs = Math.min(H, 0.5) * 1000;
    this.client = new EtcdClient({
      post,
      timers,
      endpoints: endpoints.map(endpointName),
      user: user === undefined ? null : { name: user, password: password ?? '' },
      nextAfterMs: (O / 4) * 1000,
      limitMs: 2 * O * 1000,
    });
    const nonce = randomBytes(6).toString('hex');
    this.store = new EtcdStore({
      ...{ client: this.client, clock, prefix, cluster, member: server, nonce, T, failoversPerHour },
    });
    this.prove();
  }

  send(request: LeaseRequest): boolean {
    if (this.why !== null || this.closed) return false;
    const turn = this.next();
    this.store.ask(request).then(
      (answer) => {
        this.answered = Math.max(this.answered, turn);
        if (!this.closed) this.onAnswer(answer);
      },
      (error: unknown) => this.failed(turn, error),
    );
    return true;
  }

  trouble(): string | null {
    return this.why ?? this.store.unusable();
  }

  close(): void {
    this.closed = true;
    this.retry?.();
    this.client.close();
    this.ports.closePost();
  }

  private prove(): void {
    this.retry = null;
    const turn = this.next();
    this.store.prove().then(
      () => {
        if (this.closed) return;
        this.answered = Math.max(this.answered, turn);
        this.why = null;
        this.onOpen();
      },
      (error: unknown) => this.failed(turn, error),
    );
  }

  private failed(turn: number, error: unknown): void {
    if (!(error instanceof EtcdTrouble)) throw error;
    if (this.closed || turn < this.answered) return;
    this.why = error.message;
    this.retry ??= this.ports.timers.after(this.retryMs, () => this.prove());
  }

  private next(): number {
    this.asked += 1;
    return this.asked;
  }
}
