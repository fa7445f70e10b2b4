/**
 * Copies the directory of this member to the other one while it is Active, again and again, beside everything else:
 * each copy is a child process with a time limit, and nothing here waits for one but the step that makes the last.
 * Nothing here decides; what it knows goes into the facts.
 */
import type { CancelTimer, Clock, Timers } from '../../shared/clock.ts';
import { readCopyState, type CopyState } from '../../shared/copying/copy-state.ts';
import type { CopyFailure } from '../../shared/copying/copy-verdict.ts';
import type { CopiedFacts } from '../../shared/failover/member-facts.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { CopiedStorage } from '../../shared/site/member-config.ts';
import type { Files } from '../durable/files.ts';
import type { CopyAttempt, CopyReading, CopyScript } from '../storage/copy-script.ts';

export interface CopyKeeperPorts {
  readonly script: CopyScript;
  readonly storage: Pick<CopiedStorage, 'everySeconds' | 'lagLimitSeconds'>;
  /** The directory, for people. */
  readonly place: string;
  /** Where the script tells what lies here; on the memory file system. */
  readonly stateFile: string;
  readonly peerName: string;
  readonly files: Files;
  readonly clock: Clock;
  readonly timers: Timers;
  /** The epoch whose data is to be copied now; null: this member is not Active. */
  readonly epoch: () => number | null;
  /** Another copy has ended, or another one has come in. */
  readonly onChange: () => void;
  /** For the journal. */
  readonly note: (sentence: string, fine: boolean) => void;
}

/** What is known of copying, for people. */
export interface CopyView {
  readonly state: CopyState | null;
  readonly sends: boolean;
  /** The last one that this agent has sent completely under the present epoch; null: none. */
  readonly lastSent: CopyReading | null;
  /** By how much the directory has grown between that and the last reading; null: not known. */
  readonly unsentBytes: number | null;
  readonly failure: CopyFailure | null;
}

/** A first copy may take long; one that makes no headway is ended much earlier by the script itself. */
const copyLimitMs = 6 * 3_600_000;
const lookLimitMs = 20_000;
/** The state is read again by whoever asks, but not more often. */
const stateAgeMs = 150;

export class CopyKeeper {
  private readonly ports: CopyKeeperPorts;
  private epoch: number | null = null;
  /** Since when this epoch is to be copied. */
  private dueSinceMs = 0;
  private lastSent: CopyReading | null = null;
  private lastRead: CopyReading | null = null;
  private failure: CopyFailure | null = null;
  private copying: Promise<unknown> | null = null;
  private makesLast = false;
  private closed = false;
  private timer: CancelTimer | null = null;
  private known: CopyState | null = null;
  private knownAtMs = -Infinity;
  private toldDiverged = 0;

  constructor(ports: CopyKeeperPorts) {
    this.ports = ports;
    void ports.script.look('look', lookLimitMs).then((looked) => {
      if (!looked.ok) ports.note(`What lies in ${ports.place} cannot be told: ${looked.error}.`, false);
      ports.onChange();
    });
    this.schedule(1_000);
  }

  close(): void {
    this.closed = true;
    this.timer?.();
  }

  /** What lies here, as the script told it last; null: it has not. */
  state(): CopyState | null {
    const { clock, files, stateFile } = this.ports;
    const nowMs = clock.bootMs();
    if (nowMs - this.knownAtMs < stateAgeMs) return this.known;
    this.knownAtMs = nowMs;
    try {
      this.known = readCopyState(files.read(stateFile));
    } catch {
      this.known = null;
    }
    this.noticeDiverged(this.known);
    return this.known;
  }

  facts(nowMs: number): CopiedFacts {
    const { storage } = this.ports;
    const sends = this.sendingEpoch() !== null;
    return {
      state: this.state(),
      lagLimitMs: storage.lagLimitSeconds * 1000,
      lagMs: sends ? nowMs - (this.lastSent?.beganMs ?? this.dueSinceMs) : null,
      failure: this.failure?.seen ?? null,
    };
  }

  view(): CopyView {
    const { lastSent, lastRead, failure } = this;
    const unsentBytes = lastSent && lastRead ? Math.max(0, lastRead.bytes - lastSent.bytes) : null;
    return { state: this.state(), sends: this.sendingEpoch() !== null, lastSent, unsentBytes, failure };
  }

