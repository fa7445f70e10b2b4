import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../shared/clock.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import {
  controlGroupTree,
  findControlGroup,
  groupIdentity,
  groupLife,
  groupPopulated,
  groupProcesses,
  onlyTheGate,
  sliceFolder,
  type ControlGroupTree,
} from './control-group.ts';
import type { EngineService } from './engine-service.ts';
import { GroupWatch } from './group-watch.ts';
import { hostStopping } from './host-stopping.ts';
import { runProgram, type RunProgram } from './run-program.ts';

const killSeenEmptyMs = 5_000;
const askLimitMs = 2_000;
/** How often the service manager is asked for a stopped unit's place, and the tree searched for it. */
const askAgainMs = 60_000;
const searchAgainMs = 5_000;
/** The same while it is not known where the unit belongs. */
const unknownAskAgainMs = 1_000;
const unknownSearchAgainMs = 500;
/** A stop that the service manager did not take up is asked for again after this. */
const stopAgainMs = 200;
const stopLookMs = 20;

/** What surrounds the service; tests put their own tree and programs here. */
export interface SystemdOutside {
  readonly clock: Clock;
  readonly tree: ControlGroupTree | null;
  readonly run: RunProgram;
  /** Name of a process; only tests have another one. */
  readonly nameOf?: (pid: number) => string | null;
}

/**
 * The engine as a systemd unit. Whether it runs is read from its control group (one small file, no process
 * started), and its end and its start are told by a watch of that group; changes go through systemctl.
 *
 * A stopped unit has no group, and neither has one that is looked for in the wrong place: only where the service
 * manager has said which slice the unit belongs to does a missing group mean "stopped".
 */
export class SystemdService implements EngineService {
  private readonly unit: string;
  private readonly cluster: string;
  private readonly clock: Clock;
  private readonly tree: ControlGroupTree | null;
  private readonly run: RunProgram;
  private readonly nameOf: SystemdOutside['nameOf'];
  /** Where the unit's group is when it runs, as the service manager said or as it was found. */
  private group: string | null = null;
  /** Whether the service manager has told the place, and when it was last asked. */
  private placeTold = false;
  private askedMs = -Infinity;
  private searchedMs = -Infinity;
  private asking: Promise<void> | null = null;
  /** The service manager has said that it counts no starts of the unit: none has to be forgotten before the next. */
  private startsUncounted = false;
  /** It is being told of an end that it had no part in. */
  private stopTold: Promise<unknown> | null = null;
  private runningSinceMs: number | null = null;
  /** Identity of the group it was last seen in. */
  private seenGroup: number | null = null;
  private changed: () => void = () => undefined;
  private readonly watch = new GroupWatch(() => this.changed());

  constructor(unit: string, cluster: string, outside: SystemdOutside) {
    this.unit = unit;
    this.cluster = cluster;
    this.clock = outside.clock;
    this.tree = outside.tree;
    this.run = outside.run;
    this.nameOf = outside.nameOf;
  }

  async observe(): ReturnType<EngineService['observe']> {
    if (this.tree === null) return fail('this server has no version 2 control groups');
    const sinceAskedMs = this.clock.bootMs() - this.askedMs;
    let runs = this.populated();
    if (runs === null && sinceAskedMs > unknownAskAgainMs) {
      await this.ask();
      runs = this.populated();
    }
    if (runs === null) return fail('its control group cannot be found or read');
    if (runs && !this.knowsThisLife()) runs = await this.isNoGate();
    if (runs === null) return fail('its control group cannot be found or read');
    // A unit may be moved to another slice: asked beside the look, which does not wait for the answer.
    if (!runs && sinceAskedMs > askAgainMs) void this.ask();
    this.noteLife(runs);
    const runningMs = this.runningSinceMs === null ? null : this.clock.bootMs() - this.runningSinceMs;
    return succeed({ process: runs ? 'running' : 'stopped', runningMs });
  }

