import { freezeHost, signalUnit, thawHost } from '../../lab/hosts/control-group.ts';
import { cut, heal } from '../../lab/hosts/cuts.ts';
import { bootHost, cutPower } from '../../lab/hosts/host.ts';
import type { HostName, LabLayout } from '../../lab/hosts/layout.ts';
import { setLink } from '../../lab/hosts/network.ts';
import type { Contender } from './contender.ts';
import { benchCluster } from './payload.ts';

export interface EventScene {
  readonly lab: LabLayout;
  readonly contender: Contender;
  readonly active: HostName;
  readonly standby: HostName;
}

/** One thing that is done to the Active; `begin` answers how it is undone. */
export interface BenchEvent {
  readonly name: string;
  readonly title: string;
  /** A fault that is held for a fixed time; the others are undone when messages flow again. */
  readonly held: boolean;
  begin(scene: EventScene): Promise<() => Promise<void>>;
}

const nothing = () => Promise.resolve();

export const benchEvents: readonly BenchEvent[] = [
  {
    name: 'power-cut',
    title: 'power cut',
    held: false,
    async begin({ lab, contender, active }) {
      await cutPower(lab, active);
      return async () => {
        await bootHost(lab, active);
        await contender.rejoin(lab, active);
      };
    },
  },
  {
    name: 'engine-kill',
    title: 'engine killed',
    held: false,
    begin({ lab, active }) {
      reached(signalUnit(lab, active, benchCluster.unit, 'SIGKILL'), 'the engine');
      return Promise.resolve(nothing);
    },
  },
  {
    name: 'planned-move',
    title: 'planned move',
    held: false,
    begin: ({ lab, contender, active, standby }) => contender.plannedMove(lab, active, standby),
  },
  {
    name: 'host-frozen',
    title: 'host frozen',
    held: true,
    async begin({ lab, active }) {
      await freezeHost(lab, active);
      return () => Promise.resolve(thawHost(lab, active));
    },
  },
  {
    name: 'cable-pulled',
    title: 'cable pulled',
    held: true,
    async begin({ lab, active }) {
      await setLink(lab, active, 'down');
      return () => setLink(lab, active, 'up');
    },
  },
  {
    name: 'peer-link-cut',
    title: 'peer link cut',
    held: true,
    async begin({ lab, active, standby }) {
      await cut(lab, active, standby);
      return () => heal(lab);
    },
  },
  {
    name: 'daemon-frozen',
    title: 'daemon frozen',
    held: true,
    begin({ lab, contender, active }) {
      reached(signalUnit(lab, active, contender.daemon, 'SIGSTOP'), contender.daemon);
      return Promise.resolve(() => {
        signalUnit(lab, active, contender.daemon, 'SIGCONT');
        return Promise.resolve();
      });
    },
  },
];

function reached(processes: number, what: string): void {
  if (processes === 0) throw new Error(`${what} does not run`);
}
