import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../shared/clock.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { runProgram } from './run-program.ts';
import type { EngineService } from './engine-service.ts';

const killSeenEmptyMs = 5_000;

/**
 * The engine as a systemd unit. Whether it runs is read from its control group (one small file, no process
 * started), so that ten looks a second cost next to nothing; changes go through systemctl.
 */
export class SystemdService implements EngineService {
  private readonly unit: string;
  private readonly cluster: string;
  private readonly clock: Clock;
  private readonly group: string;
  private runningSinceMs: number | null = null;

  constructor(unit: string, cluster: string, clock: Clock) {
    this.unit = unit;
    this.cluster = cluster;
    this.clock = clock;
    this.group = controlGroupFolder(unit);
  }

  observe(): ReturnType<EngineService['observe']> {
    const runs = this.populated();
    if (runs === null) return Promise.resolve(fail('its control group cannot be read'));
    this.runningSinceMs = runs ? (this.runningSinceMs ?? this.clock.bootMs()) : null;
    const runningMs = this.runningSinceMs === null ? null : this.clock.bootMs() - this.runningSinceMs;
    return Promise.resolve(succeed({ process: runs ? 'running' : 'stopped', runningMs }));
  }

  async start(timeLimitMs: number): Promise<Result<void, string>> {
    await runProgram('systemctl', ['reset-failed', this.unit], 2_000);
    const started = await runProgram('systemctl', ['start', this.unit], timeLimitMs);
    if (this.populated() === true) return succeed(undefined);
    // A refusal by the gate returns 0: only the unit itself tells.
    const shown = await runProgram(
      'systemctl',
      ['show', this.unit, '-p', 'ActiveState,Result,ExecCondition'],
      2_000,
    );
    const condition = /status=(\d+)/.exec(shown.output)?.[1];
    if (condition !== undefined && condition !== '0') return fail('the gate refused the start');
    return fail(
      `the service manager did not start it: ${(started.output || shown.output).trim().slice(0, 200)}`,
    );
  }

  async stop(graceMs: number): Promise<Result<void, string>> {
    await runProgram('systemctl', ['stop', this.unit], graceMs);
    return this.populated() === false ? succeed(undefined) : this.kill();
  }

  async kill(): Promise<Result<void, string>> {
    const killFile = join(this.group, 'cgroup.kill');
    const direct = existsSync(killFile);
    try {
      if (direct) writeFileSync(killFile, '1');
      else if (this.populated() !== false)
        await runProgram('systemctl', ['kill', '--signal=KILL', this.unit], 2_000);
    } catch {
      // The group vanished between the look and the write: whether it is empty is proven below.
    }
    const gone = await this.seenEmpty(killSeenEmptyMs);
    void runProgram('systemctl', ['stop', '--no-block', this.unit], 2_000);
    return gone ? succeed(undefined) : fail('its control group is not empty');
  }

  async restartGuard(number: 1 | 2): Promise<Result<void, string>> {
    const done = await runProgram(
      'systemctl',
      ['restart', `ixha-guard-${number}@${this.cluster}.service`],
      5_000,
    );
    return done.code === 0 ? succeed(undefined) : fail(done.output.trim().slice(0, 200));
  }

  /** Null when it cannot be read; a group that does not exist is empty. */
  private populated(): boolean | null {
    try {
      return /^populated 1$/m.test(readFileSync(join(this.group, 'cgroup.events'), 'utf8'));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      return code === 'ENOENT' || code === 'ENODEV' ? false : null;
    }
  }

  private async seenEmpty(limitMs: number): Promise<boolean> {
    const until = this.clock.bootMs() + limitMs;
    while (this.populated() !== false) {
      if (this.clock.bootMs() > until) return false;
      await pause(10);
    }
    return true;
  }
}

/** Folder of the unit's control group below the version 2 tree, wherever that is mounted. */
function controlGroupFolder(unit: string): string {
  const mount = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .find((fields) => fields[2] === 'cgroup2')?.[1];
  return join(mount ?? '/sys/fs/cgroup', 'system.slice', unit);
}