  /**
   * Whether what runs there is an engine. The gate may end while it is looked at: then the group is empty by now, or the
   * gate of the next start is in it. An engine is still there at the third look, and no gate with it alone.
   */
  private async isNoGate(): Promise<boolean | null> {
    for (let look = 1; look <= 3; look += 1) {
      if (this.isOnlyTheGate()) return false;
      if (this.populated() === null) await this.ask();
      const runs = this.populated();
      if (runs !== true) return runs;
    }
    return true;
  }

  /** An engine was seen in this group: the gate comes before the engine, never after it. */
  private knowsThisLife(): boolean {
    return this.group !== null && this.seenGroup !== null && this.seenGroup === groupIdentity(this.group);
  }

  private isOnlyTheGate(): boolean {
    return this.group !== null && onlyTheGate(this.group, this.nameOf);
  }

  /** A unit that was started again between two looks has another group: its time begins anew. */
  private noteLife(runs: boolean): void {
    const life = runs && this.group !== null ? groupIdentity(this.group) : null;
    const goesOn = runs && (life === null || this.seenGroup === null || life === this.seenGroup);
    this.runningSinceMs = runs ? ((goesOn ? this.runningSinceMs : null) ?? this.clock.bootMs()) : null;
    this.seenGroup = runs ? (life ?? this.seenGroup) : null;
    this.watchWhatWasSeen(life);
  }

  /** A group without an engine, but with a gate perhaps, turns into one with an engine unseen. */
  private watchWhatWasSeen(life: number | null): void {
    const { group } = this;
    if (group !== null && life !== null) return this.watch.runsIn(group, life);
    const above =
      group === null || !this.placeTold || existsSync(group) ? null : groupIdentity(dirname(group));
    if (group === null || above === null) return this.watch.nothing();
    this.watch.comesAt(group, above);
  }

  onChange(told: () => void): void {
    this.changed = told;
  }

  tellsChange(): boolean {
    return this.watch.sure();
  }

  async start(timeLimitMs: number): Promise<Result<void, string>> {
    // Or it would undo the start that comes after it.
    await this.stopTold;
    if (!this.startsUncounted) await this.run('systemctl', ['reset-failed', this.unit], askLimitMs);
    const started = await this.run('systemctl', ['start', this.unit], timeLimitMs);
    this.searchedMs = -Infinity;
    if (this.populated() === true) return succeed(undefined);
    // A refusal by the gate returns 0: only the unit itself tells.
    const shown = await this.run(
      'systemctl',
      ['show', this.unit, '-p', 'ActiveState,Result,ExecCondition'],
      askLimitMs,
    );
    const condition = /status=(\d+)/.exec(shown.output)?.[1];
    if (condition !== undefined && condition !== '0') return fail('the gate refused the start');
    return fail(
      `the service manager did not start it: ${(started.output || shown.output).trim().slice(0, 200)}`,
    );
  }

  /** A stop that the service manager refuses, or cannot queue, is asked for again until the time is over. */
  async stop(graceMs: number): Promise<Result<void, string>> {
    // Where its group lies is what proves the end: asked beside the stop, which does not wait for it.
    const placed = this.ask();
    const untilMs = this.clock.bootMs() + graceMs;
    const leftMs = () => untilMs - this.clock.bootMs();
    while (leftMs() > 0) {
      const done = await this.run('systemctl', ['stop', this.unit], leftMs());
      await placed;
      this.searchedMs = -Infinity;
      const waitMs = done.code === 0 ? leftMs() : Math.min(stopAgainMs, leftMs());
      if (await this.seenEmpty(waitMs, stopLookMs)) return succeed(undefined);
    }
    return this.kill();
  }

  async kill(): Promise<Result<void, string>> {
    this.searchedMs = -Infinity;
    if (this.populated() !== false) await this.killGroup();
    // After the kill, which must not wait for it: what proves the end.
    if (!this.placeTold) await this.ask();
    const gone = await this.seenEmpty(killSeenEmptyMs, 10);
    this.stopTold = this.run('systemctl', ['stop', '--no-block', this.unit], askLimitMs);
    return gone ? succeed(undefined) : fail('its control group is not seen empty');
  }

