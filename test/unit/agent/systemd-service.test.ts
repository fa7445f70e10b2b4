import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ProgramResult } from '../../../agent/services/run-program.ts';
import { SystemdService } from '../../../agent/services/systemd-service.ts';

/** Goal: "stopped" is only said when it is known. Method: a folder as control group tree, systemctl as a function. */
const unit = 'iguanax@WK1.service';
const place = 'system.slice/system-iguanax.slice';
let root: string;
let nowMs: number;
let told: string;
let reachable: boolean;
let calls: string[];
/** Names of processes by their number. */
let names: Map<number, string>;
/** What happens while the processes are looked at. */
let looked: () => void;
/** What `systemctl stop` does at its n-th call, counted from 1. */
let onStop: (call: number) => { code: number };
/** What happens right after `systemctl show` was answered. */
let onShow: () => void;
/** When `systemctl stop --no-block` has its answer. */
let onStopToldAfter: Promise<void>;
/** What `systemctl start` does at its n-th call, counted from 1. */
let onStart: (call: number) => { code: number };

const result = (code: number | null, output = ''): ProgramResult => ({
  code,
  output,
  timedOut: false,
  left: null,
});

function open() {
  return new SystemdService(unit, 'WK1', {
    clock: { bootMs: () => nowMs, wallTime: () => '' },
    tree: { mount: root, root },
    nameOf: (pid) => {
      looked();
      return names.get(pid) ?? null;
    },
    run: (_file, args) => {
      calls.push(args[0] ?? '');
      nowMs += 10;
      if (!reachable) return Promise.resolve(result(1, 'Failed to connect to bus'));
      if (args[0] === 'show') {
        const answer = result(0, told);
        onShow();
        return Promise.resolve(answer);
      }
      if (args.includes('--no-block')) return onStopToldAfter.then(() => result(0));
      if (args[0] === 'start') {
        return Promise.resolve(result(onStart(calls.filter((call) => call === 'start').length).code));
      }
      if (args[0] === 'stop') {
        const stops = calls.filter((call) => call === 'stop').length;
        return Promise.resolve(result(onStop(stops).code));
      }
      return Promise.resolve(result(0));
    },
  });
}

function runsIn(folder: string, populated: 0 | 1 = 1) {
  mkdirSync(join(root, folder, unit), { recursive: true });
  writeFileSync(join(root, folder, unit, 'cgroup.events'), `populated ${populated}\nfrozen 0\n`);
}
const ends = () => rmSync(join(root, place, unit), { recursive: true, force: true });

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ixha-groups-'));
  nowMs = 1_000_000;
  told = `LoadState=loaded\nControlGroup=\nSlice=system-iguanax.slice\n`;
  reachable = true;
  calls = [];
  names = new Map();
  looked = () => undefined;
  onStop = () => ({ code: 0 });
  onStart = () => ({ code: 0 });
  onStopToldAfter = Promise.resolve();
  onShow = () => undefined;
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function seen(service: SystemdService) {
  const looked = await service.observe();
  return looked.ok ? looked.value.process : 'unknown';
}

