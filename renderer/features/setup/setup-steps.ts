import type { ComponentType, ReactNode } from 'react';
import { navigate } from '../../app/route.ts';
import type { SetupStepName } from '../../../shared/setup/draft.ts';
import { setupStepTitles, stepAfter } from '../../../shared/setup/steps.ts';
import { BalancerStep } from './balancer-step.tsx';
import { BaselineStep } from './baseline-step.tsx';
import { ClustersStep } from './clusters-step.tsx';
import { DesignStep } from './design-step.tsx';
import { InstallStep } from './install-step.tsx';
import { LeaseStoreStep } from './lease-store-step.tsx';
import { PreflightStep } from './preflight-step.tsx';
import { checkCounts, preflightTitle } from './preflight-words.ts';
import { isPlanned, isPreflightOld } from './plan-state.ts';
import { ReviewStep } from './review-step.tsx';
import { ServersStep } from './servers-step.tsx';
import { StorageStep } from './storage-step.tsx';
import { TimingStep } from './timing-step.tsx';
import { timingTitle } from './timing-words.ts';
import type { OpenSetup } from './use-setup.ts';

export interface SetupStepPage {
  readonly title: (setup: OpenSetup) => string;
  readonly lead: string;
  readonly Body: ComponentType;
  /** What the servers still have to say before one may go on; null: nothing. */
  readonly waitsFor: (setup: OpenSetup) => string | null;
  /** Under the step when it is done and nothing was chosen there. */
  readonly note: (setup: OpenSetup) => string;
  readonly forward: (setup: OpenSetup) => {
    readonly words: string;
    readonly note: ReactNode;
    readonly onForward?: () => void;
  } | null;
}

const nothing = () => null;
const noNote = () => '';

/** The button under a step is named after what comes next. */
function onTo(step: SetupStepName, note = ''): SetupStepPage['forward'] {
  const after = stepAfter(step);
  return () => (after ? { words: setupStepTitles[after], note } : null);
}

