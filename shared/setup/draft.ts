import * as z from 'zod/mini';
import { legacyAlgorithms } from '../site/legacy-algorithms.ts';
import { balancerKinds, type BalancerKind } from '../balancer/balancer-kinds.ts';
import { DraftTiming } from './draft-timing.ts';

/** Steps of the setup, in order. */
export const setupStepNames = [
  'servers',
  'preflight',
  'design',
  'clusters',
  'balancer',
  'storage',
  'lease-store',
  'timing',
  'review',
  'install',
  'baseline',
] as const;
export type SetupStepName = (typeof setupStepNames)[number];

const Text = z.string().check(z.maxLength(200));
const LongText = z.string().check(z.maxLength(4_096));
/** A port as far as it was typed; null: nothing or nonsense. */
const PortField = z.nullable(z.int());

/** No balancer was chosen yet; the first one that is offered is set up by the console. */
export const noBalancer = {
  kind: 'haproxy' as BalancerKind,
  server: null as string | null,
  address: '',
  addresses: {} as Record<string, string>,
};

/** How the console logs in. Secrets are never part of a draft: they are asked for again. */
export const SshLogin = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('password') }),
  z.strictObject({ kind: z.literal('key'), file: LongText }),
  z.strictObject({ kind: z.literal('ssh-agent') }),
]);
export type SshLogin = z.infer<typeof SshLogin>;

const LegacyAlgorithms = z.array(z.enum(legacyAlgorithms)).check(z.maxLength(20));

export const DraftServer = z.strictObject({
  /** Within this draft; the site's document names a server after its name, see `siteServerIds`. */
  id: Text,
  name: Text,
  /** Its id in the site's document, where it does not follow from the name: of a site file that was taken over. */
  shortName: z.optional(Text),
  address: Text,
  /** What it is for; a server may carry the balancer and the lease store, a member neither of them. */
  purpose: z.enum(['member', 'other']),
  ssh: z.strictObject({
    user: Text,
    port: PortField,
    login: SshLogin,
    sudo: z.enum(['root', 'passwordless', 'password']),
    /** `TYPE SHA256:…` as the person has confirmed it. */
    hostKey: z.nullable(Text),
    /** Id of the jump host that the connection goes through; absent: it goes straight there. */
    jump: z.optional(Text),
    /** Outdated algorithms that somebody accepts for this server alone; absent: none. */
    legacyAlgorithms: z.optional(LegacyAlgorithms),
    /** The console reaches its agents through its SSH server, not by their own ports. */
    agentsThroughSsh: z.optional(z.boolean()),
  }),
});
export type DraftServer = z.infer<typeof DraftServer>;

/** An SSH server that others are reached through. Nothing is installed on it, and no root is needed. */
export const DraftJumpHost = z.strictObject({
  /** Within this draft, and in the profile of the site; never that of a server. */
  id: Text,
  name: Text,
  address: Text,
  ssh: z.strictObject({
    user: Text,
    port: PortField,
    login: SshLogin,
    hostKey: z.nullable(Text),
    /** As those of a server. */
    legacyAlgorithms: z.optional(LegacyAlgorithms),
  }),
});
export type DraftJumpHost = z.infer<typeof DraftJumpHost>;

export const DraftListener = z.strictObject({ name: Text, port: PortField, frontendPort: PortField });
export type DraftListener = z.infer<typeof DraftListener>;

export const DraftMember = z.strictObject({
  server: Text,
  preferred: z.boolean(),
  unit: Text,
  apiPort: PortField,
  apiUser: Text,
  workingDirectory: Text,
});
export type DraftMember = z.infer<typeof DraftMember>;

/** How a directory is copied from the Active to the Passive. */
export const DraftCopy = z.strictObject({
  everySeconds: PortField,
  lagLimitSeconds: PortField,
  sshPort: PortField,
  /** Where a member has it elsewhere, by the server's place in this draft; empty: there too. */
  directories: z.record(z.string(), Text),
});
export type DraftCopy = z.infer<typeof DraftCopy>;

export const asUsual: DraftCopy = {
  everySeconds: null,
  lagLimitSeconds: null,
  sshPort: null,
  directories: {},
};

