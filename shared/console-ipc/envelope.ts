import * as z from 'zod/mini';
import { ProductError } from '../errors.ts';

/** Wire form of a call's outcome in both shells. */
export const CallOutcome = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: ProductError }),
]);
export type CallOutcome = z.infer<typeof CallOutcome>;

/** Browser shell: frames from page to host over the WebSocket. */
export const PageFrame = z.object({ id: z.int(), call: z.string(), request: z.unknown() });
/** Browser shell: frames from host to page. */
export const HostFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('outcome'), id: z.int(), outcome: CallOutcome }),
  z.object({ type: z.literal('event'), name: z.string(), event: z.unknown() }),
]);
