import type { Clock, Timers } from '../../shared/clock.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { mountUnitOf, pathWords } from '../../shared/storage/mount-control.ts';
import { usualMountSeconds, type StorageMount } from '../../shared/site/site-document.ts';
import { isMountPoint, readMountList } from '../services/kernel-mounts.ts';
import { runProgram, type RunProgram } from '../services/run-program.ts';
import { pause } from '../system-timers.ts';
import { firstLineSaid } from '../services/first-line-said.ts';

/** The mount of a shared directory as the service manager has it. It alone mounts and unmounts; never by force. */
export interface MountUnit {
  readonly name: string;
  /** By the kernel's own list, which no storage can keep waiting; null: it cannot be read. */
  isMounted(): boolean | null;
  /** Why it could not be mounted whatever the storage does, as the end of a sentence; null: the unit is there. */
  trouble(): Promise<string | null>;
  /** Has it mounted within its limit. What was seen, or why not, as a sentence without its full stop. */
  mount(): Promise<Result<string, string>>;
  /** Asks for its end, again and again, and looks for so long whether it has come. What was seen, or why not. */
  unmount(withinMs: number): Promise<Result<string, string>>;
}

export interface MountOutside {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly run?: RunProgram;
  /** The kernel's list of mounts; only tests have another one. */
  readonly list?: () => string;
}

const askLimitMs = 5_000;
/** Only hands the wish over: the service manager unmounts by itself. */
const stopLimitMs = 2_000;
const lookEveryMs = 25;
/** A service manager tries once: what uses the mount for a moment, such as a look at it, would keep it there. */
const askAgainMs = 100;

export function openMountUnit(
  storage: { readonly directory: string },
  mount: StorageMount,
  outside: MountOutside,
): MountUnit {
  return new SystemdMount(storage.directory, mount.seconds ?? usualMountSeconds, outside);
}

class SystemdMount implements MountUnit {
  readonly name: string;
  private readonly directory: string;
  private readonly seconds: number;
  private readonly outside: MountOutside;
  /** One wish after the other: a stop that was asked for before must not reach the service manager after a start. */
  private asking: Promise<unknown> = Promise.resolve();
  /** Counts what was wished for: an older wish is not repeated. */
  private wishes = 0;
  /** A stop was asked for and has not led to the end: the service manager may have noted a failure. */
  private mayHaveFailed = false;

  constructor(directory: string, seconds: number, outside: MountOutside) {
    this.name = mountUnitOf(directory);
    this.directory = `/${pathWords(directory)}`;
    this.seconds = seconds;
    this.outside = outside;
  }

  isMounted(): boolean | null {
    try {
      return isMountPoint((this.outside.list ?? readMountList)(), this.directory);
    } catch {
      return null;
    }
  }

  async trouble(): Promise<string | null> {
    const shown = await this.systemctl(['show', '-p', 'LoadState', '--', this.name], askLimitMs);
    const state = /^LoadState=(\S+)$/m.exec(shown.output)?.[1];
    if (state === 'loaded') return null;
    if (state === 'not-found') return `there is no unit ${this.name}`;
    if (state !== undefined) return `${this.name} cannot be started: its unit is ${state}`;
    return `${this.name} is not known to be there: the service manager gives no answer`;
  }

  async mount(): Promise<Result<string, string>> {
    const { clock } = this.outside;
    const startedMs = clock.bootMs();
    const was = this.isMounted() === true;
    this.wishes += 1;
    const done = await this.inTurn(async () => {
      await this.systemctl(['reset-failed', '--', this.name], stopLimitMs);
      // Also where it is mounted: that takes back a stop which the service manager has not begun.
      return this.systemctl(['start', '--', this.name], this.seconds * 1000);
    });
    if (done.timedOut) return fail(`${this.name} was not mounted within ${this.seconds} s`);
    if (done.code !== 0) {
      const said = firstLineSaid(done.output);
      return fail(`${this.name} could not be mounted${said && `: ${said}`}`);
    }
    if (this.isMounted() === false)
      return fail(`${this.name} was started, but nothing is mounted on ${this.directory}`);
    const tookMs = Math.round(clock.bootMs() - startedMs);
    return succeed(was ? `${this.name} was mounted already` : `${this.name} is mounted after ${tookMs} ms`);
  }

  async unmount(withinMs: number): Promise<Result<string, string>> {
    const { clock, timers } = this.outside;
    if (this.isMounted() === false) return succeed(`${this.name} was not mounted`);
    const startedMs = clock.bootMs();
    const passedMs = () => clock.bootMs() - startedMs;
    const wish = (this.wishes += 1);
    let [askAtMs, waitMs] = [0, askAgainMs];
    while (passedMs() < withinMs) {
      if (passedMs() >= askAtMs && wish === this.wishes) {
        const refused = await this.askForEnd(wish);
        if (refused !== null) return fail(`${this.name} could not be unmounted: ${refused}`);
        this.mayHaveFailed ||= waitMs > askAgainMs;
        askAtMs = passedMs() + waitMs;
        waitMs *= 2;
      }
      if (this.isMounted() === false) {
        this.forgetFailure();
        return succeed(`${this.name} is unmounted after ${Math.round(passedMs())} ms`);
      }
      await pause(timers, lookEveryMs);
    }
    this.mayHaveFailed = true;
    const why = 'something uses it, or its storage does not answer';
    return fail(`${this.name} is still mounted after ${(withinMs / 1000).toFixed(1)} s: ${why}`);
  }

  /** Why it cannot be asked for, as the end of a sentence; null: it was, or something else was wished for since. */
  private async askForEnd(wish: number): Promise<string | null> {
    const asked = await this.inTurn(async () =>
      wish === this.wishes ? this.systemctl(['stop', '--no-block', '--', this.name], stopLimitMs) : null,
    );
    if (asked === null || asked.code === 0) return null;
    return firstLineSaid(asked.output) || 'the service manager gives no answer';
  }

  /** A unit that could not be stopped at first counts as failed once it is. */
  private forgetFailure(): void {
    if (this.mayHaveFailed)
      void this.inTurn(() => this.systemctl(['reset-failed', '--', this.name], stopLimitMs));
    this.mayHaveFailed = false;
  }

  private inTurn<Value>(ask: () => Promise<Value>): Promise<Value> {
    const asked = this.asking.then(ask);
    this.asking = asked.catch(() => undefined);
    return asked;
  }

  private systemctl(args: readonly string[], limitMs: number): ReturnType<RunProgram> {
    return (this.outside.run ?? runProgram)('systemctl', args, limitMs);
  }
}
