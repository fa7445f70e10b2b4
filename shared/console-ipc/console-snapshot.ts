import * as z from 'zod/mini';
import { MemberSnapshot, WitnessSnapshot } from '../agent-api/member-snapshot.ts';
import { OperationRecord } from '../agent-api/operation-record.ts';
import { ProductError } from '../errors.ts';
import { Reminders } from '../reminders/reminders.ts';

/** State of the console's connection to one agent. */
export const Link = z.object({
  state: z.enum(['connecting', 'connected', 'lost']),
  /** Since this state began. */
  sinceMs: z.number(),
  /** Since anything was heard; null: never. The age of everything below it. */
  heardMs: z.nullable(z.number()),
  error: z.nullable(ProductError),
});
export type Link = z.infer<typeof Link>;

export const MemberView = z.object({
  cluster: z.string(),
  server: z.string(),
  link: Link,
  /** The last snapshot received, however old: see `link.heardMs`; its own ages count from then. */
  snapshot: z.nullable(MemberSnapshot),
});
export type MemberView = z.infer<typeof MemberView>;

export const WitnessView = z.object({
  server: z.string(),
  link: Link,
  snapshot: z.nullable(WitnessSnapshot),
});
export type WitnessView = z.infer<typeof WitnessView>;

/** What the load balancer does for one cluster, as seen from outside; null where the site gives no view of it. */
export const BalancerView = z.object({
  cluster: z.string(),
  sendsTo: z.nullable(z.string()),
  sessions: z.nullable(z.int()),
  answers: z.array(z.object({ server: z.string(), status: z.nullable(z.int()) })),
  ageMs: z.number(),
});
export type BalancerView = z.infer<typeof BalancerView>;

/** Counters of the demo's (or a drill's) numbered messages for one cluster. */
export const TrafficView = z.object({
  cluster: z.string(),
  sent: z.int(),
  acknowledged: z.int(),
  delivered: z.int(),
  /** Acknowledged but not delivered after the settling time. */
  lost: z.int(),
  outOfOrder: z.int(),
  /** Delivered more than once; allowed only when sent again after a lost acknowledgement. */
  duplicates: z.int(),
  perSecond: z.number(),
  /** Longest gap between acknowledgements since the start, and the current one. */
  longestGapMs: z.number(),
  currentGapMs: z.number(),
  ageMs: z.number(),
});
export type TrafficView = z.infer<typeof TrafficView>;

/** A fault of the demo site that is in force, or can be injected. */
export const demoFaultKinds = [
  'kill-engine',
  'kill-server',
  'freeze-agent',
  'cut-link',
  'stop-witness',
  'lose-store',
] as const;
export const DemoFaultKind = z.enum(demoFaultKinds);
export type DemoFaultKind = z.infer<typeof DemoFaultKind>;

export const DemoFault = z.object({
  kind: DemoFaultKind,
  /** Server id; for `cut-link` the first end. */
  server: z.nullable(z.string()),
  cluster: z.nullable(z.string()),
  /** For `cut-link`: the other end. */
  other: z.nullable(z.string()),
  sinceMs: z.number(),
});
export type DemoFault = z.infer<typeof DemoFault>;

export const ClusterView = z.object({
  id: z.string(),
  title: z.string(),
  members: z.array(MemberView),
  balancer: z.nullable(BalancerView),
  traffic: z.nullable(TrafficView),
  /** Operations of the last day, newest first, both members' steps joined. */
  operations: z.array(OperationRecord),
  storageLabel: z.string(),
  listenerLabel: z.string(),
});
export type ClusterView = z.infer<typeof ClusterView>;

/** Whole and immutable; the renderer keeps the one with the highest revision. At most four a second. */
export const ConsoleSnapshot = z.object({
  revision: z.int(),
  consoleVersion: z.string(),
  /** Console host's uptime clock at the making; ages in here count from then. */
  madeAtMs: z.number(),
  site: z.nullable(
    z.object({
      id: z.string(),
      name: z.string(),
      demo: z.boolean(),
      servers: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          address: z.string(),
          part: z.enum(['member', 'witness', 'balancer', 'storage']),
        }),
      ),
      clusters: z.array(ClusterView),
      /** Null: an etcd keeps the leases. */
      witness: z.nullable(WitnessView),
      /** Absent: a witness does. */
      etcd: z.optional(z.object({ endpoints: z.array(z.string()) })),
      balancerName: z.string(),
      faults: z.array(DemoFault),
      /** Absent: the records of this workstation were not read yet. */
      reminders: z.optional(Reminders),
    }),
  ),
  me: z.object({ name: z.string(), role: z.enum(['viewer', 'operator', 'admin']) }),
  /** While there is no site yet: what is awaited, as a sentence, and for how long. */
  awaiting: z.optional(z.nullable(z.object({ what: z.string(), sinceMs: z.number() }))),
  /** Something the person must know about the console itself, such as a demo that failed to start. */
  trouble: z.nullable(ProductError),
});
export type ConsoleSnapshot = z.infer<typeof ConsoleSnapshot>;
