import * as z from 'zod/mini';
import { ProductError } from '../errors.ts';
import { DrillInterval, DueDrill } from './drill-calendar.ts';
import { DrillKind, DrillRecord } from './drill-record.ts';

/** What the page of drills shows beside what the agents tell. */
export const DrillsView = z.object({
  /** Newest first; one that runs is among them. */
  records: z.array(DrillRecord),
  due: z.array(DueDrill),
  /** When this was told, by the clock of the console that makes drills; absent: not known. */
  toldAt: z.optional(z.iso.datetime()),
  /** How long a cluster may be without an Active, as the site wants it; null: nobody has said. */
  goalSeconds: z.nullable(z.int()),
  /** What people must know about the keeping of drills; null: nothing. */
  trouble: z.nullable(ProductError),
});
export type DrillsView = z.infer<typeof DrillsView>;

const Cluster = z.string().check(z.minLength(1), z.maxLength(64));

export const DrillAction = z.discriminatedUnion('act', [
  z.strictObject({
    act: z.literal('start'),
    cluster: Cluster,
    kind: DrillKind,
    reason: z.string().check(z.maxLength(500)),
    /** A test listener behind the load balancer, as `HOST:PORT`; absent: no messages of its own are sent. */
    probe: z.optional(z.string().check(z.maxLength(300))),
    /** The name that the drill asks for, as the person has typed it; absent: it asks for none. */
    typedName: z.optional(z.string().check(z.maxLength(200))),
  }),
  /** Ends a drill of this console after the step that runs. */
  z.strictObject({ act: z.literal('stop') }),
  /** How often a drill shall be made. */
  z.strictObject({ act: z.literal('plan'), interval: DrillInterval }),
]);
export type DrillAction = z.infer<typeof DrillAction>;
