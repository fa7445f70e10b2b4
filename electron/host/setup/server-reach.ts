import type { ProductError } from '../../../shared/errors.ts';
import type { DraftServer } from '../../../shared/setup/draft.ts';
import type { ServerReach } from '../../../shared/setup/setup-view.ts';
import type { HostTime } from '../host-time.ts';
import type { ConnectServer } from '../install/server-work.ts';
import { outputOf } from '../ssh/server-connection.ts';
import { draftTarget } from './draft-target.ts';
import type { SetupSecrets } from './setup-secrets.ts';

export interface ReachPorts {
  readonly time: Pick<HostTime, 'bootMs'>;
  readonly connect: ConnectServer;
  readonly sshAgentSocket: string | undefined;
  readonly onNews: () => void;
}

interface Reached {
  readonly state: ServerReach['state'];
  readonly sinceMs: number;
  readonly presented: string | null;
  readonly error: ProductError | null;
  readonly system: string | null;
  /** The place and login that this was found out for. */
  readonly way: string;
}

/** Tries the servers of a draft, and remembers how far it got with each. */
export class ServerReaches {
  readonly #ports: ReachPorts;
  readonly #secrets: SetupSecrets;
  readonly #reached = new Map<string, Reached>();

  constructor(ports: ReachPorts, secrets: SetupSecrets) {
    this.#ports = ports;
    this.#secrets = secrets;
  }

  /** Connects, proves the privilege and asks what system it is. Changes nothing there. Never rejects. */
  async reach(server: DraftServer): Promise<void> {
    const way = wayOf(server);
    if (this.#reached.get(server.id)?.state === 'trying') return;
    this.#set(server.id, { state: 'trying', presented: null, error: null, system: null, way });
    const target = await draftTarget(server, this.#secrets, this.#ports.sshAgentSocket);
    if (!target.ok) return this.#refused(server.id, target.error, way);
    const connected = await this.#ports.connect(target.value);
    if (!connected.ok) return this.#refused(server.id, connected.error, way);
    const connection = connected.value;
    const script =
      '. /etc/os-release 2>/dev/null; printf "%s, %s" "${PRETTY_NAME:-unknown system}" "$(uname -m)"';
    const said = await outputOf(connection, ['sh', '-c', script], { what: 'asking for its system' });
    connection.close();
    if (!said.ok) return this.#refused(server.id, said.error, way);
    const system = said.value.slice(0, 200);
    this.#set(server.id, { state: 'reached', presented: null, error: null, system, way });
  }

  /** The key that a server presents and a person has not confirmed; null: there is none. */
  presented(server: string): string | null {
    return this.#reached.get(server)?.presented ?? null;
  }

  view(servers: readonly DraftServer[]): ServerReach[] {
    const now = this.#ports.time.bootMs();
    return servers.map((server) => {
      const has = this.#secrets.has(server.id);
      const kept = this.#reached.get(server.id);
      // What was found out for another address, user or key says nothing about this one.
      if (!kept || kept.way !== wayOf(server)) {
        return {
          server: server.id,
          state: 'not-tried',
          sinceMs: 0,
          presented: null,
          error: null,
          system: null,
          has,
        };
      }
      const { state, presented, error, system } = kept;
      return { server: server.id, state, sinceMs: now - kept.sinceMs, presented, error, system, has };
    });
  }

  forgetAll(): void {
    this.#reached.clear();
  }

  #refused(id: string, error: ProductError, way: string): void {
    const presented = error.code === 'ssh.host-key-unknown' ? presentedIn(error) : null;
    const state = presented === null ? 'refused' : 'key-to-confirm';
    this.#set(id, { state, presented, error, system: null, way });
  }

  #set(id: string, reached: Omit<Reached, 'sinceMs'>): void {
    this.#reached.set(id, { ...reached, sinceMs: this.#ports.time.bootMs() });
    this.#ports.onNews();
  }
}

function wayOf({ address, ssh }: DraftServer): string {
  return JSON.stringify([address, ssh.user, ssh.port, ssh.login, ssh.sudo, ssh.hostKey]);
}

function presentedIn({ details }: ProductError): string | null {
  const said = details?.find((line) => line.startsWith('presented: '));
  return said === undefined ? null : said.slice('presented: '.length);
}