  /**
   * The last copy of an epoch, with the engine proven stopped: once it is complete nothing more is copied under that
   * epoch. Waits for one that is under way. The failure is a sentence.
   */
  async last(epoch: number, limitMs: number): Promise<Result<string, string>> {
    const untilMs = this.ports.clock.bootMs() + limitMs;
    this.makesLast = true;
    try {
      await within(this.ports.timers, this.copying, limitMs);
      if (this.copying !== null) return fail('the copy before has not ended in time');
      const startedMs = this.ports.clock.bootMs();
      const attempt = await this.attempt(epoch, { final: true, limitMs: untilMs - startedMs });
      if (attempt.failure !== null) return fail(attempt.failure.seen);
      const { bytes, files } = attempt.reading!;
      const tookMs = this.ports.clock.bootMs() - startedMs;
      return succeed(
        `the last copy is complete on ${this.ports.peerName} after ${tookMs} ms: ${files} files, ${bytes} bytes, nothing is lost`,
      );
    } finally {
      this.makesLast = false;
    }
  }

  /** The engine starts again although the last copy of this epoch was made: from now on that is not the last any more. */
  async reopen(epoch: number): Promise<Result<void, string>> {
    if (this.state()?.givenEpoch !== epoch) return succeed(undefined);
    const reopened = await this.ports.script.look('reopen', lookLimitMs);
    this.knownAtMs = -Infinity;
    return reopened;
  }

  /** What was told before does not count any more: a takeover has changed what lies here. */
  forget(): void {
    this.knownAtMs = -Infinity;
  }

  private sendingEpoch(): number | null {
    const epoch = this.ports.epoch();
    if (epoch !== this.epoch) {
      this.epoch = epoch;
      this.dueSinceMs = this.ports.clock.bootMs();
      this.lastSent = null;
      this.lastRead = null;
      this.failure = null;
    }
    return epoch;
  }

  private schedule(afterMs: number): void {
    if (this.closed) return;
    this.timer = this.ports.timers.after(afterMs, () => void this.turn());
  }

  private async turn(): Promise<void> {
    const epoch = this.sendingEpoch();
    if (epoch !== null && !this.makesLast && this.copying === null && this.state()?.givenEpoch !== epoch) {
      await this.attempt(epoch, { final: false, limitMs: copyLimitMs });
    }
    this.schedule(this.ports.storage.everySeconds * 1000);
  }

  private async attempt(
    epoch: number,
    { final, limitMs }: { readonly final: boolean; readonly limitMs: number },
  ): Promise<CopyAttempt> {
    const sequence = Math.round(this.ports.clock.bootMs());
    const copying = this.ports.script
      .send({ epoch, sequence, final, limitMs })
      .catch((error: unknown) => broken(String(error)));
    this.copying = copying;
    const attempt = await copying;
    this.copying = null;
    if (epoch === this.epoch || final) this.take(attempt);
    this.forget();
    this.ports.onChange();
    return attempt;
  }

  private take({ reading, failure }: CopyAttempt): void {
    if (reading !== null) this.lastRead = reading;
    if (failure === null) this.lastSent = reading;
    const before = this.failure;
    this.failure = failure;
    const { note, peerName } = this.ports;
    if (failure !== null && failure.code !== before?.code)
      note(`The copy to ${peerName} is not complete: ${failure.seen}.`, false);
    if (failure === null && before !== null) note(`The copy to ${peerName} is complete again.`, true);
  }

  /** This member was Active until it failed: what it had written last is in no copy. It is told, and never deleted. */
  private noticeDiverged(state: CopyState | null): void {
    if (state === null || state.whole === null || state.dataEpoch === 0) return;
    const { dataEpoch, givenEpoch, whole } = state;
    if (whole.epoch <= dataEpoch || givenEpoch === dataEpoch || this.toldDiverged === dataEpoch) return;
    this.toldDiverged = dataEpoch;
    const { place } = this.ports;
    this.ports.note(
      `What was written here under epoch ${dataEpoch} after its last complete copy is not in the copy that ${this.ports.peerName} sends under epoch ${whole.epoch}. It stays in ${place}, and is moved to ${place}/.ixha/aside before this member takes over.`,
      false,
    );
  }
}

function broken(seen: string): CopyAttempt {
  return { reading: null, sentBytes: null, failure: { code: 'not-run', seen } };
}

function within(timers: Timers, ended: Promise<unknown> | null, limitMs: number): Promise<void> {
  if (ended === null) return Promise.resolve();
  return new Promise((resolve) => {
    const cancel = timers.after(limitMs, resolve);
    void ended.then(() => {
      cancel();
      resolve();
    });
  });
}