/** Every step of the setup: its sentence, its page, and what it waits for. */
export const setupSteps: Record<SetupStepName, SetupStepPage> = {
  servers: {
    title: () => 'Which servers belong to the site?',
    lead: 'Two or more that run IguanaX, and a third machine for the lease store. Nothing is sent to a server before you have compared its key.',
    Body: ServersStep,
    waitsFor: ({ draft, view }) => {
      const open = [...draft.jumpHosts, ...draft.servers].find(
        (server) => view.reach.find((reach) => reach.server === server.id)?.state !== 'reached',
      );
      return open ? `${open.name || 'A server'} was not reached in this session.` : null;
    },
    note: noNote,
    forward: onTo('servers'),
  },
  preflight: {
    title: ({ view, draft }) => preflightTitle(view.preflight, draft.confirmed),
    lead: 'Nothing has been changed on any server. Every fix shows what it does before it does it.',
    Body: PreflightStep,
    waitsFor: ({ view, draft }) => {
      const { work, checks } = view.preflight;
      if (work.state === 'running') return 'the servers are still being looked at.';
      if (work.state !== 'done') return 'the servers were not looked at in this session.';
      const { failed, toConfirm } = checkCounts(checks, draft.confirmed);
      if (failed > 0) return `${failed} failed ${failed === 1 ? 'check' : 'checks'}.`;
      return toConfirm > 0 ? `${toConfirm} to be confirmed by you.` : null;
    },
    note: ({ view }) => `${view.preflight.checks.length} checks`,
    forward: onTo('preflight'),
  },
  design: {
    title: () => 'Which of the two designs?',
    lead: 'Both never run two Active members of a cluster. They differ in how the servers share the work.',
    Body: DesignStep,
    waitsFor: nothing,
    note: noNote,
    forward: onTo('design'),
  },
  clusters: {
    title: ({ draft }) => (draft.design === 'multi-cluster' ? 'Which clusters?' : 'Which cluster?'),
    lead: 'A cluster is a pair of engines with its own queues. Its preferred server is Active when both are fit.',
    Body: ClustersStep,
    waitsFor: nothing,
    note: noNote,
    forward: onTo('clusters'),
  },
  balancer: {
    title: () => 'What stands before the servers?',
    lead: 'Senders know one address. The load balancer asks every member whether it is Active and sends to that one.',
    Body: BalancerStep,
    waitsFor: nothing,
    note: noNote,
    forward: onTo('balancer'),
  },
  storage: {
    title: () => 'Where are the queues?',
    lead: 'What was accepted must still be there after a takeover: each cluster has a directory that both its servers see, or one that is copied between them.',
    Body: StorageStep,
    waitsFor: nothing,
    note: noNote,
    forward: onTo('storage'),
  },
  'lease-store': {
    title: () => 'Who keeps the leases?',
    lead: 'It decides who may be Active when the servers do not hear each other. So it must not be one of them.',
    Body: LeaseStoreStep,
    waitsFor: ({ draft, view }) => {
      const { leaseStore } = draft;
      if (leaseStore.kind === 'witness' || leaseStore.user === '') return null;
      return view.sharedSecrets.includes('etcd-password')
        ? null
        : `the password of ${leaseStore.user} at the etcd is needed.`;
    },
    note: noNote,
    forward: onTo('lease-store'),
  },
  timing: {
    title: ({ draft }) => `How fast should ${list(draft.clusters.map(({ id }) => id))} fail over?`,
    lead: 'Faster means less patience with slow networks and servers. Computed from what was measured on these servers, not from a table.',
    Body: TimingStep,
    waitsFor: nothing,
    note: noNote,
    forward: ({ draft }) => ({
      words: draft.timing === null ? 'Review' : `Use ${timingTitle(draft.timing)}`,
      note: 'Can be changed later without a stop.',
    }),
  },
  review: {
    title: () => 'What will be changed?',
    lead: 'Exactly this, on these servers. A running engine is never touched by an installation.',
    Body: ReviewStep,
    waitsFor: (setup) => {
      const { view } = setup;
      if (isPreflightOld(view)) return 'the servers were looked at before the setup was changed.';
      const earlier = (['servers', 'preflight'] as const).find((step) => setupSteps[step].waitsFor(setup));
      if (earlier) return `step ${setupStepTitles[earlier]}: ${setupSteps[earlier].waitsFor(setup)}`;
      const { state } = view.plan.work;
      if (state === 'running') return 'the servers are still being looked at.';
      if (!view.sharedSecrets.includes('engine-password'))
        return 'the password of the engines’ API is needed.';
      if (isPlanned(view)) return null;
      return state === 'done'
        ? 'the setup was changed since its plan was made.'
        : 'the servers were not looked at yet.';
    },
    note: ({ view }) => `${view.plan.changes.reduce((sum, { changes }) => sum + changes.length, 0)} changes`,
    forward: ({ act, view }) => ({
      words: 'Install on all servers',
      note: 'The next click changes the servers.',
      onForward: () => {
        void act({ act: 'install', revision: view.draft.revision });
        navigate({ page: 'setup', step: 'install' });
      },
    }),
  },
  install: {
    title: ({ view }) => installTitles[view.install.work.state],
    lead: 'Each step looks first and changes only what differs. What is interrupted is continued by the next run.',
    Body: InstallStep,
    waitsFor: ({ view }) => installWaits[view.install.work.state],
    note: ({ view }) => `${view.install.steps.length} steps`,
    forward: onTo('install'),
  },
  baseline: {
    title: ({ draft }) => `${draft.site.name} is ${draft.observe ? 'observed' : 'protected'}`,
    lead: 'Agents look all the time from now on, and once they are armed they decide and act by themselves, also while this console is closed.',
    Body: BaselineStep,
    waitsFor: ({ view }) => (view.install.work.state === 'done' ? null : 'the installation comes first.'),
    note: noNote,
    forward: ({ act }) => ({
      words: 'Show the site',
      note: '',
      onForward: () => {
        void act({ act: 'show-site' }).then((shown) => {
          if (shown) navigate({ page: 'overview' });
        });
      },
    }),
  },
};

const installWaits = {
  never: 'nothing was installed yet.',
  running: 'the installation is under way.',
  done: null,
  failed: 'the installation stopped before its end. Run it again.',
  stopped: 'the installation stopped before its end. Run it again.',
} as const;

const installTitles = {
  never: 'Not installed yet',
  running: 'The servers are being installed',
  done: 'Installed on all servers',
  failed: 'The installation stopped',
  stopped: 'The installation stopped',
} as const;

function list(names: readonly string[]): string {
  if (names.length <= 1) return names[0] ?? 'the cluster';
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;
}
