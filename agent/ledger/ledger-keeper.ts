/**
 * Keeps the queue ledger: while this member is Active, what its engine tells of its queues is left on the shared
 * directory and with the peer; at a planned stop it is sealed; after a takeover the first look is compared with the
 * last ledger of the Active before. Nothing here decides: an engine that tells nothing leaves an empty book.
 */
import { join } from 'node:path';
import type { Clock } from '../../shared/clock.ts';
import { compareLedgers, type LedgerComparison } from '../../shared/ledger/compare-ledgers.ts';
import { followLeftOff, newLeftOff, type LeftOffState } from '../../shared/ledger/left-off.ts';
import {
  LedgerAssembly,
  LedgerFrame,
  laterLedger,
  ledgerEntries,
  ledgerFrames,
  QueueLedger,
} from '../../shared/ledger/queue-ledger.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { readDurable, writeDurable } from '../durable/durable-file.ts';
import type { Files } from '../durable/files.ts';
import type { EngineAdapter } from '../engines/engine-adapter.ts';
import type { SharedDirectory } from '../storage/shared-directory.ts';

export interface LedgerKeeperPorts {
  readonly about: { readonly siteId: string; readonly cluster: string; readonly server: string };
  /** On the memory file system: survives the agent, not the server. */
  readonly runFolder: string;
  readonly clock: Clock;
  readonly files: Files;
  readonly storage: SharedDirectory;
  readonly engine: EngineAdapter;
  /** Sends a frame to the peer; what cannot be sent is sent again with the next ledger. */
  readonly share: (frame: LedgerFrame) => void;
  /** For the journal. */
  readonly note: (sentence: string, fine: boolean) => void;
}

/** What the keeper knows; nothing in it changes afterwards. */
export interface LedgerView {
  /** Of the own engine, while and after it was Active. */
  readonly current: QueueLedger | null;
  readonly fromPeer: QueueLedger | null;
  readonly leftOff: readonly string[];
  /** Made once after a takeover, with the two ledgers that were compared. */
  readonly comparison: ComparedLedgers | null;
  /** The same for a member that was Active, has lost that, and hears the Active that came after it. */
  readonly returned: ComparedLedgers | null;
}

export interface ComparedLedgers {
  readonly result: LedgerComparison;
  readonly before: QueueLedger;
  readonly after: QueueLedger;
}

const shareEveryMs = 2_000;
const putEveryMs = 5_000;
/** One that tells the same queues as the last: a put starts four programs and syncs twice. */
const putSameEveryMs = 60_000;
/** Queues of which the journal tells one by one what is the matter. */
const queuesTold = 5;

export class LedgerKeeper {
  private readonly ports: LedgerKeeperPorts;
  private readonly assembly: LedgerAssembly;
  private current: QueueLedger | null = null;
  private fromPeer: QueueLedger | null = null;
  private before: QueueLedger | null = null;
  private leftOff: LeftOffState = newLeftOff();
  private epoch = 0;
  private comparison: ComparedLedgers | null = null;
  private returned: ComparedLedgers | null = null;
  private loading: Promise<void> = Promise.resolve();
  private loaded = true;
  private sharedMs = -Infinity;
  private putMs = -Infinity;
  /** The queues of the last ledger that is on the storage for certain; empty: none is. */
  private putQueues = '';
  private putting: Promise<unknown> | null = null;
  private sealed: number | null = null;

  constructor(ports: LedgerKeeperPorts) {
    this.ports = ports;
    this.assembly = new LedgerAssembly(ports.about);
    this.current = this.read(this.localPath());
    if (this.current === null) return;
    // A restarted agent goes on with the book of its engine.
    this.epoch = this.current.epoch;
    if (this.current.sealed) this.sealed = this.current.epoch;
    this.leaveOff(newLeftOff(leftOffIn(this.current)));
  }

