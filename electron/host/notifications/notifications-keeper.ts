import { productError, type ProductError } from '../../../shared/errors.ts';
import type {
  GivenSecrets,
  MemberTest,
  NotificationsAction,
  NotificationsView,
} from '../../../shared/notifications/notifications-view.ts';
import type { TargetSecrets } from '../../../shared/notifications/policy.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { agentEndpoints, endpointKey, type AgentEndpoint } from '../agent-links/agent-endpoint.ts';
import type { ConsoleSite } from '../console-site.ts';
import type { HostTime } from '../host-time.ts';
import { giveSecretsOf, testTarget } from './ask-members.ts';

export interface NotificationsPorts {
  readonly time: Pick<HostTime, 'bootMs'>;
  readonly onNews: () => void;
  /** The site that is shown; null while none is open. */
  readonly site: () => Pick<ConsoleSite, 'profileDirectory' | 'document' | 'ask'> | null;
}

type KeptTest = Omit<MemberTest, 'sinceMs'> & { readonly atMs: number };

/** Whom the site that is shown tells, and what became of tests and secrets that were given from here. */
export class NotificationsKeeper {
  readonly #ports: NotificationsPorts;
  #directory: string | null = null;
  #tests = new Map<string, KeptTest>();
  #given: (Omit<GivenSecrets, 'sinceMs'> & { readonly atMs: number }) | null = null;
  /** Nobody has to be told before a page has asked. */
  isOpen = false;

  constructor(ports: NotificationsPorts) {
    this.#ports = ports;
  }

  open(): NotificationsView {
    this.isOpen = true;
    return this.view();
  }

  /** Errors: site.missing (none is open), notify.no-target, and of secrets those of the members that did not take them. */
  async act(action: NotificationsAction): Promise<Result<NotificationsView, ProductError>> {
    this.isOpen = true;
    const site = this.#ports.site();
    if (site === null) return fail(productError('site.missing', 'The site is still being opened.'));
    this.#forgetOthers(site.profileDirectory);
    const members = agentEndpoints(site.document).filter(({ part }) => part === 'member');
    if (action.act === 'secrets') {
      await this.#give(site, members, action.target, action.secrets);
    } else {
      const { from, target } = action;
      const asked = members.filter(
        ({ cluster, server }) => from === null || (from.cluster === cluster && from.server === server),
      );
      for (const member of asked) void this.#test(site, member, target);
    }
    this.#ports.onNews();
    return succeed(this.view());
  }

  view(): NotificationsView {
    const site = this.#ports.site();
    if (site !== null) this.#forgetOthers(site.profileDirectory);
    const nowMs = this.#ports.time.bootMs();
    return {
      policy: site?.document.notifications ?? null,
      tests: [...this.#tests.values()].map(({ atMs, ...test }) => ({ ...test, sinceMs: nowMs - atMs })),
      given: this.#given && agedGiven(this.#given, nowMs),
    };
  }

  #forgetOthers(directory: string): void {
    if (this.#directory === directory) return;
    this.#directory = directory;
    this.#tests = new Map();
    this.#given = null;
  }

  async #test(site: Pick<ConsoleSite, 'ask' | 'profileDirectory'>, member: AgentEndpoint, target: string) {
    const key = `${endpointKey(member)} ${target}`;
    if (this.#tests.get(key)?.outcome === null) return;
    const of = { cluster: member.cluster ?? '', server: member.server, target };
    const note = (outcome: MemberTest['outcome']) => {
      // Another site is shown by now.
      if (this.#directory !== site.profileDirectory) return;
      this.#tests.set(key, { ...of, outcome, atMs: this.#ports.time.bootMs() });
      this.#ports.onNews();
    };
    note(null);
    const answer = await testTarget(site.ask, member, target);
    note(answer.ok ? { kind: 'told', result: answer.value } : { kind: 'not-told', error: answer.error });
  }

  async #give(
    site: Pick<ConsoleSite, 'ask' | 'profileDirectory'>,
    members: readonly AgentEndpoint[],
    target: string,
    secrets: TargetSecrets,
  ): Promise<void> {
    const answers = await giveSecretsOf(site.ask, members, target, secrets);
    if (this.#directory !== site.profileDirectory) return;
    this.#given = {
      target,
      atMs: this.#ports.time.bootMs(),
      members: answers.map(({ member, answer }) => ({ member, error: answer.ok ? null : answer.error })),
    };
  }
}

function agedGiven(
  { atMs, ...given }: Omit<GivenSecrets, 'sinceMs'> & { readonly atMs: number },
  nowMs: number,
): GivenSecrets {
  return { ...given, sinceMs: nowMs - atMs };
}