  processes(): Promise<Result<readonly number[], string>> {
    try {
      const runs = this.populated();
      if (runs === null) return Promise.resolve(fail('its control group cannot be found or read'));
      return Promise.resolve(succeed(runs && this.group !== null ? groupProcesses(this.group) : []));
    } catch (error) {
      return Promise.resolve(fail(`its control group cannot be read: ${String(error)}`));
    }
  }

  life(): Promise<string | null> {
    const runs = this.populated() === true;
    return Promise.resolve(runs && this.group !== null ? groupLife(this.group) : null);
  }

  async restartGuard(number: 1 | 2): Promise<Result<void, string>> {
    const unit = `ixha-guard-${number}@${this.cluster}.service`;
    const done = await this.run('systemctl', ['restart', unit], 5_000);
    return done.code === 0 ? succeed(undefined) : fail(done.output.trim().slice(0, 200));
  }

  serverStops(): Promise<boolean> {
    return hostStopping(this.run);
  }

  private async killGroup(): Promise<void> {
    const killFile = this.group === null ? null : join(this.group, 'cgroup.kill');
    try {
      if (killFile !== null && existsSync(killFile)) return writeFileSync(killFile, '1');
    } catch {
      // The group vanished between the look and the write: whether it is empty is proven below.
    }
    await this.run('systemctl', ['kill', '--signal=KILL', this.unit], askLimitMs);
  }

  /** Null when it cannot be known: the group is not there, and it is not certain where it would be. */
  private populated(): boolean | null {
    try {
      const known = this.group === null ? null : groupPopulated(this.group);
      if (known !== null) return known;
      const found = this.search();
      if (found !== null) return found;
      return this.placeTold ? false : null;
    } catch {
      return null;
    }
  }

  private search(): boolean | null {
    const nowMs = this.clock.bootMs();
    const againMs = this.placeTold ? searchAgainMs : unknownSearchAgainMs;
    if (this.tree === null || nowMs - this.searchedMs < againMs) return null;
    this.searchedMs = nowMs;
    const found = findControlGroup(this.tree.root, this.unit);
    if (found === null) return null;
    this.group = found;
    return groupPopulated(found);
  }

  /** Asks the service manager for the unit's group. Without an answer what is known stays. */
  private ask(): Promise<void> {
    this.asking ??= this.askOnce().finally(() => {
      this.asking = null;
    });
    return this.asking;
  }

  /** @param again a group that was named and is not there, since it ended meanwhile, is asked for once more */
  private async askOnce(again = true): Promise<void> {
    this.askedMs = this.clock.bootMs();
    const shown = await this.run(
      'systemctl',
      ['show', this.unit, '-p', 'LoadState,ControlGroup,Slice,StartLimitIntervalUSec'],
      askLimitMs,
    );
    if (shown.code !== 0 || this.tree === null) return;
    const { mount, root } = this.tree;
    const value = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(shown.output)?.[1] ?? '';
    const [group, slice] = [value('ControlGroup'), value('Slice')];
    const bySlice = slice === '' ? null : join(root, sliceFolder(slice), this.unit);
    // The manager names its own root with the group; only a unit that has processes has one.
    const candidates = [bySlice, group === '' ? null : join(mount, group)].filter((at) => at !== null);
    const there = candidates.find((at) => existsSync(at));
    if (group !== '' && there === undefined && again) return this.askOnce(false);
    this.group = there ?? bySlice;
    // A unit that is not loaded belongs nowhere and runs nowhere.
    this.placeTold =
      (group === '' || there !== undefined) && (bySlice !== null || value('LoadState') === 'not-found');
    this.startsUncounted = value('StartLimitIntervalUSec') === '0';
  }

  private async seenEmpty(limitMs: number, lookMs: number): Promise<boolean> {
    const untilMs = this.clock.bootMs() + limitMs;
    for (;;) {
      if (this.populated() === false) return true;
      const leftMs = untilMs - this.clock.bootMs();
      if (leftMs <= 0) return false;
      await pause(Math.min(lookMs, leftMs));
    }
  }
}

/** The unit on this server, with its real control groups and programs. */
export function openSystemdService(unit: string, cluster: string, clock: Clock): SystemdService {
  return new SystemdService(unit, cluster, { clock, tree: controlGroupTree(), run: runProgram });
}
