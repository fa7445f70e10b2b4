import type { ProductError } from '../../../shared/errors.ts';
import { succeed, type Result } from '../../../shared/result.ts';
import type { DraftJumpHost, DraftServer, SetupDraft } from '../../../shared/setup/draft.ts';
import type { ServerReach } from '../../../shared/setup/setup-view.ts';
import type { HostTime } from '../host-time.ts';
import type { ConnectServer } from '../install/server-work.ts';
import type { SignInHelp } from '../install/ssh-targets.ts';
import { outputOf, type SshPlace } from '../ssh/server-connection.ts';
import { draftTarget, jumpPlace } from './draft-target.ts';
import type { SetupSecrets } from './setup-secrets.ts';

/** Signs in somewhere and does nothing there. */
export type SignInOnly = (place: SshPlace) => Promise<Result<void, ProductError>>;

export interface ReachPorts {
  readonly time: Pick<HostTime, 'bootMs'>;
  readonly connect: ConnectServer;
  readonly signIn: SignInOnly;
  readonly secrets: SetupSecrets;
  readonly help: SignInHelp;
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
  readonly #reached = new Map<string, Reached>();

  constructor(ports: ReachPorts) {
    this.#ports = ports;
  }

  /** Connects, proves the privilege and asks what system it is. Changes nothing there. Never rejects. */
  reach(draft: SetupDraft, server: DraftServer): Promise<void> {
    return this.#try(server.id, wayOf(draft, server), async () => {
      const target = await draftTarget(draft, server, this.#ports);
      if (!target.ok) return target;
      const connected = await this.#ports.connect(target.value);
      if (!connected.ok) return connected;
      const script =
        '. /etc/os-release 2>/dev/null; printf "%s, %s" "${PRETTY_NAME:-unknown system}" "$(uname -m)"';
      const what = 'asking for its system';
      const said = await outputOf(connected.value, ['sh', '-c', script], { what });
      connected.value.close();
      return said.ok ? succeed(said.value.slice(0, 200)) : said;
    });
  }

  /** Signs in to a jump host and runs nothing there: it may let nobody do that. Never rejects. */
  reachJump(draft: SetupDraft, jump: DraftJumpHost): Promise<void> {
    return this.#try(jump.id, wayOf(draft, jump), async () => {
      const place = await jumpPlace(draft, jump, this.#ports);
      const signedIn = place.ok ? await this.#ports.signIn(place.value) : place;
      return signedIn.ok ? succeed(null) : signedIn;
    });
  }

  /** The key that a server presents and a person has not confirmed; null: there is none. */
  presented(server: string): string | null {
    return this.#reached.get(server)?.presented ?? null;
  }

  view(draft: SetupDraft): ServerReach[] {
    const now = this.#ports.time.bootMs();
    return [...draft.jumpHosts, ...draft.servers].map((server) => {
      const has = this.#ports.secrets.has(server.id);
      const kept = this.#reached.get(server.id);
      // What was found out for another address, user or key says nothing about this one.
      if (!kept || kept.way !== wayOf(draft, server)) {
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

  async #try(
    id: string,
    way: string,
    reach: () => Promise<Result<string | null, ProductError>>,
  ): Promise<void> {
    if (this.#reached.get(id)?.state === 'trying') return;
    this.#set(id, { state: 'trying', presented: null, error: null, system: null, way });
    const reached = await reach();
    if (!reached.ok) return this.#refused(id, reached.error, way);
    this.#set(id, { state: 'reached', presented: null, error: null, system: reached.value, way });
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

/** Everything that the outcome was found out for, its jump host included. */
function wayOf({ jumpHosts }: SetupDraft, { address, ssh }: DraftServer | DraftJumpHost): string {
  const jump = 'jump' in ssh ? jumpHosts.find(({ id }) => id === ssh.jump) : undefined;
  return JSON.stringify([address, { ...ssh }, jump ?? null]);
}

function presentedIn({ details }: ProductError): string | null {
  const said = details?.find((line) => line.startsWith('presented: '));
  return said === undefined ? null : said.slice('presented: '.length);
}
