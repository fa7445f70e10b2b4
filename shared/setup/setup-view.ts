import * as z from 'zod/mini';
import { BalancerCheck } from '../balancer/balancer-check.ts';
import { ProductError } from '../errors.ts';
import { verdicts } from '../preflight/preflight-check.ts';
import { RunSummary } from '../readiness/readiness-view.ts';
import { EntityId } from '../site/site-document.ts';
import { EtcdSight } from '../site/etcd-sight.ts';
import { SetupDraft } from './draft.ts';
import { MeasuredTimes } from './measured-times.ts';

/** Secrets that a login may need. They live in the console's memory only, until it ends. */
export const secretKinds = [
  'password',
  'passphrase',
  'sudo-password',
  'engine-password',
  'etcd-password',
] as const;
export const SecretKind = z.enum(secretKinds);
export type SecretKind = z.infer<typeof SecretKind>;

/** How far the console got with one server. Durations in milliseconds. */
export const ServerReach = z.object({
  server: z.string(),
  state: z.enum(['not-tried', 'trying', 'key-to-confirm', 'refused', 'reached']),
  sinceMs: z.number(),
  /** `TYPE SHA256:…` that the server presents, while a person has to compare it. */
  presented: z.nullable(z.string()),
  error: z.nullable(ProductError),
  /** What was seen there, such as `Debian GNU/Linux 12, x86_64`. */
  system: z.nullable(z.string()),
  /** Which secrets are at hand. */
  has: z.array(SecretKind),
});
export type ServerReach = z.infer<typeof ServerReach>;

/** One line of the preflight. */
export const SetupCheck = z.object({
  /** The same in the next preflight. */
  id: z.string(),
  /** What it is about: a server's name, two of them, or a way such as `north → south`. */
  subject: z.string(),
  title: z.string(),
  verdict: z.enum(verdicts),
  finding: z.string(),
  /** What the finding rests on, line by line. */
  evidence: z.array(z.string()),
  remedy: z.nullable(z.string()),
  /** A safe change that the console offers, with every effect; null: only a person can do it. */
  fix: z.nullable(z.object({ title: z.string(), effects: z.array(z.string()) })),
  /** Only a person can answer it. */
  byPerson: z.boolean(),
  ageMs: z.number(),
});
export type SetupCheck = z.infer<typeof SetupCheck>;

/** An engine that was found on a server. */
export const FoundEngine = z.object({
  server: z.string(),
  unit: z.string(),
  product: z.string(),
  version: z.nullable(z.string()),
  workingDirectory: z.nullable(z.string()),
  apiPort: z.nullable(z.int()),
  running: z.boolean(),
  /** Names of its components, as it has told them; null: it has not. */
  components: z.nullable(z.array(z.string())),
});
export type FoundEngine = z.infer<typeof FoundEngine>;

/** Facts of one server for the table above the checks. */
export const SeenServer = z.object({
  server: z.string(),
  system: z.string(),
  freeMb: z.nullable(z.number()),
  /** Ahead of this workstation, in milliseconds. */
  clockMs: z.nullable(z.number()),
  engines: z.int(),
  /** To the other servers: round trip in milliseconds, null when refused or lost. */
  paths: z.array(z.object({ to: z.string(), rttMs: z.nullable(z.number()) })),
});
export type SeenServer = z.infer<typeof SeenServer>;

/** Work in the background: never, under way (for how long, of how long), ended. */
export const Work = z.object({
  state: z.enum(['never', 'running', 'done', 'failed', 'stopped']),
  /** Since it is in that state. */
  sinceMs: z.number(),
  /** What is awaited now; empty when nothing is. */
  awaits: z.string(),
  errors: z.array(ProductError),
});
export type SetupWork = z.infer<typeof Work>;

export const InstallStep = z.object({
  server: z.string(),
  title: z.string(),
  state: z.enum(['started', 'ok', 'failed']),
  changed: z.boolean(),
  tookMs: z.number(),
  error: z.nullable(ProductError),
});
export type InstallStep = z.infer<typeof InstallStep>;

