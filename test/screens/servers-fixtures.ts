import { productError } from '../../shared/errors.ts';
import type { ServersView } from '../../shared/servers/servers-view.ts';
import type { InstallStep } from '../../shared/setup/setup-view.ts';

const rest: ServersView = {
  refusal: null,
  access: [
    { server: 'ig-north', user: 'admin', needs: ['password'], may: [], has: [] },
    { server: 'ig-south', user: 'root', needs: [], may: ['passphrase'], has: [] },
  ],
  hasEnginePassword: false,
  kind: null,
  work: { state: 'never', sinceMs: 0, awaits: '', errors: [] },
  steps: [],
  lines: [],
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
  hasEnginePassword: true,
};

/** How far works on the servers got, by name. */
export const serversFixtures = {
  rest,
  signedIn,
  demo: {
    ...rest,
    access: [],
    refusal: 'The servers of the demo site are processes on this machine: nothing is installed on them.',
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
