import { siteSight } from '../../../shared/fleet/sight.ts';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { KeptLook, KeptVerification } from '../../../shared/verification/kept-verification.ts';
import type { Move } from '../../../shared/verification/moves.ts';
import { verifyMove, type Verification } from '../../../shared/verification/verification.ts';
import { describeCause, type HostLog } from '../host-log.ts';
import type { Cancel, HostTime } from '../host-time.ts';
import { collectEvidence, type EvidencePorts } from './collect-evidence.ts';
import { followMove } from './follow-move.ts';
import { moveInHistory, recentOperations } from './move-records.ts';
import type { VerificationBook } from '../history/verification-book.ts';

/** How far a verification has got that is under way. */
export interface VerificationProgress {
  readonly sinceMs: number;
  readonly limitMs: number;
  /** How many times the evidence was looked at. */
  readonly looks: number;
  /** What is still awaited, as a sentence. */
  readonly awaits: string;
}

export interface VerificationState {
  readonly operation: string;
  readonly kept: KeptVerification | null;
  /** Everything that is kept of it, the newest first. */
  readonly looks: readonly KeptLook[];
  readonly progress: VerificationProgress | null;
}

export interface VerificationKeeperPorts extends EvidencePorts {
  readonly book: VerificationBook;
  readonly time: HostTime;
  readonly log: HostLog;
}

const lookEveryMs = 1_000;
const collectEveryMs = 1_500;
/** What is still missing after this long is told as UNKNOWN: a person can check again. */
const settleWithinMs = 25_000;
/** A move whose end nobody tells is verified this long after it was first seen. */
const endAwaitedMs = 90_000;
/** Moves per cluster that are verified by themselves, also those of the time when no console was open. */
const movesVerified = 10;
/** So many at once: a console that was closed for long has much to catch up with. */
const atOnce = 4;

interface Running {
  readonly startedMs: number;
  looks: number;
  awaits: string;
}

/** Verifies every move that the history tells of, by itself and on demand. */
export class VerificationKeeper {
  private readonly ports: VerificationKeeperPorts;
  private readonly running = new Map<string, Running>();
  private readonly firstSeen = new Map<string, number>();
  /** Operations that turned out to be no move between two servers. */
  private readonly noMoves = new Set<string>();
  private heads = '';
  /** Something is left to be begun at the next turn. */
  private more = true;
  private cancel: Cancel;
  private stopped = false;

  constructor(ports: VerificationKeeperPorts) {
    this.ports = ports;
    this.cancel = ports.time.after(lookEveryMs, () => this.turn());
  }

  stop(): void {
    this.stopped = true;
    this.cancel();
  }

  /** The newest move of a cluster that the history tells of; null: it tells of none. */
  newestOperation(cluster: string): string | null {
    const { database, site, book } = this.ports;
    const found = recentOperations(database, cluster, movesVerified).find(
      (operation) => moveInHistory(database, site, cluster, operation) !== null,
    );
    return found ?? book.newest(cluster);
  }

  /** How a move is verified; one that has not been yet is begun. Null: nobody knows of such a move. */
  state(cluster: string, operation: string): VerificationState | null {
    const kept = this.ports.book.latest(cluster, operation);
    if (kept === null && !this.running.has(key(cluster, operation)) && !this.begin(cluster, operation))
      return null;
    const looks = this.ports.book.looks(cluster, operation);
    return { operation, kept, looks, progress: this.progress(cluster, operation) };
  }

  /** Looks at the evidence of a move again; what was found before is kept. */
  checkAgain(cluster: string, operation: string): Result<VerificationState, ProductError> {
    if (!this.running.has(key(cluster, operation)) && !this.begin(cluster, operation)) {
      const said = `The history of this workstation tells of no move ${operation} of ${cluster}.`;
      return fail(productError('verification.no-move', said));
    }
    return succeed(this.state(cluster, operation)!);
  }