describe('what runs', () => {
  it('is another life of the unit when its group was made anew between two looks', async () => {
    runsIn(place);
    const service = open();
    const age = async () => {
      const looked = await service.observe();
      return looked.ok ? looked.value.runningMs : null;
    };
    await age();
    nowMs += 5_000;
    expect(await age()).toBeGreaterThanOrEqual(5_000);
    runsIn('elsewhere');
    ends();
    renameSync(join(root, 'elsewhere', unit), join(root, place, unit));
    nowMs += 100;
    expect(await age()).toBeLessThan(100);
  });

  it('finds a template unit in its own slice, also while the service manager is silent', async () => {
    reachable = false;
    runsIn(place);
    expect(await seen(open())).toBe('running');
  });

  it('does not know while nobody has told where the group would be, and asks again after a while', async () => {
    reachable = false;
    const service = open();
    expect(await seen(service)).toBe('unknown');
    expect(await seen(service)).toBe('unknown');
    expect(calls).toEqual(['show']);
    nowMs += 1_001;
    reachable = true;
    expect(await seen(service)).toBe('stopped');
  });

  it('calls it stopped once the service manager has told its slice, and sees it start there', async () => {
    const service = open();
    expect(await seen(service)).toBe('stopped');
    runsIn(place);
    expect(await seen(service)).toBe('running');
    runsIn(place, 0);
    expect(await seen(service)).toBe('stopped');
    ends();
    expect(await seen(service)).toBe('stopped');
  });

  it('is not the gate, which runs in the same group while it refuses a start, but the engine after it', async () => {
    const service = open();
    names.set(41, 'gate.sh').set(42, '(gate.sh)').set(43, 'iguana').set(46, 'systemd');
    runsIn(place);
    const holds = (pids: string) => writeFileSync(join(root, place, unit, 'cgroup.procs'), pids);
    holds('41\n42\n');
    expect(await seen(service)).toBe('stopped');
    holds('46\n');
    expect(await seen(service)).toBe('stopped');
    holds('41\n43\n');
    expect(await seen(service)).toBe('running');
    holds('41\n');
    expect(await seen(service)).toBe('running');
  });

  it('is not a gate that ends while it is looked at', async () => {
    const service = open();
    runsIn(place);
    writeFileSync(join(root, place, unit, 'cgroup.procs'), '44\n');
    looked = ends;
    expect(await seen(service)).toBe('stopped');
  });

  it('is not the gate of the next start, where the one before ends while it is looked at', async () => {
    const service = open();
    runsIn(place);
    names.set(45, 'gate.sh');
    const holds = (pids: string) => writeFileSync(join(root, place, unit, 'cgroup.procs'), pids);
    holds('44\n');
    looked = () => holds('45\n');
    expect(await seen(service)).toBe('stopped');
  });

  it('is an engine below the group too, whatever is in the group itself', async () => {
    names.set(41, 'gate.sh').set(43, 'iguana');
    runsIn(place);
    writeFileSync(join(root, place, unit, 'cgroup.procs'), '41\n');
    mkdirSync(join(root, place, unit, 'inner'));
    writeFileSync(join(root, place, unit, 'inner', 'cgroup.procs'), '43\n');
    expect(await seen(open())).toBe('running');
  });

  it('does not call a unit stopped whose group the service manager names but nobody can see', async () => {
    told = `LoadState=loaded\nControlGroup=/elsewhere/${unit}\nSlice=system.slice\n`;
    expect(await seen(open())).toBe('unknown');
  });

  it('does not know without a version 2 tree', async () => {
    const clock = { bootMs: () => nowMs, wallTime: () => '' };
    const run = () => Promise.resolve(result(0, told));
    expect(await seen(new SystemdService(unit, 'WK1', { clock, tree: null, run }))).toBe('unknown');
  });
});

describe('the end of an engine', () => {
  const eventsFile = () => join(root, place, unit, 'cgroup.events');
  function listen(service: SystemdService) {
    const tellings = { count: 0 };
    service.onChange(() => {
      tellings.count += 1;
    });
    return tellings;
  }

  it('is told at once, and promised only when a second look has found it still running', async () => {
    runsIn(place);
    const service = open();
    const tellings = listen(service);
    await seen(service);
    expect(service.tellsChange()).toBe(false);
    await seen(service);
    expect(service.tellsChange()).toBe(true);
    writeFileSync(eventsFile(), 'populated 0\nfrozen 0\n');
    await vi.waitUntil(() => tellings.count > 0, 15_000);
    expect(await seen(service)).toBe('stopped');
    expect(service.tellsChange()).toBe(false);
  });

  it('is told when the group goes with it', async () => {
    runsIn(place);
    const service = open();
    const tellings = listen(service);
    await seen(service);
    ends();
    await vi.waitUntil(() => tellings.count > 0, 15_000);
  });

  it('is not promised for a group that was made anew before that one is watched too', async () => {
    runsIn(place);
    const service = open();
    const tellings = listen(service);
    await seen(service);
    await seen(service);
    runsIn('elsewhere');
    ends();
    renameSync(join(root, 'elsewhere', unit), join(root, place, unit));
    await seen(service);
    expect(service.tellsChange()).toBe(false);
    await seen(service);
    expect(service.tellsChange()).toBe(true);
    const before = tellings.count;
    writeFileSync(eventsFile(), 'populated 0\nfrozen 0\n');
    await vi.waitUntil(() => tellings.count > before, 15_000);
  });

  it('is not promised once the engine has stopped, before that is watched too', async () => {
    const service = open();
    runsIn(place);
    await seen(service);
    await seen(service);
    expect(service.tellsChange()).toBe(true);
    ends();
    await seen(service);
    expect(service.tellsChange()).toBe(false);
  });
});

