import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { SetupDraft } from '../../../shared/setup/draft.ts';
import type { SetupView } from '../../../shared/setup/setup-view.ts';
import { siteFromDraft } from '../../../shared/setup/site-from-draft.ts';
import type { EtcdSecrets } from '../../../shared/site/etcd-look.ts';
import type { EtcdSight } from '../../../shared/site/etcd-sight.ts';
import { checkEtcd } from '../etcd/check-etcd.ts';
import type { LookAtEtcd } from '../etcd/look-from-here.ts';
import { etcdSecretsFrom } from '../install/etcd-secrets.ts';
import type { ConnectServer } from '../install/server-work.ts';
import type { SignInHelp } from '../install/ssh-targets.ts';
import { draftTarget } from './draft-target.ts';
import type { SetupSecrets } from './setup-secrets.ts';
import { WorkState, type WorkPorts } from './setup-work.ts';

export interface EtcdPorts {
  readonly look: LookAtEtcd;
}

interface SetupEtcdPorts extends WorkPorts {
  readonly etcd: EtcdPorts;
  readonly connect: ConnectServer;
  readonly help: SignInHelp;
  readonly secrets: SetupSecrets;
}

/** Whether the etcd of a setup is fit to keep its leases, as far as it can be seen before the installation. */
export class SetupEtcd {
  readonly #ports: SetupEtcdPorts;
  readonly #work: WorkState;
  #seen: EtcdSight | null = null;
  /** What was seen is true of this description of the etcd only. */
  #of = '';
  #seenAtMs = 0;

  constructor(ports: SetupEtcdPorts) {
    this.#ports = ports;
    this.#work = new WorkState(ports);
  }

  check(draft: SetupDraft): void {
    this.#work.begin('Trying the etcd from here and from every member', async () => {
      this.#seen = null;
      const seen = await this.#look(draft);
      if (!seen.ok) return seen;
      this.#seen = seen.value;
      this.#of = JSON.stringify(draft.leaseStore);
      this.#seenAtMs = this.#ports.time.bootMs();
      return succeed(undefined);
    });
  }

  view(draft: SetupDraft): SetupView['etcd'] {
    const fits = this.#seen !== null && this.#of === JSON.stringify(draft.leaseStore);
    const ageMs = this.#ports.time.bootMs() - this.#seenAtMs;
    return { work: this.#work.view(), checked: fits ? { ...this.#seen!, ageMs } : null };
  }

  forget(): void {
    this.#seen = null;
    this.#work.forget();
  }

  async #look(draft: SetupDraft): Promise<Result<EtcdSight, ProductError[]>> {
    const { connect, secrets, etcd } = this.#ports;
    const site = siteFromDraft({ ...draft, timing: draft.timing ?? 'normal' });
    if (site?.leaseStore.kind !== 'etcd') {
      return fail([productError('request.invalid', 'The etcd is not described completely yet.')]);
    }
    const signIn = await draftEtcdSecrets(draft, secrets);
    if (!signIn.ok) return fail([signIn.error]);
    return checkEtcd({
      store: site.leaseStore,
      secrets: signIn.value,
      clusters: site.clusters.map(({ id }) => id),
      look: etcd.look,
      members: draft.servers
        .filter(({ purpose }) => purpose === 'member')
        .map((server) => async () => {
          const target = await draftTarget(draft, server, this.#ports);
          return target.ok ? connect(target.value) : target;
        }),
    });
  }
}

/** What members sign in to the etcd of a draft with. Errors: site.missing, site.unsafe, etcd.not-looked-at. */
export async function draftEtcdSecrets(
  { leaseStore }: SetupDraft,
  secrets: Pick<SetupSecrets, 'get'>,
): Promise<Result<EtcdSecrets, ProductError>> {
  if (leaseStore.kind !== 'etcd') {
    return fail(productError('site.unsafe', 'A witness keeps the leases of this site.'));
  }
  const hasUser = leaseStore.user !== '';
  const password = hasUser ? secrets.get('', 'etcd-password') : undefined;
  if (hasUser && password === undefined) {
    const said = `The password of ${leaseStore.user} at the etcd is needed.`;
    return fail(
      productError('etcd.not-looked-at', said, [], 'Give it at the step Lease store: it is not kept.'),
    );
  }
  return etcdSecretsFrom(leaseStore, { password, hasUser, now: new Date() });
}
