import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { nodeFiles, type Files } from '../../../../agent/durable/files.ts';
import { openDeadlineFile, type DeadlineFile } from '../../../../agent/member/deadline-file.ts';
import { LeaseKeeper } from '../../../../agent/member/lease-keeper.ts';
import { openMemoryFile, type MemoryFile } from '../../../../agent/member/member-memory.ts';
import { systemTimers } from '../../../../agent/system-timers.ts';
import type { LeaseAnswer, LeaseRequest } from '../../../../shared/agent-api/lease-frames.ts';
import { PeerModeFrame } from '../../../../shared/agent-api/peer-mode-frames.ts';
import { answerLease, restoreStore, seedRecord, type StoreState } from '../../../../shared/lease/store.ts';
import { timingPresets } from '../../../../shared/lease/timing.ts';

export const timing = timingPresets.fast;
const turnMs = 50;

/** One member of the bench: a real lease keeper on real files; its engine is a flag. */
export interface BenchMember {
  readonly name: string;
  keeper: LeaseKeeper;
  memory: MemoryFile;
  readonly deadline: DeadlineFile;
  engine: boolean;
  /** The decision loop turns, and sees whether the engine runs. */
  turns: boolean;
  /** Its way to the store; a request on a way that is `down` is lost. */
  store: 'up' | 'down';
  understands: boolean;
  role: 'active' | 'passive';
  readonly stops: string[];
  readonly told: string[];
  readonly asked: LeaseRequest[];
  readonly frames: PeerModeFrame[];
  readonly raised: number[];
}

/** Two keepers, the store's reducer and the wires between them, on fake time. Frames and answers arrive a turn later. */
export class TwoKeepers {
  readonly folder = mkdtempSync(join(tmpdir(), 'ixha-peer-mode-'));
  nowMs = 1_000_000;
  wallJumpMs = 0;
  store: StoreState;
  link: 'up' | 'down' = 'up';
  readonly north: BenchMember;
  readonly south: BenchMember;
  /** Calls on files in the order in which they end, to be told from what is sent. */
  readonly log: string[] = [];
  private readonly arriving: (() => void)[] = [];
  private readonly clock = { bootMs: () => this.nowMs + this.wallJumpMs, wallTime: () => '' };

