import { Witness } from '../../agent/witness/witness.ts';
import { saveLeaseRecord } from '../../agent/witness/lease-records.ts';
import { agentPaths } from '../../shared/agent-api/agent-api.ts';
import { seedRecord, type StoreState } from '../../shared/lease/store.ts';
import type { WitnessConfig } from '../../shared/site/member-config.ts';
import { filesOn } from './disk-files.ts';
import type { Machine } from './machine.ts';
import type { Listener, Network } from './network.ts';
import type { Planted } from './planted.ts';
import { Program, type FileAccident } from './program.ts';
import type { Schedule } from './schedule.ts';

const restartMs = 100;

export interface WitnessHostPorts {
  readonly machine: Machine;
  readonly config: WitnessConfig;
  readonly schedule: Schedule;
  readonly network: Network;
  readonly planted: Planted;
  readonly accident: (program: Program) => FileAccident | null;
  readonly onBroken: (program: Program, error: unknown) => void;
}

/** The lease store: the production `Witness`, started again whenever it has ended. */
export class WitnessHost {
  program: Program | null = null;
  witness: Witness | null = null;
  private readonly ports: WitnessHostPorts;

  constructor(ports: WitnessHostPorts) {
    this.ports = ports;
  }

  /** Before anything runs: the installer's seed. */
  seed(): void {
    const { machine, config } = this.ports;
    const { disk } = machine;
    for (const { id, T } of config.clusters) {
      saveLeaseRecord(config.paths.state, seedRecord('store-1', id, T, 0), filesOn(disk));
    }
  }

  start(): void {
    const { machine, schedule, config, planted, network } = this.ports;
    if (!machine.power || this.program !== null) return;
    const program = new Program({
      name: 'witness',
      machine,
      schedule,
      accident: this.ports.accident,
      onBroken: (broken, error) => {
        this.ports.onBroken(broken, error);
        broken.end();
      },
      onEnd: (ended) => this.ended(ended),
      readSpecial: () => null,
      onMemoryChange: () => undefined,
    });
    this.program = program;
    const { files } = program;
    const kept = planted.has('store-does-not-fsync') ? { ...files, fsync: () => undefined } : files;
    program.run(() => {
      const witness = new Witness(config, program.clock, kept);
      if (!program.alive) return;
      this.witness = witness;
      if (planted.has('store-forgets-leases')) forgetLeases(witness);
      const accept: Listener['accept'] = (socket, identity) => {
        const deaf = planted.has('store-deaf');
        const send = (text: string) => {
          if (!deaf || schedule.nowMs < 60_000) socket.send(text);
        };
        witness.serve({ on: socket.on, send, close: socket.close }, identity, () => undefined);
      };
      for (const path of [agentPaths.lease, agentPaths.leaseThroughPeer])
        network.listen(machine, config.listen.port, path, { program, accept });
    });
  }

  kill(): void {
    this.program?.end();
  }

  private ended(program: Program): void {
    const { machine, schedule, network } = this.ports;
    if (this.program !== program) return;
    this.program = null;
    this.witness = null;
    network.programEnded(program);
    const { boots } = machine;
    schedule.after(restartMs, () => {
      if (machine.boots === boots) this.start();
    });
  }
}

function forgetLeases(witness: Witness): void {
  const { slots } = witness as unknown as { slots: Map<string, { state: StoreState | null }> };
  for (const slot of slots.values()) {
    if (slot.state !== null) slot.state = { ...slot.state, liveUntilMs: 0 };
  }
}
