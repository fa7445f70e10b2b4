import * as z from 'zod/mini';
import { longestMaintenanceMs } from '../lease/store-policy.ts';

const forPeople = z.string().check(z.maxLength(500));

/** A maintenance as a member's durable state and the question to its peer carry it; see shared/lease/kept-maintenance.ts. */
export const KeptMaintenanceSchema = z.object({
  storeId: z.nullable(z.string()),
  version: z.int(),
  by: forPeople,
  reason: forPeople,
  lastsMs: z.number().check(z.positive(), z.maximum(longestMaintenanceMs)),
});

/**
 * What a member tells with every beat when it keeps a maintenance that its peer asks for. One that tells none belongs
 * to an earlier release: with it, no maintenance begins.
 */
export const maintenanceVersion = 1;

/** One member asks the other to keep a maintenance; answered under the same id, once it is on disk or refused. */
export const MaintenanceFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('keep-maintenance'), id: z.string(), maintenance: KeptMaintenanceSchema }),
  /** It has not begun: what was kept before counts again. An earlier release does not know this. */
  z.object({ type: z.literal('drop-maintenance'), maintenance: KeptMaintenanceSchema }),
  /** `refusal` null: it is on disk. */
  z.object({
    type: z.literal('maintenance-kept'),
    id: z.string(),
    refusal: z.nullable(z.string().check(z.maxLength(500))),
  }),
]);
export type MaintenanceFrame = z.infer<typeof MaintenanceFrame>;