export const DraftCluster = z.strictObject({
  id: Text,
  title: Text,
  index: z.int(),
  members: z.array(DraftMember).check(z.maxLength(2)),
  listeners: z.array(DraftListener).check(z.maxLength(200)),
  pollers: z.array(Text).check(z.maxLength(500)),
  /** Absent: shared. */
  storage: z.optional(z.enum(['shared', 'copied'])),
  directory: Text,
  mustBeMount: z.boolean(),
  /** Of a shared directory: the program that cuts the other server off; absent or empty: there is none. */
  cutProgram: z.optional(Text),
  /** Of a shared directory: the agents have it mounted on the Active only; absent: it is mounted all the time. */
  agentMounts: z.optional(z.boolean()),
  /** Of a copied directory; absent, as what is null in it: as the product does by itself. */
  copy: z.optional(DraftCopy),
});
export type DraftCluster = z.infer<typeof DraftCluster>;

export const DraftLeaseStore = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('witness'), server: z.nullable(Text), port: PortField }),
  z.strictObject({
    kind: z.literal('etcd'),
    endpoints: z
      .array(z.strictObject({ address: Text, port: PortField, certificateName: Text }))
      .check(z.maxLength(9)),
    prefix: Text,
    /** Empty: etcd has no users. Its password is never part of a draft. */
    user: Text,
    /** Files of this workstation. */
    authorityFile: LongText,
    certificateFile: LongText,
    keyFile: LongText,
  }),
]);
export type DraftLeaseStore = z.infer<typeof DraftLeaseStore>;

/** A draft of the first versions knew HAProxy on a machine of the site only, and kept that machine's id. */
const DraftBalancer = z.union([
  z.strictObject({
    kind: z.enum(balancerKinds),
    /** HAProxy that the console sets up: the machine it is on. */
    server: z.nullable(Text),
    /** Any other: the address that senders know; with keepalived each cluster has its own. */
    address: Text,
    /** Of clusters by their index, where one address for all is not enough. */
    addresses: z.record(z.string(), Text),
  }),
  z.pipe(
    z.nullable(Text),
    z.transform((server) => ({ ...noBalancer, server })),
  ),
]);
export type DraftBalancer = z.infer<typeof DraftBalancer>;

export const siteDesigns = ['active-passive', 'multi-cluster'] as const;
export const SiteDesign = z.enum(siteDesigns);
export type SiteDesign = z.infer<typeof SiteDesign>;

/** A site that is being set up, as far as it was said. Kept on the workstation, so that it can be left and resumed. */
export const SetupDraft = z.strictObject({
  schema: z.literal(1),
  /** Grows with every change that was kept. */
  revision: z.int(),
  site: z.strictObject({ id: Text, name: Text }),
  servers: z.array(DraftServer).check(z.maxLength(200)),
  jumpHosts: z._default(z.array(DraftJumpHost).check(z.maxLength(20)), []),
  /** Host keys that a known_hosts file declares lost. */
  revokedHostKeys: z._default(z.array(Text).check(z.maxLength(1_000)), []),
  /** Checks that only a person can answer, by id, with who confirmed them. */
  confirmed: z.array(LongText).check(z.maxLength(1_000)),
  design: z.nullable(SiteDesign),
  clusters: z.array(DraftCluster).check(z.maxLength(100)),
  balancer: DraftBalancer,
  leaseStore: DraftLeaseStore,
  timing: z.nullable(DraftTiming),
  /** Agents only look at first: engines that run go on, and are protected when the site is armed. */
  observe: z._default(z.boolean(), false),
});
export type SetupDraft = z.infer<typeof SetupDraft>;

export const witnessPort = 7660;
/** Where etcd answers its clients, unless it was told otherwise. */
export const etcdPort = 2379;

export const emptyWitness: DraftLeaseStore = { kind: 'witness', server: null, port: witnessPort };

/** An etcd of which nothing is said yet, apart from what follows from the site. */
export function emptyEtcd(siteId: string): DraftLeaseStore {
  return {
    kind: 'etcd',
    endpoints: [{ address: '', port: etcdPort, certificateName: '' }],
    prefix: siteId === '' ? '' : `/ixha/${siteId}`,
    user: '',
    authorityFile: '',
    certificateFile: '',
    keyFile: '',
  };
}

/** A draft in which nothing was said yet. */
export function emptyDraft(): SetupDraft {
  return {
    schema: 1,
    revision: 0,
    site: { id: '', name: '' },
    servers: [],
    jumpHosts: [],
    revokedHostKeys: [],
    confirmed: [],
    design: null,
    clusters: [],
    balancer: noBalancer,
    leaseStore: emptyWitness,
    timing: null,
    observe: false,
  };
}