  /** The epoch whose ledger was sealed here; null: none. */
  sealedEpoch(): number | null {
    return this.sealed;
  }

  /** A new epoch of this member begins: finds the last ledger of the Active before, beside whatever else is done. */
  takeOver(epoch: number): void {
    this.epoch = epoch;
    this.current = null;
    this.comparison = null;
    this.returned = null;
    this.before = null;
    this.loaded = false;
    this.loading = this.load(epoch);
  }

  /** When the ledger of the Active before is here, or known not to be. Within the limit of one call. */
  ready(): Promise<void> {
    return this.loading;
  }

  /**
   * The engine of this epoch was looked at.
   *
   * @param weSwitch the agent itself switches components at present
   */
  looked(epoch: number, weSwitch: boolean): void {
    const components = this.ports.engine.diagnosis?.().components ?? null;
    // An engine that was found running: the book of an earlier agent, or of the Active before, is looked for first.
    if (epoch !== this.epoch) this.takeOver(epoch);
    if (components === null || !this.loaded) return;
    const nowMs = this.ports.clock.bootMs();
    this.leaveOff(followLeftOff(this.leftOff, components, { weSwitch, nowMs }));
    this.current = {
      schema: 1,
      ...this.ports.about,
      epoch,
      atMs: Math.round(nowMs),
      wallTime: this.ports.clock.wallTime(),
      sealed: false,
      readBeforeSealMs: null,
      entries: ledgerEntries(components, this.leftOff.leftOff),
    };
    this.compareOnce(this.current);
    if (nowMs - this.sharedMs >= shareEveryMs) this.share(this.current);
    if (this.putDue(this.current, nowMs)) void this.put(this.current);
  }

  private putDue(ledger: QueueLedger, nowMs: number): boolean {
    const sinceMs = nowMs - this.putMs;
    if (this.putting !== null || sinceMs < putEveryMs) return false;
    return sinceMs >= putSameEveryMs || queuesOf(ledger) !== this.putQueues;
  }

  /** Seals the ledger of this epoch; its engine is proven stopped. The failure is a sentence. */
  async seal(epoch: number): Promise<Result<string, string>> {
    const last = this.current;
    if (last === null || last.epoch !== epoch) {
      this.sealed = epoch;
      return succeed('the engine has told nothing of its queues, so there is nothing to seal');
    }
    const atMs = Math.round(this.ports.clock.bootMs());
    const ledger = { ...last, atMs, sealed: true, readBeforeSealMs: Math.max(0, atMs - last.atMs) };
    const put = await this.put(ledger);
    this.share(ledger);
    if (!put.ok) return put;
    this.current = ledger;
    this.sealed = epoch;
    const waiting = ledger.entries.reduce((sum, entry) => sum + (entry.queued ?? 0), 0);
    const read = `read ${ledger.readBeforeSealMs} ms before`;
    return succeed(`${ledger.entries.length} queues sealed with ${waiting} messages waiting, ${read}`);
  }

  /** A frame of the peer: of its ledger while it is Active. */
  takeFrame(value: unknown): void {
    const frame = LedgerFrame.safeParse(value);
    if (!frame.success) return;
    const whole = this.assembly.take(frame.data);
    if (whole === null) return;
    this.fromPeer = laterLedger(this.fromPeer, whole);
    this.compareOnReturn();
  }

  view(): LedgerView {
    const { current, fromPeer, comparison, returned } = this;
    return { current, fromPeer, comparison, returned, leftOff: [...this.leftOff.leftOff] };
  }

  private leaveOff(next: LeftOffState): void {
    const changed = [...next.leftOff].join('\n') !== [...this.leftOff.leftOff].join('\n');
    this.leftOff = next;
    if (changed) this.ports.engine.leaveOff?.([...next.leftOff]);
  }