  constructor() {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'],
    });
    this.store = {
      ...restoreStore(seedRecord('s', 'WK1', timing.T, 0), timing.T, this.nowMs),
      liveUntilMs: 0,
    };
    this.north = this.open('north');
    this.south = this.open('south');
  }

  close(): void {
    this.north.keeper.close();
    this.south.keeper.close();
    vi.useRealTimers();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= turnMs) {
      this.nowMs += turnMs;
      this.arriving.splice(0).forEach((arrive) => arrive());
      for (const member of [this.north, this.south]) this.turn(member);
      await vi.advanceTimersByTimeAsync(turnMs);
    }
  }

  /** Lets time pass until this holds; throws after `limitMs`. */
  async until(what: string, holds: () => boolean, limitMs = 10_000): Promise<void> {
    for (let left = limitMs; !holds(); left -= turnMs) {
      if (left <= 0) throw new Error(`not within ${limitMs} ms: ${what}`);
      await this.pass(turnMs);
    }
  }

  /** The lease is granted to `member` and its engine runs. */
  async serve(member: BenchMember): Promise<void> {
    await this.pass(600);
    const granted = member.keeper.acquire();
    await this.pass(100);
    if (!(await granted).ok) throw new Error('no grant');
    if (!member.keeper.arm().ok) throw new Error('not armed');
    member.engine = true;
    member.role = 'active';
    await this.pass(600);
  }

  loseStore(): void {
    this.north.store = 'down';
    this.south.store = 'down';
  }

  /** The store is back, started anew: what it held is live for T + δ. */
  restoreStore(): void {
    this.store = restoreStore(this.store.record, timing.T, this.nowMs);
    this.north.store = 'up';
    this.south.store = 'up';
  }

  /** The agent is killed and started again; its engine and its files stay. */
  restart(member: BenchMember): void {
    member.keeper.close();
    this.start(member);
  }

  /** Its agent is killed, its state taken away, and it is started again. */
  loseState(member: BenchMember): void {
    for (const name of readdirSync(this.folderOf(member.name)))
      if (name.startsWith('member.json')) rmSync(join(this.folderOf(member.name), name));
    this.restart(member);
  }

  lives(member: BenchMember): boolean {
    return member.keeper.peerMode.lives();
  }

  given(member: BenchMember) {
    return member.keeper.peerMode.facts(this.nowMs).given?.period ?? null;
  }

  private open(name: 'north' | 'south'): BenchMember {
    const member: BenchMember = {
      name,
      deadline: openDeadlineFile(this.folderOf(name), this.files(name)),
      engine: false,
      turns: true,
      store: 'up',
      understands: true,
      role: 'passive',
      stops: [],
      told: [],
      asked: [],
      frames: [],
      raised: [],
    } as unknown as BenchMember;
    nodeFiles.makeFolder(this.folderOf(name));
    this.start(member);
    return member;
  }

  private start(member: BenchMember): void {
    const { name } = member;
    const who = { siteId: 's', cluster: 'WK1', server: name };
    member.memory = openMemoryFile(this.folderOf(name), who, this.files(name));
    let alive = true;
    const keeper = new LeaseKeeper({
      clock: this.clock,
      timers: systemTimers,
      cluster: 'WK1',
      self: name,
      timing,
      memory: member.memory,
      deadline: member.deadline,
      openStore: (onAnswer) => ({
        send: (request: LeaseRequest) => this.toStore(member, request, (answer) => alive && onAnswer(answer)),
        trouble: () => null,
        close: () => (alive = false),
      }),
      peer: {
        name: `ig-${name === 'north' ? 'south' : 'north'}`,
        tell: (frame) => this.toPeer(member, frame),
        understands: () => this.other(member).understands,
        heard: () => ({}),
      },
      engineRunning: () => member.engine,
      onGranted: ({ epoch, goesOn }) => goesOn && member.raised.push(epoch),
      emergencyStop: ({ why, atOnce }) => {
        member.stops.push(atOnce ? `at once: ${why}` : why);
        member.engine = false;
        member.role = 'passive';
        keeper.disarm();
      },
      note: (sentence) => member.told.push(sentence),
      onChange: () => undefined,
    });
    member.keeper = keeper;
  }

  private turn(member: BenchMember): void {
    if (!member.turns) return;
    member.keeper.loopTurned();
    member.keeper.peerMode.engineSeen(member.engine);
    const { role } = this.other(member);
    const { epoch } = this.other(member).memory.current();
    if (this.link === 'up') member.keeper.peerHeard({ role, epoch });
  }

  private toStore(member: BenchMember, request: LeaseRequest, onAnswer: (answer: LeaseAnswer) => void) {
    member.asked.push(request);
    this.log.push(`${member.name} asks ${request.op}`);
    if (member.store === 'down') return true;
    this.arriving.push(() => {
      const { state, answer } = answerLease(this.store, member.name, request, this.nowMs);
      this.store = state;
      this.arriving.push(() => {
        if (member.store === 'up') onAnswer({ id: request.id, ...answer });
      });
    });
    return true;
  }

  private toPeer(from: BenchMember, frame: PeerModeFrame): boolean {
    from.frames.push(frame);
    this.log.push(`${from.name} tells ${frame.type}`);
    if (this.link === 'down') return false;
    const sent = PeerModeFrame.parse(JSON.parse(JSON.stringify(frame)));
    this.arriving.push(() => {
      if (this.link === 'down') return;
      const to = this.other(from);
      to.keeper.peerMode.takeFrame(sent, (answer) => void this.toPeer(to, answer));
    });
    return true;
  }

  private other(member: BenchMember): BenchMember {
    return member.name === 'north' ? this.south : this.north;
  }

  private folderOf(name: string): string {
    return join(this.folder, name);
  }

  private files(name: string): Files {
    return {
      ...nodeFiles,
      rename: (from, to) => {
        nodeFiles.rename(from, to);
        if (to.endsWith('deadline')) this.log.push(`${name} writes its deadline`);
        if (to.endsWith('member.json')) this.log.push(`${name} writes its state`);
      },
    };
  }
}
