import { RehearsedCuts } from '../../../agent/api/rehearsed-cuts.ts';
import { HeldChecks } from '../../../agent/api/held-checks.ts';
import { passiveFacts } from '../failover/sample-facts.ts';
import type { MemberFacts } from '../../../shared/failover/member-facts.ts';
import { newRuntime, type MemberParts } from '../../../agent/member/member-parts.ts';
import { systemTimers } from '../../../agent/system-timers.ts';
import type { ForcedAlone } from '../../../shared/lease/forced.ts';
import { timingPresets, type TimingPolicy } from '../../../shared/lease/timing.ts';
import { succeed, type Result } from '../../../shared/result.ts';

type Process = 'running' | 'stopped' | null;

/** A member whose parts write down, in order, what is asked of them. Every part obeys unless a test says otherwise. */
export interface FakeMember {
  readonly parts: MemberParts;
  readonly done: string[];
  readonly told: string[];
  /** What is known about the process at first, then after each look; the last stays. */
  looks: Process[];
  runningMs: number | null;
  /** What the engine's look finds: components on of 3, pollers on of 2; null: its API is silent. */
  engineOn: { components: number; pollers: number } | null;
  /** Calls that throw, by their name as in `done`. */
  readonly breaks: Set<string>;
  /** Answers of the service manager and the engine, by their name; anything else works. */
  readonly answers: Map<string, () => Promise<Result<unknown, string>>>;
  nowMs: number;
  unwritable: string | null;
  /** What the service manager says about the whole server; null: it cannot be asked. */
  serverStops: (() => Promise<boolean>) | null;
  /** Which life of the engine runs; null: it cannot be told now. */
  life: string | null;
  /** The member's lease as its keeper tells it. */
  lease: Partial<MemberFacts['lease']>;
  /** What the peer tells about itself; null: it does not answer. */
  peer: Pick<MemberFacts['peer'], 'role' | 'epoch' | 'engineRunning' | 'blockers'> | null;
}

