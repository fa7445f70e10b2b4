/**
 * A small pure world for the rules: two members, one store, one shared directory, time in turns of 100 ms. What
 * decides is the product's own code: `decide`, the reducers of holder and store, the change tracker and the judgement
 * of how a change has ended. What carries out is written down here step by step, so that a member can die between any
 * two of its effects. No network is lost here and no clock drifts: that is the model's and the simulation's.
 */
import { acceptCommand } from '../../agent/member/accept-command.ts';
import { acceptReadmission } from '../../agent/member/accept-readmission.ts';
import type { MemberParts } from '../../agent/member/member-parts.ts';
import type { Command, CommandAnswer, forceVerb, MoveVerb } from '../../shared/agent-api/agent-api.ts';
import type { RoleChange } from '../../shared/failover/describe-states.ts';
import { seedRecord, restoreStore, type StoreState } from '../../shared/lease/store.ts';
import type { MemberMode } from '../../shared/site/member-config.ts';
import type { MemberFacts } from '../../shared/failover/member-facts.ts';
import { WorldAgent } from './world-agent.ts';
import { endMaintenance, maintain } from './world-maintenance.ts';
import {
  names,
  otherOf,
  timing,
  turnMs,
  type Name,
  type Site,
  type WorldServer,
  type WorldState,
} from './world-server.ts';

/** How long a dead agent is away, and a server that has lost its power. */
const agentAwayMs = 300;
const serverAwayMs = 15_000;

export interface WorldLine {
  readonly atMs: number;
  readonly server: Name;
  readonly sentence: string;
}

const engineOf = (on: boolean) => ({ running: on, listeners: on, pollers: on });

export class World implements WorldState {
  nowMs = 1_000_000;
  store: StoreState;
  private silentUntilMs = { store: 0, link: 0 };
  generation = 0;
  generationSinceMs = this.nowMs;
  readonly site: Site;
  readonly servers: Record<Name, WorldServer>;
  readonly log: WorldLine[] = [];
  /** How changes have ended: `switchover done`. */
  readonly ends: string[] = [];
  readonly roles: RoleChange[] = [];
  /** What must never be. */
  readonly violations: string[] = [];
  /** How long nobody served, in all. */
  withoutActiveMs = 0;
  /** Called after every effect of a step; may end the agent or its server. */
  onEffect: (server: Name, effect: string) => void = () => undefined;
  private readonly startMs = this.nowMs;

  constructor(site: Site = {}) {
    this.site = site;
    const seeded = restoreStore(seedRecord('store', 'WK1', timing.T, 0), timing.T, this.nowMs);
    this.store = { ...seeded, liveUntilMs: this.nowMs };
    this.servers = { north: this.newServer('north'), south: this.newServer('south') };
  }

  private newServer(name: Name): WorldServer {
    return {
      name,
      disk: { epoch: 0, ended: 0, storeId: null, operation: null },
      run: { deadline: null, mark: null, sealed: null },
      engine: engineOf(this.site.adopts === name),
      ...(this.site.adopts !== undefined && { mode: 'observe' }),
      guarded: this.site.adopts === undefined,
      agent: null,
      backAtMs: this.nowMs,
      told: new Map(),
      failing: new Map(),
    };
  }

  /** Milliseconds since this world began. */
  ageMs(): number {
    return this.nowMs - this.startMs;
  }

  note(server: Name, sentence: string): void {
    this.log.push({ atMs: this.ageMs(), server, sentence });
  }

  turn(): void {
    this.nowMs += turnMs;
    for (const name of names) {
      const server = this.servers[name];
      this.guard(server);
      if (server.agent === null && this.nowMs >= server.backAtMs) server.agent = new WorldAgent(this, server);
      server.agent?.turn();
      this.look();
    }
    if (this.active() === null) this.withoutActiveMs += turnMs;
  }

  /** Turns until `end` holds; answers whether it did within the time. */
  until(end: () => boolean, limitMs: number): boolean {
    for (const last = this.nowMs + limitMs; this.nowMs < last; this.turn()) if (end()) return true;
    return end();
  }

  run(forMs: number): void {
    for (const last = this.nowMs + forMs; this.nowMs < last;) this.turn();
  }

  /** Nobody hears the store, or the members do not hear each other, for so long. */
  silence(what: 'store' | 'link', forMs: number): void {
    this.silentUntilMs[what] = this.nowMs + forMs;
  }

  heard(what: 'store' | 'link'): boolean {
    return this.nowMs >= this.silentUntilMs[what];
  }

  killAgent(name: Name): void {
    const server = this.servers[name];
    if (server.agent === null) return;
    server.agent = null;
    server.backAtMs = this.nowMs + agentAwayMs;
  }

