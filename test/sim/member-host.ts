import type { Files } from '../../agent/durable/files.ts';
import type { IncomingSocket } from '../../agent/api/dial.ts';
import { acceptCommand } from '../../agent/member/accept-command.ts';
import { acceptPolicy, isPolicyCommand } from '../../agent/member/accept-policy.ts';
import { acceptReadmission } from '../../agent/member/accept-readmission.ts';
import { acceptStoreReplacement } from '../../agent/member/accept-store-replacement.ts';
import type { MemberParts } from '../../agent/member/member-parts.ts';
import { Member } from '../../agent/member/member.ts';
import {
  agentPaths,
  readmitVerb,
  replaceStoreVerb,
  type Command,
  type CommandAnswer,
} from '../../shared/agent-api/agent-api.ts';
import type { MemberFacts } from '../../shared/failover/member-facts.ts';
import { LeaseAnswer } from '../../shared/agent-api/lease-frames.ts';
import { clockDriftBound } from '../../shared/lease/timing.ts';
import type { Identity } from '../../shared/site/identity.ts';
import type { MemberConfig } from '../../shared/site/member-config.ts';
import type { EngineUnit } from './engine-unit.ts';
import type { Guard } from './guards.ts';
import type { Machine } from './machine.ts';
import type { Network } from './network.ts';
import type { Planted } from './planted.ts';
import { Program, type FileAccident } from './program.ts';
import type { Schedule } from './schedule.ts';
import type { SharedStorage } from './shared-storage.ts';

const restartMs = 100;
/** TimeoutStopSec of the agent's unit. */
const stopLimitMs = 30_000;
const dash = 45;
const person = 'a person';

export interface MemberHostPorts {
  readonly machine: Machine;
  readonly machineOf: (id: string) => Machine;
  readonly config: MemberConfig;
  readonly schedule: Schedule;
  readonly network: Network;
  readonly unit: EngineUnit;
  readonly guards: readonly [Guard, Guard];
  readonly storage: SharedStorage;
  readonly planted: Planted;
  readonly accident: (program: Program) => FileAccident | null;
  readonly onBroken: (program: Program, error: unknown) => void;
  readonly onTold: (host: MemberHost) => void;
  readonly onStarted: (host: MemberHost) => void;
}

/** The agent of one cluster on one machine: the production `Member`, started again whenever it has ended. */
export class MemberHost {
  readonly ports: MemberHostPorts;
  readonly name: string;
  program: Program | null = null;
  member: Member | null = null;
  starts = 0;
  /** While set, the service manager does not start it again: it is killed in a loop, or held. */
  heldDown = false;

  constructor(ports: MemberHostPorts) {
    this.ports = ports;
    this.name = `${ports.config.cluster}@${ports.machine.id}`;
  }

  start(): void {
    const { machine, schedule } = this.ports;
    if (!machine.power || machine.shuttingDown || this.program !== null || this.heldDown) return;
    this.starts += 1;
    const program = new Program({
      name: this.name,
      machine,
      schedule,
      accident: this.ports.accident,
      onBroken: (broken, error) => this.broken(broken, error),
      onEnd: (ended) => this.ended(ended),
      readSpecial: (path) => this.readOfGuard(path),
      onMemoryChange: () => this.ports.guards.forEach((guard) => guard.look()),
    });
    this.program = program;
    program.run(() => {
      const member = this.openMember(program);
      if (!program.alive) return;
      this.member = member;
      this.listen(program, member);
      this.ports.onStarted(this);
    });
  }

  /** Killed by a signal that nobody can catch. */
  kill(): void {
    this.program?.end();
  }

  /** Ends in order, as the service manager asks when the whole server shuts down; killed when that takes too long. */
  leave(then: () => void): void {
    const { program, member } = this;
    const ended = () => {
      program?.end();
      then();
    };
    if (program === null || member === null) return ended();
    let left = false;
    const once = () => {
      if (left) return;
      left = true;
      ended();
    };
    program.run(() => {
      void member.leave(true).then(() => {
        member.close();
        once();
      });
    });
    this.ports.schedule.after(stopLimitMs, once);
  }

  /** The member while its program can answer at all. */
  answering(): Member | null {
    return this.program?.turns() === true ? this.member : null;
  }

  /** A person's command, by way of the agent's API. */
  command(command: Command, answered: (accepted: boolean) => void = () => undefined): void {
    const { program, member } = this;
    program?.run(() => {
      if (member === null) return;
      const { parts, loop } = member.served();
      void accept(parts, loop.decision().facts, command)
        .then(({ accepted }) => answered(accepted))
        // The agent's API answers such a call with an error; the agent goes on.
        .catch(() => undefined)
        .finally(() => loop.poke());
    });
  }

