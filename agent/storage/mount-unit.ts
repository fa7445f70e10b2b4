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
  /** Asks for its end and looks for so long whether it has come. What was seen, or why not. */
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
    const asked = await this.inTurn(() =>
      this.systemctl(['stop', '--no-block', '--', this.name], stopLimitMs),
    );
    if (asked.code !== 0) {
      const said = firstLineSaid(asked.output) || 'the service manager gives no answer';
      return fail(`${this.name} could not be unmounted: ${said}`);
    }
    while (clock.bootMs() - startedMs < withinMs) {
      if (this.isMounted() === false)
        return succeed(`${this.name} is unmounted after ${Math.round(clock.bootMs() - startedMs)} ms`);
      await pause(timers, lookEveryMs);
    }
    const why = 'something uses it, or its storage does not answer';
    return fail(`${this.name} is still mounted after ${(withinMs / 1000).toFixed(1)} s: ${why}`);
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