  killServer(name: Name, forMs = serverAwayMs): void {
    const server = this.servers[name];
    server.agent = null;
    server.run = { deadline: null, mark: null, sealed: null };
    server.engine = engineOf(false);
    server.backAtMs = this.nowMs + forMs;
  }

  killEngine(name: Name): void {
    this.servers[name].engine = engineOf(false);
  }

  /** The agent is started anew in this mode; the guards run as soon as there is a deadline that they could keep. */
  setMode(name: Name, mode: MemberMode | 'armed'): void {
    const server = this.servers[name];
    server.mode = mode === 'armed' ? undefined : mode;
    server.guarded = mode === 'armed';
    server.agent = null;
    server.backAtMs = this.nowMs;
  }

  /** What a person asks of a member's agent, taken or refused by the product's own judgement. */
  ask(name: Name, verb: MoveVerb | typeof forceVerb, said: Partial<Command> = {}): CommandAnswer {
    const { agent, parts, facts } = this.asked(name);
    const epoch = agent.memory.current().epoch;
    const idempotencyKey = `asked-at-${this.nowMs}`;
    const command = { verb, cluster: 'WK1', target: null, epoch, idempotencyKey, reason: '', ...said };
    return acceptCommand(parts, facts, command, 'admin-1');
  }

  /** A person takes the member back after the other one was forced to take over. */
  readmit(name: Name): CommandAnswer {
    const { agent, parts, facts } = this.asked(name);
    const { epoch } = agent.memory.current();
    const about = { cluster: 'WK1', target: null, epoch, idempotencyKey: 'readmit-1', reason: 'repaired' };
    return acceptReadmission(parts, facts, { verb: 'readmit', ...about }, 'admin-1');
  }

  /** A person begins a maintenance there, or ends it; a sentence when that is refused. */
  maintain(name: Name, minutes: number): string | null {
    const { agent } = this.asked(name);
    const done = maintain(agent, this.servers[otherOf(name)].agent, minutes);
    return done.ok ? null : done.error;
  }

  endMaintenance(name: Name): string | null {
    const done = endMaintenance(this.asked(name).agent);
    return done.ok ? null : done.error;
  }

  private asked(name: Name) {
    const { agent } = this.servers[name];
    if (agent?.facts == null) throw new Error(`nobody answers on ${name}`);
    const parts = {
      config: {
        cluster: 'WK1',
        server: name,
        serverName: `ig-${name}`,
        peer: { server: otherOf(name), serverName: `ig-${otherOf(name)}` },
      },
      changes: agent.changes,
      memory: agent.memory,
      keeper: { rememberAnew: () => agent.rememberAnew() },
      clock: { bootMs: () => this.nowMs, wallTime: () => `${this.ageMs()} ms` },
      journal: { append: ({ sentence }: { sentence: string }) => this.note(name, sentence) },
    } as unknown as MemberParts;
    return { agent, parts, facts: agent.facts };
  }

  /** The member that serves; null: none does. */
  active(): Name | null {
    return names.find((name) => this.servers[name].agent?.answersActive() === true) ?? null;
  }

  facts(name: Name): MemberFacts | null {
    return this.servers[name].agent?.facts ?? null;
  }

  /** One member serves, no change is open, and both are as they should be. */
  settled(): boolean {
    const [north, south] = names.map((name) => this.servers[name].agent);
    if (!north || !south || this.active() === null) return false;
    return [north, south].every((agent) => !agent.busy && !agent.changes.running());
  }

  /** Both guards: no engine without a deadline ahead. */
  private guard({ engine, run, guarded }: WorldServer): void {
    if (!guarded || !engine.running || (run.deadline !== null && this.nowMs < run.deadline.atMs)) return;
    engine.running = false;
    engine.listeners = false;
    engine.pollers = false;
  }

  private look(): void {
    const running = names.filter((name) => this.servers[name].engine.running);
    const serving = names.filter((name) => this.servers[name].agent?.answersActive() === true);
    const say = (sentence: string) => this.violations.push(`after ${this.ageMs()} ms ${sentence}`);
    if (running.length > 1) say('two engines run');
    if (serving.length > 1) say('two members answer 200');
    for (const name of serving) if (!this.servers[name].engine.running) this.deadServes(name, say);
  }

  /** A dead engine is seen at the next look. */
  private deadServes(name: Name, say: (sentence: string) => void): void {
    const since = this.servers[name].agent?.lookedMs ?? 0;
    if (this.nowMs - since > 2 * turnMs) say(`${name} answers 200 without an engine`);
  }
}
