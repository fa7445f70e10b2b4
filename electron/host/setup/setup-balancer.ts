import type { BalancerVerification } from '../../../shared/balancer/balancer-check.ts';
import { fail, succeed } from '../../../shared/result.ts';
import type { SetupDraft } from '../../../shared/setup/draft.ts';
import type { SetupView } from '../../../shared/setup/setup-view.ts';
import { keptVerification } from '../balancer/kept-verification.ts';
import { verifyThroughSsh } from '../balancer/verify-through-ssh.ts';
import type { HostTime } from '../host-time.ts';
import type { ConnectServer } from '../install/server-work.ts';
import type { SignInHelp } from '../install/ssh-targets.ts';
import { siteTarget } from './draft-target.ts';
import { siteOfDraft } from './site-of-draft.ts';
import type { SetupSecrets } from './setup-secrets.ts';
import { WorkState, type WorkPorts } from './setup-work.ts';

interface SetupBalancerPorts extends WorkPorts {
  readonly time: HostTime;
  readonly connect: ConnectServer;
  readonly help: SignInHelp;
  readonly secrets: SetupSecrets;
}

/** Whether senders reach the Active through the balancer, as it was last seen. */
export class SetupBalancer {
  readonly #ports: SetupBalancerPorts;
  readonly #work: WorkState;
  #verified: BalancerVerification | null = null;

  constructor(ports: SetupBalancerPorts) {
    this.#ports = ports;
    this.#work = new WorkState(ports);
  }

  /** Takes over what an earlier console has seen of this site. */
  async recall(profileDirectory: string): Promise<void> {
    this.#verified = await keptVerification(profileDirectory);
  }

  verify(draft: SetupDraft, profileDirectory: string): void {
    const { connect } = this.#ports;
    this.#work.begin('Coming in through the load balancer', async () => {
      const drafted = await siteOfDraft(draft, profileDirectory);
      if (!drafted.ok) return fail([drafted.error]);
      const target = siteTarget(draft, this.#ports);
      this.#verified = await verifyThroughSsh(drafted.value.site, { profileDirectory, connect, target });
      return succeed(undefined);
    });
  }

  view(): SetupView['balancer'] {
    const verified = this.#verified && {
      // By the wall clock, since it may be of an earlier life of the console; never negative.
      ageMs: Math.max(0, Date.parse(this.#ports.time.wallTime()) - Date.parse(this.#verified.wallTime)),
      checks: this.#verified.checks,
    };
    return { work: this.#work.view(), verified };
  }

  forget(): void {
    this.#verified = null;
    this.#work.forget();
  }
}
