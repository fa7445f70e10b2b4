import * as z from 'zod/mini';
import { Condition } from '../../shared/notifications/conditions.ts';
import { KeptQueue } from '../../shared/notifications/queue-state.ts';
import { readDurable, writeDurable } from '../durable/durable-file.ts';
import type { Files } from '../durable/files.ts';

/** What the notifications of one member have on disk: what waits, and what people were told of and still lasts. */
const KeptNotifications = z.object({
  queue: KeptQueue,
  lasting: z.array(Condition),
  nth: z.int(),
  /** Number of the last record of the journal that was looked at; absent: an agent of an earlier release. */
  seq: z.optional(z.int()),
});
export type KeptNotifications = z.infer<typeof KeptNotifications>;

/** Null: never written, or damaged; `damaged` says why. */
export function readKept(
  path: string,
  files: Files,
): { readonly kept: KeptNotifications | null; readonly damaged: string | null } {
  const read = readDurable(path, files);
  if (!read.ok) return { kept: null, damaged: read.error.kind === 'missing' ? null : read.error.why };
  const parsed = KeptNotifications.safeParse(read.value);
  return parsed.success
    ? { kept: parsed.data, damaged: null }
    : { kept: null, damaged: `${path}: not what this program writes` };
}

export function writeKept(path: string, kept: KeptNotifications, files: Files): void {
  writeDurable(path, kept, files);
}
