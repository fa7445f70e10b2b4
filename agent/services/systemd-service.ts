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
export function openSystemdService(unit: string, cluster: string, clock: Clock): EngineService {
  const group = controlGroupFolder(unit);
  let runningSinceMs: number | null = null;

  function populated(): boolean | null {
    const events = join(group, 'cgroup.events');
    try {
      return /^populated 1$/m.test(readFileSync(events, 'utf8'));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      return code === 'ENOENT' || code === 'ENODEV' ? false : null;
    }
  }

  async function empty(limitMs: number): Promise<boolean> {
    const until = clock.bootMs() + limitMs;
    while (populated() !== false) {
      if (clock.bootMs() > until) return false;
      await pause(10);
    }
    return true;
  }

  async function kill(): Promise<Result<void, string>> {
    const killFile = join(group, 'cgroup.kill');
    try {
      if (existsSync(killFile)) writeFileSync(killFile, '1');
    } catch {
      // The group vanished between the look and the write: it is empty, which is proven below.
    }
    if (!existsSync(killFile) && populated() !== false) {
      await runProgram('systemctl', ['kill', '--signal=KILL', unit], 2_000);
    }
    const gone = await empty(killSeenEmptyMs);
    void runProgram('systemctl', ['stop', '--no-block', unit], 2_000);
    return gone ? succeed(undefined) : fail('its control group is not empty');
  }

  return {
    observe() {
      const runs = populated();
      if (runs === null) return Promise.resolve(fail('its control group cannot be read'));
      if (!runs) runningSinceMs = null;
      else runningSinceMs ??= clock.bootMs();
      const runningMs = runningSinceMs === null ? null : clock.bootMs() - runningSinceMs;
      return Promise.resolve(succeed({ process: runs ? 'running' : 'stopped', runningMs }));
    },
    async start(timeLimitMs) {
      await runProgram('systemctl', ['reset-failed', unit], 2_000);
      const started = await runProgram('systemctl', ['start', unit], timeLimitMs);
      if (populated() === true) return succeed(undefined);
      // A refusal by the gate returns 0: only the unit itself tells.
      const shown = await runProgram(
        'systemctl',
        ['show', unit, '-p', 'ActiveState,Result,ExecCondition'],
        2_000,
      );
      const condition = /status=(\d+)/.exec(shown.output)?.[1];
      if (condition !== undefined && condition !== '0') return fail('the gate refused the start');
      return fail(
        `the service manager did not start it: ${(started.output || shown.output).trim().slice(0, 200)}`,
      );
    },
    async stop(graceMs) {
      await runProgram('systemctl', ['stop', unit], graceMs);
      return populated() === false ? succeed(undefined) : kill();
    },
    kill,
    async restartGuard(number) {
      const done = await runProgram(
        'systemctl',
        ['restart', `ixha-guard-${number}@${cluster}.service`],
        5_000,
      );
      return done.code === 0 ? succeed(undefined) : fail(done.output.trim().slice(0, 200));
    },
  };
}

/** Folder of the unit's control group below the version 2 tree, wherever that is mounted. */
function controlGroupFolder(unit: string): string {
  const mount = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .find((fields) => fields[2] === 'cgroup2')?.[1];
  return join(mount ?? '/sys/fs/cgroup', 'system.slice', unit);
}