/** Something that only a person can answer, such as a second factor. */
export const SignInQuestion = z.object({
  id: z.string(),
  server: z.string(),
  user: z.string(),
  /** What the server says about it. */
  instructions: z.string(),
  prompts: z.array(z.object({ text: z.string(), hidden: z.boolean() })),
  /** Since it was asked; nobody waits for longer than `withinMs`. */
  sinceMs: z.number(),
  withinMs: z.number(),
});
export type SignInQuestion = z.infer<typeof SignInQuestion>;

/** What a known_hosts file has for the servers of a setup, by their names. */
export const KnownHostsFound = z.object({
  file: z.string(),
  /** Their keys were taken over. */
  pinned: z.array(z.string()),
  /** The file has no key for them. */
  silent: z.array(z.string()),
  /** The file has another key than the one that is trusted here: nothing was changed. */
  contradicted: z.array(z.string()),
  /** Lines that were not understood. */
  malformed: z.int(),
  /** Keys that it declares lost. */
  revoked: z.int(),
});
export type KnownHostsFound = z.infer<typeof KnownHostsFound>;

/** A first installation that was begun and not ended, by the record of this workstation. */
export const Begun = z.object({
  /** ISO time of its last step; null: no record of it is left. */
  at: z.nullable(z.string()),
  servers: z.array(
    z.object({
      server: z.string(),
      name: z.string(),
      /** Steps that changed something there since, in their order. */
      placed: z.array(z.string()),
      /** The step that it stopped at; null: none of this server. */
      stoppedAt: z.nullable(z.string()),
    }),
  ),
});
export type Begun = z.infer<typeof Begun>;

/** Everything that the setup pages show. Whole and immutable. */
export const SetupView = z.object({
  draft: SetupDraft,
  /** Since the draft was last kept; null: nothing was kept yet. */
  savedMs: z.nullable(z.number()),
  /** Of servers and jump hosts. */
  reach: z.array(ServerReach),
  /** What servers ask while the console signs in, the oldest first. */
  questions: z.array(SignInQuestion),
  /** What the last known_hosts file said; null: none was read. */
  knownHosts: z.nullable(KnownHostsFound),
  /** Secrets that belong to no single server. */
  sharedSecrets: z.array(SecretKind),
  preflight: z.object({
    work: Work,
    seen: z.array(SeenServer),
    checks: z.array(SetupCheck),
    engines: z.array(FoundEngine),
    /** Whether it looked for what the draft says now: the same servers, ways, engines, directories and ports. */
    isOfDraft: z.boolean(),
  }),
  measured: z.object({
    work: Work,
    forSeconds: z.number(),
    times: MeasuredTimes,
    /** Where the times of engines come from, as a sentence; null: nothing tells of them. */
    engineSource: z.nullable(z.string()),
  }),
  plan: z.object({
    work: Work,
    /** Revision of the draft that it was made of; null: there is none. */
    revision: z.nullable(z.int()),
    changes: z.array(z.object({ server: z.string(), changes: z.array(z.string()) })),
    /** What the installed site has and a setup does not speak of, as `field: value`: it stays as it is. */
    carried: z.array(z.string()),
  }),
  /** The etcd that is to keep the leases, as this workstation and the members see it. */
  etcd: z.object({ work: Work, checked: z.nullable(z.extend(EtcdSight, { ageMs: z.number() })) }),
  /** Who was seen to answer through the balancer's address; null: not verified yet. */
  balancer: z.object({
    work: Work,
    verified: z.nullable(z.object({ ageMs: z.number(), checks: z.array(BalancerCheck) })),
  }),
  install: z.object({ work: Work, steps: z.array(InstallStep) }),
  /** The readiness right after the installation: kept, and the baseline where it is the first one. */
  firstReport: z.object({ work: Work, run: z.nullable(RunSummary) }),
  removal: z.object({ work: Work, removed: z.array(z.string()) }),
  /** Putting one server back as it was: its plan first, then the work itself. `server` null: none was asked for. */
  rollback: z.object({
    server: z.nullable(z.string()),
    plan: Work,
    lines: z.array(z.string()),
    work: Work,
  }),
  /** A first installation that was begun and has not come to its end; null: there is none. */
  begun: z.nullable(Begun),
});
export type SetupView = z.infer<typeof SetupView>;

