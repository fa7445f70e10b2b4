import type { Dial, DialEvents, DialTarget, Dialled, IncomingSocket } from '../../agent/api/dial.ts';
import type { Identity } from '../../shared/site/identity.ts';
import type { Machine } from './machine.ts';
import type { Program } from './program.ts';
import type { Random } from './random.ts';
import type { Schedule } from './schedule.ts';

/** How one direction between two machines behaves. */
export interface Way {
  cut: boolean;
  delayMs: number;
  jitterMs: number;
  /** Chance that a frame is lost, comes twice, or overtakes others: a relay, not TCP, is in between. */
  loss: number;
  twice: number;
  reorder: number;
  /** What waits for the end of a cut: TCP sends it again. */
  held: (() => void)[];
}

export interface Listener {
  readonly program: Program;
  readonly accept: (socket: IncomingSocket, from: Identity) => void;
}

/** Machines connected in pairs, each direction on its own. */
export class Network {
  private readonly schedule: Schedule;
  private readonly random: Random;
  private readonly ways = new Map<string, Way>();
  private readonly listeners = new Map<string, Listener>();
  private readonly connections = new Set<Connection>();

  constructor(schedule: Schedule, random: Random) {
    this.schedule = schedule;
    this.random = random;
  }

  way(from: string, to: string): Way {
    const key = `${from}>${to}`;
    const known = this.ways.get(key);
    if (known !== undefined) return known;
    const made: Way = { cut: false, delayMs: 0.5, jitterMs: 1, loss: 0, twice: 0, reorder: 0, held: [] };
    this.ways.set(key, made);
    return made;
  }

  reconnect(from: string, to: string): void {
    const way = this.way(from, to);
    way.cut = false;
    const { held } = way;
    way.held = [];
    for (const send of held) this.schedule.after(this.random.between(1, 400), send);
  }

  healAll(): void {
    for (const [key, way] of this.ways) {
      Object.assign(way, { delayMs: 0.5, jitterMs: 1, loss: 0, twice: 0, reorder: 0 });
      const [from = '', to = ''] = key.split('>');
      this.reconnect(from, to);
    }
  }

  /** Both directions carry something now, and both ends have power. */
  joined(one: Machine, other: Machine): boolean {
    const ways = [this.way(one.id, other.id), this.way(other.id, one.id)];
    return one.power && other.power && ways.every((way) => !way.cut);
  }

  delayMs(from: string, to: string): number {
    const way = this.way(from, to);
    return way.delayMs + this.random.between(0, way.jitterMs);
  }

  /** Whether a single frame is lost on the way. */
  loses(from: string, to: string): boolean {
    return this.random.chance(this.way(from, to).loss);
  }

  listen(machine: Machine, port: number, path: string, listener: Listener): void {
    this.listeners.set(`${machine.id}:${port}${path}`, listener);
  }

  listenerAt(target: Pick<DialTarget, 'address' | 'port' | 'path'>): Listener | undefined {
    const found = this.listeners.get(`${target.address}:${target.port}${target.path}`);
    return found?.program.alive === true ? found : undefined;
  }

  /** The kernel of a living machine ends the connections of a program that has ended; a dead machine is silent. */
  programEnded(program: Program): void {
    for (const connection of [...this.connections]) connection.endOf(program);
  }

  dialFrom(program: Program, identity: Identity, machineOf: (address: string) => Machine): Dial {
    return (target, events) => {
      const connection = new Connection(this, this.schedule, this.random, {
        client: program,
        server: machineOf(target.address),
        relay: target.through === undefined ? null : machineOf(target.through.address),
        identity,
        target,
        events,
      });
      this.connections.add(connection);
      return connection.dialled();
    };
  }

  forget(connection: Connection): void {
    this.connections.delete(connection);
  }
}

interface Ends {
  readonly client: Program;
  readonly server: Machine;
  /** The machine whose agent relays the stream; null: there is none in between. */
  readonly relay: Machine | null;
  readonly identity: Identity;
  readonly target: DialTarget;
  readonly events: DialEvents;
}

/** Something on its way in one direction of a connection. */
interface Frame {
  readonly direction: 'up' | 'down';
  /** The ways that it has to go one after the other, each from a machine. */
  readonly hops: readonly { readonly from: Machine; readonly way: Way }[];
  /** How often its sender had booted when it sent this. */
  readonly boots: number;
  readonly arrive: () => void;
}

class Connection {
  private readonly network: Network;
  private readonly schedule: Schedule;
  private readonly random: Random;
  private readonly ends: Ends;
  private readonly bootsAtOpening: number;
  private clientState: 'opening' | 'open' | 'closed' = 'opening';
  private listener: Listener | null = null;
  private serverHears: ((data: Buffer) => void) | null = null;
  private readonly lastMs = new Map<Way, number>();

  constructor(network: Network, schedule: Schedule, random: Random, ends: Ends) {
    this.network = network;
    this.schedule = schedule;
    this.random = random;
    this.ends = ends;
    this.bootsAtOpening = ends.server.boots;
    const { client, target } = ends;
    client.timers.after(target.limitMs, () => {
      if (this.clientState === 'opening') this.failed(new Error('Opening handshake has timed out'));
    });
    this.carry('up', () => this.arrives());
  }

  dialled(): Dialled {
    return {
      isOpen: () => this.clientState === 'open',
      send: (text) => this.carry('up', () => this.serverReceives(text)),
      terminate: () => this.terminate(),
    };
  }