  private progress(cluster: string, operation: string): VerificationProgress | null {
    const running = this.running.get(key(cluster, operation));
    if (running === undefined) return null;
    const { startedMs, looks, awaits } = running;
    return { sinceMs: this.ports.time.bootMs() - startedMs, limitMs: settleWithinMs, looks, awaits };
  }

  private turn(): void {
    try {
      const { view, time, earlier } = this.ports;
      const seen = view();
      const { clusters } = siteSight(seen, 0);
      for (const cluster of seen.clusters) {
        const sight = clusters.find((one) => one.cluster.id === cluster.id);
        earlier.look(cluster, sight, time.wallTime());
      }
      this.findMoves();
    } catch (cause) {
      this.ports.log.error('moves could not be looked for', cause);
    }
    if (!this.stopped) this.cancel = this.ports.time.after(lookEveryMs, () => this.turn());
  }

  /** Only what the journals have grown by can tell of a new move, or of the end of one. */
  private findMoves(): void {
    const { progress, site } = this.ports;
    const heads = progress()
      .map(({ head }) => head)
      .join();
    if (heads === this.heads && !this.more) return;
    this.heads = heads;
    this.more = false;
    for (const { id } of site.clusters) this.findMovesOf(id);
  }

  private findMovesOf(cluster: string): void {
    const { database, site, book } = this.ports;
    const operations = recentOperations(database, cluster, movesVerified).filter((operation) => {
      const name = key(cluster, operation);
      return !this.noMoves.has(name) && !this.running.has(name) && !book.has(cluster, operation);
    });
    for (const operation of operations) {
      const found = moveInHistory(database, site, cluster, operation);
      const isAwaited = found === null || found.move.endedAt === null;
      if (isAwaited && this.isYoung(key(cluster, operation))) this.more = true;
      else if (found === null) this.noMoves.add(key(cluster, operation));
      else if (this.running.size >= atOnce) this.more = true;
      else this.begin(cluster, operation);
    }
  }

  /** More of it may still be written, or be on its way. */
  private isYoung(name: string): boolean {
    const now = this.ports.time.bootMs();
    const seenMs = this.firstSeen.get(name) ?? now;
    this.firstSeen.set(name, seenMs);
    return now - seenMs < endAwaitedMs;
  }

  private begin(cluster: string, operation: string): boolean {
    const { database, site, time, log } = this.ports;
    const found = moveInHistory(database, site, cluster, operation);
    if (found === null || this.stopped) return false;
    const running: Running = { startedMs: time.bootMs(), looks: 0, awaits: 'The evidence is collected.' };
    this.running.set(key(cluster, operation), running);
    this.follow(found.move, running)
      .catch((cause: unknown) => {
        if (!this.stopped)
          log.error(`the move ${operation} could not be verified: ${describeCause(cause)}`, cause);
      })
      .finally(() => {
        this.running.delete(key(cluster, operation));
        this.firstSeen.delete(key(cluster, operation));
      });
    return true;
  }

  private follow(move: Move, running: Running): Promise<void> {
    const { book, time } = this.ports;
    const isOver = this.newestOperation(move.cluster) !== move.operation;
    return followMove({
      book,
      isOver,
      settleWithinMs: isOver ? 0 : settleWithinMs,
      sinceMs: () => time.bootMs() - running.startedMs,
      isStopped: () => this.stopped,
      look: async () => {
        const verification = await this.look(move);
        running.looks += 1;
        return verification;
      },
      awaiting: (sentence) => {
        running.awaits = sentence;
        return new Promise<void>((resolve) => time.after(collectEveryMs, resolve));
      },
    });
  }

  private async look(move: Move): Promise<Verification> {
    const { database, site, time } = this.ports;
    const found = moveInHistory(database, site, move.cluster, move.operation) ?? { move, records: [] };
    const evidence = await collectEvidence(found.move, found.records, this.ports);
    return verifyMove(evidence, { site: site.id, checkedAt: time.wallTime() });
  }
}

const key = (cluster: string, operation: string) => `${cluster} ${operation}`;