export function fakeMember(timing: TimingPolicy = timingPresets.fast): FakeMember {
  const done: string[] = [];
  const told: string[] = [];
  const member: FakeMember = {
    done,
    told,
    looks: ['stopped'],
    runningMs: null,
    engineOn: { components: 3, pollers: 2 },
    breaks: new Set(),
    answers: new Map(),
    nowMs: 100_000,
    unwritable: null,
    serverStops: null,
    life: null,
    lease: {},
    peer: { role: 'passive', epoch: 4, engineRunning: false, blockers: [] },
    parts: undefined as unknown as MemberParts,
  };
  const call = (name: string) => {
    if (member.breaks.has(name)) throw new Error(`${name} is broken`);
    done.push(name);
  };
  const asked = (name: string, value: unknown = undefined): Promise<Result<unknown, string>> => {
    call(name);
    return member.answers.get(name)?.() ?? Promise.resolve(succeed(value));
  };
  const memory = { epoch: 5, ended: 4 };
  const look = () => {
    call('look');
    if (member.looks.length > 1) member.looks.shift();
    return Promise.resolve();
  };
  const process = { lookNow: look, fact: () => ({ value: seen(member), ageMs: 0 }), forget: () => undefined };
  const parts = {
    config: {
      server: 'north',
      serverName: 'ig-north',
      cluster: 'WK1',
      timing,
      peer: { server: 'south', serverName: 'ig-south' },
      preferred: true,
      localRestarts: 2,
    },
    clock: { bootMs: () => member.nowMs, wallTime: () => '' },
    timers: systemTimers,
    journal: { append: ({ sentence }: { sentence: string }) => told.push(sentence) },
    memory: {
      damaged: null,
      current: () => memory,
      unwritable: () => member.unwritable,
      update: (change: object) => {
        call(`write ${JSON.stringify(change)}`);
        Object.assign(memory, change);
      },
    },
    keeper: {
      arm: () => {
        call('arm');
        return succeed(undefined);
      },
      armed: () => true,
      disarm: () => call('disarm'),
      abandon: () => call('abandon'),
      endEpoch: (epoch: number) => call(`end ${epoch}`),
      facts: () => ({ ...passiveFacts().lease, freeForMs: 0, ...member.lease }),
      inherited: () => null,
      peerMode: { facts: () => passiveFacts().peerMode, engineSeen: () => undefined },
      lostEpoch: () => null,
      checkClocks: () => undefined,
      loopTurned: () => call('loop turned'),
      acquire: () => asked('acquire', [{ kind: 'granted', epoch: 6 }]),
      force: () => asked('force', [{ kind: 'granted', epoch: 6 }]),
      forceAlone: ({ epoch, from }: ForcedAlone) => call(`raise ${from} to ${epoch}`),
      stopForGood: () => call('stop for good'),
      rememberAnew: () => call('remember anew'),
      replacing: {
        standing: () => ({ kind: 'silent' }),
        storageAhead: () => null,
        storageShows: () => undefined,
      },
      forced: { note: () => null, lives: () => false, lapsed: () => false, livesForMs: () => null },
    },
    copies: null,
    heldChecks: new HeldChecks(),
    cuts: new RehearsedCuts({ bootMs: () => member.nowMs, wallTime: () => '' }, systemTimers),
    maintenance: {
      facts: () => ({ maintenance: null, unprovenSinceMaintenance: false }),
      forgetWhenOver: () => undefined,
    },
    service: {
      start: () => asked('start'),
      stop: (graceMs: number) => asked('stop').then((answer) => (done.push(`grace ${graceMs}`), answer)),
      kill: () => asked('kill'),
      life: () => Promise.resolve(member.life),
      get serverStops() {
        return member.serverStops ?? undefined;
      },
    },
    engine: {
      switchComponents: (which: string, on: boolean) => asked(`${which} ${on ? 'on' : 'off'}`, 'job ended'),
    },
    probes: {
      process,
      storage: { fact: () => ({ value: { generation: 4 }, ageMs: 0 }), lookNow: () => Promise.resolve() },
      engine: {
        lookNow: () => Promise.resolve(call('look at engine')),
        forget: () => undefined,
        fact: () => engineFact(member),
      },
      occupancy: { fact: () => ({ value: null, ageMs: 0, why: 'no device' }) },
    },
    ledger: {
      takeOver: (epoch: number) => call(`ledger of epoch ${epoch} begins`),
      ready: () => Promise.resolve(),
      looked: () => undefined,
      sealedEpoch: () => null,
      seal: (epoch: number) => asked(`seal ${epoch}`, 'sealed'),
    },
    ownEnds: { lately: () => 0, leave: () => undefined },
    servingMark: { write: () => call('write mark'), remove: () => (call('remove mark'), null) },
    guards: {
      lastKill: () => null,
      read: () => [1, 2].map((number) => ({ number, beating: true, ageMs: 50 })),
      known: () => [1, 2].map((number) => ({ number, beating: true, ageMs: 50 })),
      doubted: () => false,
    },
    peer: {
      facts: () => ({ reachable: member.peer !== null, heard: member.peer !== null, status: member.peer }),
      beatNow: () => call('beat'),
    },
    changes: {
      own: () => null,
      record: () => null,
      running: () => false,
      beginTakeOver: () => undefined,
      drop: () => undefined,
      stepStarted: (kind: string) => call(`begin ${kind}`),
      stepEnded: () => undefined,
    },
    runtime: newRuntime(member.nowMs),
  };
  return Object.assign(member, { parts: parts as unknown as MemberParts });
}

function seen({ looks, runningMs }: FakeMember) {
  const process = looks[0] ?? null;
  return process === null ? null : { process, runningMs };
}

function engineFact({ engineOn }: FakeMember) {
  if (engineOn === null) return { value: null, ageMs: 0, why: 'its API does not answer' };
  const { components, pollers } = engineOn;
  return { value: { on: components, total: 3, pollersOn: pollers, pollersTotal: 2 }, ageMs: 0 };
}