  /** One of both programs has ended. */
  endOf(program: Program): void {
    if (program === this.ends.client) {
      // What it had sent before its end still arrives, as the kernel goes on sending it.
      this.clientState = 'closed';
      this.network.forget(this);
    } else if (program === this.listener?.program && program.machine.power) {
      this.carryFrom('down', this.schedule.nowMs, () => this.closed());
    }
  }

  private arrives(): void {
    const { server, target, identity } = this.ends;
    if (!server.power) return;
    const listener = this.network.listenerAt(target);
    if (listener === undefined) {
      this.carryFrom('down', this.schedule.nowMs, () =>
        this.failed(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })),
      );
      return;
    }
    listener.program.run(() => {
      this.listener = listener;
      listener.accept(this.incoming(listener), identity);
      this.carryBack(listener, () => this.opened());
    });
  }

  private incoming(listener: Listener): IncomingSocket {
    return {
      on: (_event, hears) => {
        this.serverHears = hears;
      },
      send: (text) => this.carryBack(listener, () => this.clientReceives(text)),
      close: () => this.carryBack(listener, () => this.closed()),
    };
  }

  private opened(): void {
    this.ends.client.run(() => {
      if (this.clientState !== 'opening') return;
      this.clientState = 'open';
      this.ends.events.onOpen();
    });
  }

  private failed(error: Error): void {
    this.ends.client.run(() => {
      if (this.clientState === 'closed') return;
      this.clientState = 'closed';
      this.network.forget(this);
      this.ends.events.onError(error);
      this.ends.events.onClose();
    });
  }

  private closed(): void {
    this.ends.client.run(() => {
      if (this.clientState === 'closed') return;
      this.clientState = 'closed';
      this.network.forget(this);
      this.ends.events.onClose();
    });
  }

  private terminate(): void {
    if (this.clientState === 'closed') return;
    this.clientState = 'closed';
    this.network.forget(this);
    this.ends.client.timers.soon(() => this.ends.events.onClose());
  }

  private clientReceives(text: string): void {
    this.ends.client.run(() => {
      if (this.clientState === 'open') this.ends.events.onText(text);
    });
  }

  private serverReceives(text: string): void {
    const { server } = this.ends;
    const { listener } = this;
    if (!server.power) return;
    if (listener?.program.alive !== true || server.boots !== this.bootsAtOpening) {
      // Nobody knows this connection any more: the kernel resets it.
      this.carryFrom('down', this.schedule.nowMs, () => this.closed());
      return;
    }
    listener.program.run(() => this.serverHears?.(Buffer.from(text)));
  }

  private carry(direction: 'up', arrive: () => void): void {
    const { client } = this.ends;
    if (client.alive) this.carryFrom(direction, client.effectMs(), arrive);
  }

  private carryBack(listener: Listener, arrive: () => void): void {
    if (listener.program.alive) this.carryFrom('down', listener.program.effectMs(), arrive);
  }

  private carryFrom(direction: 'up' | 'down', fromMs: number, arrive: () => void): void {
    const hops = this.route(direction);
    const frame: Frame = { direction, hops, boots: hops[0]!.from.boots, arrive };
    if (hops.some(({ way }) => this.random.chance(way.loss))) return;
    if (this.random.chance(hops[0]!.way.twice)) this.travel(frame, fromMs);
    this.travel(frame, fromMs);
  }

  private travel(frame: Frame, fromMs: number): void {
    const { boots } = frame;
    const { from: sender, way } = frame.hops[0]!;
    if (way.cut) {
      // It is sent again when the way is whole, unless its sender has lost its power meanwhile.
      way.held.push(() => {
        if (sender.power && sender.boots === boots) this.travel(frame, this.schedule.nowMs);
      });
      return;
    }
    const delayMs = way.delayMs + this.random.between(0, way.jitterMs);
    const overtakes = way.reorder > 0 && this.random.chance(way.reorder);
    const atMs = overtakes ? fromMs + delayMs : Math.max(this.lastMs.get(way) ?? 0, fromMs + delayMs);
    if (!overtakes) this.lastMs.set(way, atMs);
    this.schedule.at(atMs, () => {
      // A cut that came while it was on its way: the other side has to send it again.
      if (way.cut) this.travel(frame, this.schedule.nowMs);
      else this.arriveAt(frame);
    });
  }

  /** At its end, or at the agent that relays it, if that still does. */
  private arriveAt(frame: Frame): void {
    const { arrive, hops } = frame;
    const next = hops[1];
    if (next === undefined) return arrive();
    const { through } = this.ends.target;
    if (!next.from.power) return;
    const listener = through && this.network.listenerAt(through);
    if (listener === undefined) {
      // Its program has ended: the kernel resets both halves.
      this.closed();
      return;
    }
    const onward: Frame = { ...frame, hops: hops.slice(1), boots: next.from.boots };
    listener.program.run(() => this.travel(onward, this.schedule.nowMs));
  }

  private route(direction: 'up' | 'down'): Frame['hops'] {
    const { client, relay, server } = this.ends;
    const up = relay === null ? [client.machine, server] : [client.machine, relay, server];
    const machines = direction === 'up' ? up : up.reverse();
    return machines.slice(0, -1).map((from, at) => ({
      from,
      way: this.network.way(from.id, machines[at + 1]!.id),
    }));
  }
}