  private async load(epoch: number): Promise<void> {
    const found = join(this.ports.runFolder, 'ledger-found');
    const got = (await this.ports.storage.getLedger?.(found)) ?? null;
    if (epoch !== this.epoch) return;
    const stored = got?.ok === true ? this.read(found) : null;
    const last = laterLedger(stored, this.fromPeer);
    this.before = last !== null && last.epoch < epoch ? last : null;
    this.leaveOff(newLeftOff(last !== null && last.epoch <= epoch ? leftOffIn(last) : []));
    this.loaded = true;
  }

  private compareOnce(after: QueueLedger): void {
    if (this.before === null || this.comparison !== null) return;
    this.comparison = this.compare(this.before, after, '');
  }

  /**
   * This member was Active and another one came after it: what it knew itself may be more than what reached that one
   * in time. Differences are told and never merged.
   */
  private compareOnReturn(): void {
    const { current, fromPeer } = this;
    if (current === null || fromPeer === null || fromPeer.epoch <= current.epoch) return;
    if (this.returned !== null && this.returned.after.epoch >= fromPeer.epoch) return;
    this.returned = this.compare(current, fromPeer, `Back beside ${fromPeer.server}: `);
  }

  private compare(before: QueueLedger, after: QueueLedger, prefix: string): ComparedLedgers {
    const result = compareLedgers(before, after);
    const fine = result.verdict === 'continued';
    this.ports.note(`${prefix}${result.sentence}`, fine);
    const odd = result.queues.filter(({ verdict }) => verdict === 'gap' || verdict === 'fewer');
    for (const { sentence } of odd.slice(0, queuesTold)) this.ports.note(sentence, false);
    return { result, before, after };
  }

  private share(ledger: QueueLedger): void {
    this.sharedMs = this.ports.clock.bootMs();
    for (const frame of ledgerFrames(ledger)) this.ports.share(frame);
  }

  /** One after the other: an older ledger that is still on its way must not land on a sealed one. */
  private async put(ledger: QueueLedger): Promise<Result<void, string>> {
    this.putMs = this.ports.clock.bootMs();
    await this.putting;
    const putting = this.putNow(ledger);
    this.putting = putting;
    const put = await putting;
    this.putQueues = put.ok ? queuesOf(ledger) : '';
    if (this.putting === putting) this.putting = null;
    return put;
  }

  private async putNow(ledger: QueueLedger): Promise<Result<void, string>> {
    const { storage, files } = this.ports;
    try {
      writeDurable(this.localPath(), ledger, files);
      return (await storage.putLedger?.(ledger.epoch, this.localPath())) ?? succeed(undefined);
    } catch (error) {
      return fail(`its own copy cannot be written: ${String(error)}`);
    }
  }

  private localPath(): string {
    return join(this.ports.runFolder, 'ledger.json');
  }

  /** What is damaged or belongs to another cluster counts as nothing: the ledger is evidence, not a condition. */
  private read(path: string): QueueLedger | null {
    const read = readDurable(path, this.ports.files);
    const parsed = QueueLedger.safeParse(read.ok ? read.value : null);
    if (!parsed.success) return null;
    const { siteId, cluster } = this.ports.about;
    return parsed.data.siteId === siteId && parsed.data.cluster === cluster ? parsed.data : null;
  }
}

/** None when that would be all of them: a cluster with everything off was not left so by choice. */
function leftOffIn(ledger: QueueLedger): string[] {
  const works = ledger.entries.some((entry) => !entry.poller && !entry.leftOff);
  return works ? ledger.entries.filter((entry) => entry.leftOff).map(({ name }) => name) : [];
}

/**
 * Everything of a ledger that its comparison goes by or that a message changes; not when it was read, nor how often a
 * poller has looked for work, which changes with every second of a quiet engine.
 */
function queuesOf({ epoch, sealed, entries }: QueueLedger): string {
  const lasting = entries.map((entry) =>
    entry.poller ? { ...entry, received: null, lastActivity: null } : entry,
  );
  return JSON.stringify([epoch, sealed, lasting]);
}