  private openMember(program: Program): Member {
    const { config, network, machineOf, unit, storage } = this.ports;
    const { siteId: site, cluster, server, timing } = config;
    const identity: Identity = { kind: 'member', site, cluster, server };
    const member = new Member(config, {
      clock: program.clock,
      timers: program.timers,
      files: plantedFiles(program.files, this.ports.planted, config),
      dial: this.plantedDial(network.dialFrom(program, identity, machineOf), program),
      devices: {
        service: unit.service(program),
        engine: unit.adapter(program),
        storage: storage.directory(program, Math.max(1_000, timing.O * 2_000)),
      },
      onTold: () => this.ports.onTold(this),
    });
    return member;
  }

  private listen(program: Program, member: Member): void {
    const { machine, network, config } = this.ports;
    network.listen(machine, config.listen.apiPort, agentPaths.peer, {
      program,
      accept: (socket: IncomingSocket) => member.served().parts.peer.serve(socket),
    });
    // What comes here goes on to the lease store; the network itself carries it.
    network.listen(machine, config.listen.apiPort, agentPaths.relay, { program, accept: () => undefined });
  }

  private readOfGuard(path: string): string | null {
    const kind = path.charCodeAt(path.length - 2) === dash ? path.at(-1) : undefined;
    if (kind !== '1' && kind !== '2') return null;
    const guard = this.ports.guards[kind === '1' ? 0 : 1];
    if (path.endsWith(`/beat-${kind}`)) return guard.beat() ?? '';
    return path.endsWith(`/kill-${kind}`) ? guard.lastKill : null;
  }

  private broken(program: Program, error: unknown): void {
    // An agent that cannot open its files says so and is started again; the guards' deadline stands meanwhile.
    const cannotStart = this.member === null && this.ports.machine.disk.trouble !== null;
    if (!cannotStart) this.ports.onBroken(program, error);
    program.end();
  }

  private ended(program: Program): void {
    const { machine, schedule, network } = this.ports;
    if (this.program !== program) return;
    this.program = null;
    this.member = null;
    network.programEnded(program);
    const { boots } = machine;
    schedule.after(restartMs, () => {
      if (machine.boots === boots) this.start();
    });
  }

  private plantedDial(dial: ReturnType<Network['dialFrom']>, program: Program): typeof dial {
    if (!this.ports.planted.has('renewal-counted-from-receipt')) return dial;
    return (target, events) =>
      dial(target, {
        ...events,
        onText: (text) => {
          this.countFromReceipt(text, program);
          events.onText(text);
        },
      });
  }

  private countFromReceipt(text: string, program: Program): void {
    const answer = LeaseAnswer.safeParse(JSON.parse(text));
    if (!answer.success || this.member === null) return;
    const { keeper } = this.member.served().parts;
    const { pending } = (keeper as unknown as { holder: { pending: Map<number, { sentMs: number }> } })
      .holder;
    const asked = pending.get(answer.data.id);
    if (asked !== undefined) pending.set(answer.data.id, { ...asked, sentMs: program.clock.bootMs() });
  }
}

/** As the agent's API hands a command on. */
async function accept(parts: MemberParts, facts: MemberFacts, command: Command): Promise<CommandAnswer> {
  if (isPolicyCommand(command)) return acceptPolicy(parts, facts, command, person);
  if (command.verb === replaceStoreVerb) return acceptStoreReplacement(parts, command, person);
  if (command.verb === readmitVerb) return acceptReadmission(parts, facts, command, person);
  return acceptCommand(parts, facts, command, person);
}

/** Files that break a promise, where such a bug is planted. */
function plantedFiles(files: Files, planted: Planted, config: MemberConfig): Files {
  const { D, T } = config.timing;
  const isDeadline = (path: string) => path.endsWith('/deadline') || path.endsWith('/deadline.new');
  const later = (D + clockDriftBound(T)) * 1000;
  const names = new Map<number, string>();
  return {
    ...files,
    fsync: planted.has('member-does-not-fsync') ? () => undefined : files.fsync,
    remove: (path) => {
      if (!planted.has('deadline-not-shut') || !isDeadline(path)) files.remove(path);
    },
    open: (path, flags, mode) => {
      const file = files.open(path, flags, mode);
      if (planted.has('deadline-too-late')) names.set(file, path);
      return file;
    },
    write: (file, text) => {
      if (!isDeadline(names.get(file) ?? '')) return files.write(file, text);
      const [epoch = '', deadline = ''] = text.trim().split(' ');
      files.write(file, `${epoch} ${Math.round(Number(deadline) + later)}\n`);
      return text.length;
    },
  };
}