/** What becomes of running engines that lose their protection. */
const EngineWord = z.enum(['keep', 'stop']);

const server = z.string().check(z.maxLength(200));

/** What a person says of what leaves the site; what was said of the same draft before stays said. */
const leavingWords = {
  /** What shall become of running engines of clusters that leave. */
  engines: z.optional(EngineWord),
  /** Short name of a server that has left and is lost for good: it stays off, or is installed anew. */
  gone: z.optional(EntityId),
};

/** What the setup pages ask for. Long work goes on in the host; its progress comes with the view. */
export const SetupAction = z.discriminatedUnion('act', [
  /** Keeps the draft. `draft.revision` is the one it was made from. */
  z.strictObject({ act: z.literal('save'), draft: SetupDraft }),
  z.strictObject({
    act: z.literal('secret'),
    server,
    kind: SecretKind,
    value: z.string().check(z.maxLength(4_096)),
  }),
  z.strictObject({ act: z.literal('reach'), server }),
  /** A person has compared the key that the server presents. */
  z.strictObject({ act: z.literal('pin'), server, key: z.string().check(z.maxLength(200)) }),
  /** One answer for each prompt; null: nobody answers. */
  z.strictObject({
    act: z.literal('answer'),
    question: z.string().check(z.maxLength(100)),
    answers: z.nullable(z.array(z.string().check(z.maxLength(4_096))).check(z.maxLength(20))),
  }),
  /** Takes over host keys from a known_hosts file of this workstation, for servers without a trusted key. */
  z.strictObject({ act: z.literal('known-hosts'), file: z.string().check(z.maxLength(4_096)) }),
  /** Takes over a site file of this workstation, while nothing else was said. */
  z.strictObject({ act: z.literal('site-file'), file: z.string().check(z.maxLength(4_096)) }),
  z.strictObject({ act: z.literal('preflight') }),
  z.strictObject({ act: z.literal('stop-preflight') }),
  z.strictObject({ act: z.literal('fix'), check: z.string().check(z.maxLength(1_000)) }),
  z.strictObject({ act: z.literal('measure') }),
  z.strictObject({ act: z.literal('stop-measure') }),
  z.strictObject({ act: z.literal('plan'), ...leavingWords }),
  /** `revision`: of the draft whose plan the person has seen. */
  z.strictObject({ act: z.literal('install'), revision: z.int(), ...leavingWords }),
  /** Tries the etcd that is to keep the leases; writes no more than one small key for each cluster there. */
  z.strictObject({ act: z.literal('check-etcd') }),
  /** Looks who answers through the balancer's address. Sends no message. */
  z.strictObject({ act: z.literal('verify-balancer') }),
  /** Takes everything off the servers again, apart from those that are lost for good. */
  z.strictObject({ act: z.literal('remove'), engines: EngineWord, gone: leavingWords.gone }),
  /** Looks what a roll back of this server would change, or why it must not be. Changes nothing. */
  z.strictObject({ act: z.literal('plan-rollback'), server: EntityId }),
  /** Puts this server back as the plan says that was seen last. */
  z.strictObject({ act: z.literal('rollback'), server: EntityId }),
  /** Shows the installed site in this console. */
  z.strictObject({ act: z.literal('show-site') }),
  z.strictObject({ act: z.literal('discard') }),
]);
export type SetupAction = z.infer<typeof SetupAction>;
export type LeavingWord = Pick<Extract<SetupAction, { act: 'plan' }>, 'engines' | 'gone'>;
