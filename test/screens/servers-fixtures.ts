import { productError } from '../../shared/errors.ts';
import type { ServersView } from '../../shared/servers/servers-view.ts';
import type { InstallStep } from '../../shared/setup/setup-view.ts';

const rest: ServersView = {
  refusal: null,
  canPull: true,
  access: [
    { server: 'ig-north', user: 'admin', needs: ['password'], may: [], has: [] },
    { server: 'ig-south', user: 'root', needs: [], may: ['passphrase'], has: [] },
  ],
  shared: { needs: ['engine-password'], has: [] },
  kind: null,
  plan: false,
  work: { state: 'never', sinceMs: 0, awaits: '', errors: [] },
  steps: [],
  lines: [],
  openMove: null,
  lookedAt: null,
  lookedAtTargets: null,
};

const step = (server: string, title: string, state: InstallStep['state'], tookMs: number): InstallStep => ({
  server,
  title,
  state,
  changed: true,
  tookMs,
  error: null,
});

const signedIn: ServersView = {
  ...rest,
  access: rest.access.map((one) => ({ ...one, has: one.needs })),
  shared: { needs: ['engine-password'], has: ['engine-password'] },
};

/** How far works on the servers got, by name. */
export const serversFixtures = {
  rest,
  signedIn,
  demo: {
    ...rest,
    access: [],
    canPull: false,
    refusal: 'The servers of the demo site are processes on this machine: nothing is installed on them.',
  },
  viewer: { ...rest, access: [], refusal: 'Only an administrator may work on the servers.' },
  newer: {
    ...signedIn,
    kind: 'upgrade',
    work: {
      state: 'failed',
      sinceMs: 6_000,
      awaits: '',
      errors: [
        productError(
          'site.newer',
          'The servers of Demo site carry another configuration than this workstation builds upon: number 8, made 2026-03-13 08:00 UTC by owner-1 on desk-2.',
          ['here → there: name: "Clinic" → "Clinic North"'],
        ),
      ],
    },
  },
  upgrading: {
    ...signedIn,
    kind: 'upgrade',
    work: {
      state: 'running',
      sinceMs: 41_000,
      awaits: 'ig-north: ixha-agent@WK1.service restarted and proven',
      errors: [],
    },
    steps: [
      step('ig-witness', 'ixha-witness.service restarted and proven', 'ok', 4_100),
      step('ig-witness', 'older versions removed', 'ok', 300),
      step('ig-north', 'version 0.9.0-3f2a91c0de is kept', 'ok', 700),
      step('ig-north', 'ixha-agent@WK2.service restarted and proven', 'ok', 6_200),
      step('ig-north', 'ixha-agent@WK1.service restarted and proven', 'started', 0),
    ],
  },
  compared: {
    ...signedIn,
    kind: 'compare',
    work: { state: 'done', sinceMs: 12_000, awaits: '', errors: [] },
    lines: [
      'ig-witness: whole',
      'ig-north: /etc/ixha/WK2/member.json has other content',
      'ig-north: ixha-guard-1@WK1.service does not run',
      'ig-south: /usr/bin/ixha has the mode 0777 instead of 0755',
    ],
  },
  pulled: {
    ...signedIn,
    kind: 'pull',
    plan: true,
    work: { state: 'done', sinceMs: 5_000, awaits: '', errors: [] },
    lines: [
      'The servers carry configuration number 7, made 2026-05-01 08:00 UTC by owner-2 on desk-2.',
      'name: "Clinic" → "Clinic North"',
      'clusters.WK1.timing: "normal" → "lan"',
      'clusters.WK2.listeners.ORU.port: 6671 → 6672',
    ],
  },
  configurationDiffers: {
    ...signedIn,
    kind: 'configuration',
    plan: true,
    work: { state: 'done', sinceMs: 8_000, awaits: '', errors: [] },
    lines: [
      'WK1: on ig-south, beside ig-north: 1 file differs, 1 file is missing, 212 are the same',
      'WK1: config/comps/ADT in/component.json differs',
      'WK1: config/settings/mail.json is only on ig-north',
      'WK2: equal: it is in the one directory that both members see',
    ],
  },
  armPlan: {
    ...signedIn,
    kind: 'arm',
    plan: true,
    work: { state: 'done', sinceMs: 7_000, awaits: '', errors: [] },
    lines: [
      'ig-north: drop-in of iguanax-wk1.service',
      'ig-north: the engine of WK1 runs on: its agent gets the lease, then its guards are started',
      'ig-south: WK1 is armed as Passive, with its guards',
      'lb: HAProxy gets its configuration',
    ],
  },
  arming: {
    ...signedIn,
    kind: 'arm',
    work: { state: 'running', sinceMs: 9_000, awaits: 'ig-north: guards of the running engine', errors: [] },
    steps: [
      step('ig-north', 'refusal and kill of iguanax-wk1.service', 'ok', 5_400),
      step('ig-north', 'agent of WK1 takes the running iguanax-wk1.service over', 'ok', 2_300),
      step('ig-north', 'guards of the running iguanax-wk1.service', 'started', 0),
    ],
  },
  targetsPlan: {
    ...signedIn,
    kind: 'notify',
    plan: true,
    lookedAtTargets: { policy: null },
    work: { state: 'done', sinceMs: 6_000, awaits: '', errors: [] },
    lines: [
      'notifications.targets.desk.url: "https://alarms.hospital.example/in/7f" → absent',
      'ig-north: file /etc/ixha/WK1/member.json',
      'ig-south: file /etc/ixha/WK1/member.json',
    ],
  },
  targetsNewer: {
    ...signedIn,
    kind: 'notify',
    plan: true,
    work: {
      state: 'failed',
      sinceMs: 6_000,
      awaits: '',
      errors: [
        productError(
          'site.newer',
          'The servers of Demo site carry another configuration than this workstation builds upon: 8 of owner-1 on desk-2, 2026-03-13.',
          ['here → there: notifications.quietSeconds: 20 → 60'],
        ),
      ],
    },
  },
  moveStopped: {
    ...signedIn,
    kind: 'move',
    openMove: {
      from: 'the witness on ig-witness',
      to: 'the etcd below /ixha/clinic',
      begunAt: '2026-03-02T01:12:40.000Z',
    },
    work: {
      state: 'failed',
      sinceMs: 20_000,
      awaits: '',
      errors: [
        productError(
          'move.interrupted',
          'The move of WK2 has stopped: ig-south: it has not answered since its restart.',
        ),
      ],
    },
    steps: [
      step('site', 'WK2: the lease store of now is retired', 'ok', 2_100),
      step('ig-south', 'agent of WK2 looks to the etcd below /ixha/clinic', 'failed', 60_000),
    ],
  },
  failed: {
    ...signedIn,
    kind: 'repair',
    work: {
      state: 'failed',
      sinceMs: 3_000,
      awaits: '',
      errors: [
        productError(
          'upgrade.unprotected',
          'WK1 is not touched now: it has no Passive that could take over.',
        ),
      ],
    },
    steps: [step('ig-north', 'file /etc/ixha/WK1/member.json', 'ok', 400)],
  },
} as const satisfies Record<string, ServersView>;
export type ServersFixtureName = keyof typeof serversFixtures;