describe('the start of an engine that was stopped', () => {
  beforeEach(() => {
    told = `LoadState=loaded\nControlGroup=\nSlice=system-iguanax.slice\n`;
    mkdirSync(join(root, place), { recursive: true });
  });
  async function stopped() {
    const service = open();
    const tellings = { count: 0 };
    service.onChange(() => {
      tellings.count += 1;
    });
    expect([await seen(service), await seen(service)]).toEqual(['stopped', 'stopped']);
    return { service, tellings };
  }

  it('is told at once, and promised only when a second look has found it still stopped', async () => {
    const { service, tellings } = await stopped();
    expect(service.tellsChange()).toBe(true);
    runsIn(place);
    await vi.waitUntil(() => tellings.count > 0, 15_000);
    expect(await seen(service)).toBe('running');
    expect(service.tellsChange()).toBe(false);
  });

  it('is not told for another unit that starts beside it', async () => {
    const { tellings } = await stopped();
    mkdirSync(join(root, place, 'other.service'));
    runsIn(place);
    await vi.waitUntil(() => tellings.count > 0, 15_000);
    expect(tellings.count).toBe(1);
  });

  it('is not promised where its slice was made anew, until that is watched', async () => {
    const { service } = await stopped();
    rmSync(join(root, place), { recursive: true });
    mkdirSync(join(root, 'elsewhere'));
    mkdirSync(join(root, place));
    await seen(service);
    expect(service.tellsChange()).toBe(false);
    await seen(service);
    expect(service.tellsChange()).toBe(true);
  });

  it('is not promised while a gate or nobody is in its group', async () => {
    const { service } = await stopped();
    runsIn(place, 0);
    expect([await seen(service), await seen(service)]).toEqual(['stopped', 'stopped']);
    expect(service.tellsChange()).toBe(false);
  });

  it('is not promised where the service manager has not said where it belongs', async () => {
    reachable = false;
    const service = open();
    expect([await seen(service), await seen(service)]).toEqual(['unknown', 'unknown']);
    expect(service.tellsChange()).toBe(false);
  });
});

describe('a start', () => {
  /** What the service manager is asked for by a start after a stop. */
  const askedAfter = async (service: SystemdService) => {
    ends();
    await service.stop(5_000);
    calls = [];
    onStart = () => {
      runsIn(place);
      return { code: 0 };
    };
    expect((await service.start(5_000)).ok).toBe(true);
    return calls;
  };

  it('has no count forgotten that the service manager says it does not keep', async () => {
    const service = open();
    expect(await askedAfter(service)).toEqual(['reset-failed', 'start']);
    told += 'StartLimitIntervalUSec=0\n';
    expect(await askedAfter(service)).toEqual(['start']);
    told = told.replace('USec=0', 'USec=10s');
    expect(await askedAfter(service)).toEqual(['reset-failed', 'start']);
  });

  it('waits until the service manager has been told of the end before', async () => {
    const service = open();
    let said = () => undefined as void;
    onStopToldAfter = new Promise((done) => (said = done));
    expect((await service.kill()).ok).toBe(true);
    calls = [];
    const started = service.start(5_000);
    await Promise.resolve();
    expect(calls).toEqual([]);
    said();
    await started;
    expect(calls).toContain('start');
  });
});

describe('a stop', () => {
  it('is asked for again when it could not be queued, and does not kill before its time is over', async () => {
    runsIn(place);
    onStop = (call) => {
      nowMs += 100;
      if (call < 3) return { code: 1 };
      ends();
      return { code: 0 };
    };
    const service = open();
    const stopping = service.stop(60_000);
    const ticking = setInterval(() => (nowMs += 50), 5);
    expect(await stopping).toEqual({ ok: true, value: undefined });
    clearInterval(ticking);
    expect(calls.filter((call) => call === 'stop')).toHaveLength(3);
    expect(calls).not.toContain('kill');
  });

  it('is seen at once where its group ends between what the service manager says and the look at it', async () => {
    runsIn(place);
    told = `LoadState=loaded\nControlGroup=/${place}/${unit}\nSlice=system-iguanax.slice\n`;
    const service = open();
    onShow = () => {
      ends();
      told = told.replace(/ControlGroup=.*/, 'ControlGroup=');
    };
    const beganMs = nowMs;
    expect((await service.stop(5_000)).ok).toBe(true);
    expect(nowMs - beganMs).toBeLessThan(100);
  });

  it('kills the whole group when its time is over', async () => {
    runsIn(place);
    writeFileSync(join(root, place, unit, 'cgroup.kill'), '');
    onStop = () => ({ code: 1 });
    const service = open();
    const ticking = setInterval(() => {
      nowMs += 50;
      const killFile = join(root, place, unit, 'cgroup.kill');
      if (existsSync(killFile) && readFileSync(killFile, 'utf8') === '1') ends();
    }, 5);
    expect((await service.stop(1_000)).ok).toBe(true);
    clearInterval(ticking);
    expect(calls.filter((call) => call === 'stop').length).toBeGreaterThan(2);
  });
});
