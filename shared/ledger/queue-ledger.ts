import * as z from 'zod/mini';
import { isOn, type ComponentState } from '../engine/component-state.ts';

const Count = z.nullable(z.number().check(z.minimum(0)));
const Words = z.nullable(z.string().check(z.maxLength(200)));

/** One component's line: where its queue was. `null`: the engine did not tell. */
export const LedgerEntry = z.object({
  name: z.string().check(z.maxLength(200)),
  poller: z.boolean(),
  on: z.nullable(z.boolean()),
  /** A person has switched it off: whoever takes over leaves it off. */
  leftOff: z.boolean(),
  queued: Count,
  /** Number of the last message that its destination has acknowledged. */
  position: Count,
  /** Number of the last message taken in. */
  lastNumber: Count,
  received: Count,
  lastMessageId: Words,
  lastActivity: Words,
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;

/** Bounds that keep a ledger from an engine gone mad off the disk and the wire. */
export const ledgerLimits = { entries: 2_000, frameCharacters: 16_000, frameParts: 200 } as const;

const head = {
  server: z.string(),
  epoch: z.int(),
  /** Boot-time milliseconds of that server at the look: orders the ledgers of one epoch, which has one writer. */
  atMs: z.number(),
  /** For people only. */
  wallTime: z.string(),
  /** Written after the engine was proven stopped: nothing has moved since. */
  sealed: z.boolean(),
  /** For a sealed one: how long before the seal its counts were read, while the engine still ran. */
  readBeforeSealMs: z.nullable(z.number()),
};

/** What the Active knows of its queues, left on the storage and with the peer for whoever comes after it. */
export const QueueLedger = z.object({
  schema: z.literal(1),
  siteId: z.string(),
  cluster: z.string(),
  ...head,
  entries: z.array(LedgerEntry).check(z.maxLength(ledgerLimits.entries)),
});
export type QueueLedger = z.infer<typeof QueueLedger>;

/** A part of a ledger on its way to the peer; small, so that no heartbeat waits behind it. */
export const LedgerFrame = z.object({
  type: z.literal('ledger'),
  ...head,
  part: z.int().check(z.minimum(1), z.maximum(ledgerLimits.frameParts)),
  parts: z.int().check(z.minimum(1), z.maximum(ledgerLimits.frameParts)),
  entries: z.array(LedgerEntry).check(z.maxLength(ledgerLimits.entries)),
});
export type LedgerFrame = z.infer<typeof LedgerFrame>;

/** @param leftOff names of components that a person has switched off */
export function ledgerEntries(
  components: readonly ComponentState[],
  leftOff: ReadonlySet<string>,
): LedgerEntry[] {
  return components.slice(0, ledgerLimits.entries).map((component) => ({
    name: component.name.slice(0, 200),
    poller: component.poller,
    on: component.light === 'unknown' ? null : isOn(component),
    leftOff: leftOff.has(component.name),
    queued: component.queued,
    position: component.position,
    lastNumber: component.lastNumber,
    received: component.received,
    lastMessageId: component.lastMessageId?.slice(0, 200) ?? null,
    lastActivity: component.lastActivity?.slice(0, 200) ?? null,
  }));
}

export function ledgerFrames(ledger: QueueLedger): LedgerFrame[] {
  const { schema: _schema, siteId: _site, cluster: _cluster, entries, ...about } = ledger;
  const parts = partsOf(entries);
  return parts.map((each, at) => ({
    type: 'ledger',
    ...about,
    part: at + 1,
    parts: parts.length,
    entries: each,
  }));
}

/** Cut by length, since a frame above the limit of the agent's API would end the connection. */
function partsOf(entries: readonly LedgerEntry[]): LedgerEntry[][] {
  const parts: LedgerEntry[][] = [[]];
  let characters = 0;
  for (const entry of entries) {
    const length = JSON.stringify(entry).length;
    if (characters > 0 && characters + length > ledgerLimits.frameCharacters) {
      parts.push([]);
      characters = 0;
    }
    parts.at(-1)?.push(entry);
    characters += length;
  }
  return parts;
}

/** Puts frames together again. Parts of another ledger than the newest one begun are dropped. */
export class LedgerAssembly {
  private readonly site: { readonly siteId: string; readonly cluster: string };
  private begun: LedgerFrame[] = [];

  constructor(site: { readonly siteId: string; readonly cluster: string }) {
    this.site = site;
  }

  /** The whole ledger once its last part is here; null before. */
  take(frame: LedgerFrame): QueueLedger | null {
    const first = this.begun[0];
    const same =
      first !== undefined &&
      first.epoch === frame.epoch &&
      first.atMs === frame.atMs &&
      first.sealed === frame.sealed &&
      first.parts === frame.parts;
    if (!same) this.begun = [];
    if (this.begun.every(({ part }) => part !== frame.part)) this.begun.push(frame);
    if (this.begun.length < frame.parts) return null;
    const ordered = [...this.begun].sort((one, other) => one.part - other.part);
    this.begun = [];
    const { type: _type, part: _part, parts: _parts, entries: _entries, ...about } = frame;
    const entries = ordered.flatMap((each) => each.entries);
    return { schema: 1, ...this.site, ...about, entries };
  }
}

/** The one that says more about the end of the last Active: the higher epoch, then the sealed one, then the later. */
export function laterLedger(one: QueueLedger | null, other: QueueLedger | null): QueueLedger | null {
  if (one === null || other === null) return one ?? other;
  if (one.epoch !== other.epoch) return one.epoch > other.epoch ? one : other;
  if (one.sealed !== other.sealed) return one.sealed ? one : other;
  return one.atMs >= other.atMs ? one : other;
}
