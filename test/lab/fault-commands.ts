import { freezeHost, signalUnit, thawHost } from './hosts/control-group.ts';
import { cut, heal, type Cut } from './hosts/cuts.ts';
import { bootHost, cutPower } from './hosts/host.ts';
import {
  isHostName,
  sharedDirectories,
  type HostName,
  type LabLayout,
  type Place,
  type SharedDirectory,
} from './hosts/layout.ts';
import { setLink } from './hosts/network.ts';
import { signalShare } from './hosts/shared-directory.ts';

const hows = ['drop', 'reject'] as const;
const directions = ['one', 'both'] as const;

/** A fault made by hand; scenarios call the same functions. */
export interface FaultCommand {
  readonly name: string;
  readonly parameters: string;
  readonly does: string;
  carryOut(lab: LabLayout, words: readonly string[]): Promise<void> | void;
}

export const faultCommands: readonly FaultCommand[] = [
  {
    name: 'poweroff',
    parameters: 'HOST',
    does: 'cut the power: no FIN gets out, unsynced data is lost',
    carryOut: (lab, [name]) => cutPower(lab, host(name)),
  },
  {
    name: 'boot',
    parameters: 'HOST',
    does: 'boot again with the same disks',
    carryOut: (lab, [name]) => bootHost(lab, host(name)),
  },
  {
    name: 'freeze',
    parameters: 'HOST',
    does: 'stop the whole host where it stands',
    carryOut: (lab, [name]) => freezeHost(lab, host(name)),
  },
  {
    name: 'thaw',
    parameters: 'HOST',
    does: 'let it go on',
    carryOut: (lab, [name]) => thawHost(lab, host(name)),
  },
  {
    name: 'signal',
    parameters: 'HOST UNIT SIGNAL',
    does: 'signal the processes of a unit: SIGSTOP, SIGCONT, SIGKILL …',
    carryOut: (lab, [name, unit, signal]) => {
      const count = signalUnit(lab, host(name), unit ?? '', (signal ?? 'SIGKILL') as NodeJS.Signals);
      if (count === 0) throw new Error(`${unit} has no process on ${name}`);
    },
  },
  {
    name: 'cut',
    parameters: 'A B [HOW] [WAYS]',
    does: 'HOW drop or reject, WAYS one or both; outer is this machine',
    carryOut: (lab, [from, to, how = 'drop', ways = 'both']) =>
      cut(lab, place(from), place(to), oneOf(how, hows), oneOf(ways, directions)),
  },
  {
    name: 'loss',
    parameters: 'A B PERCENT',
    does: 'lose frames from A to B by chance',
    carryOut: (lab, [from, to, percent]) => cut(lab, place(from), place(to), lossOf(percent), 'one'),
  },
  {
    name: 'heal',
    parameters: '[A B]',
    does: 'end the cuts of one pair, or all',
    carryOut: (lab, [from, to]) => heal(lab, from === undefined ? undefined : [place(from), place(to)]),
  },
  {
    name: 'linkdown',
    parameters: 'HOST',
    does: 'pull the cable',
    carryOut: (lab, [name]) => setLink(lab, host(name), 'down'),
  },
  {
    name: 'linkup',
    parameters: 'HOST',
    does: 'plug it in again',
    carryOut: (lab, [name]) => setLink(lab, host(name), 'up'),
  },
  {
    name: 'share',
    parameters: 'HOST NAME WHAT',
    does: 'shared directory: WHAT hang, resume or cut (until the next boot)',
    carryOut: (lab, [name, share, what]) => {
      const signals = { hang: 'SIGSTOP', resume: 'SIGCONT', cut: 'SIGKILL' } as const;
      const directory: SharedDirectory = oneOf(share, sharedDirectories);
      const signal = signals[oneOf(what, ['hang', 'resume', 'cut'])];
      if (!signalShare(lab, host(name), directory, signal))
        throw new Error(`${share} is not mounted on ${name}`);
    },
  },
];

function host(name: string | undefined): HostName {
  if (name === undefined || !isHostName(name))
    throw new Error(`${name ?? 'nothing'} is not a host of the lab`);
  return name;
}

function place(name: string | undefined): Place {
  return name === 'outer' ? 'outer' : host(name);
}

function lossOf(text: string | undefined): Cut['how'] {
  const lossPercent = Number(text);
  if (!Number.isInteger(lossPercent) || lossPercent < 1 || lossPercent > 100) {
    throw new Error('a loss is a whole number from 1 to 100');
  }
  return { lossPercent };
}

function oneOf<const Word extends string>(text: string | undefined, words: readonly Word[]): Word {
  const found = words.find((word) => word === text);
  if (!found) throw new Error(`${text ?? 'nothing'} is none of ${words.join(', ')}`);
  return found;
}
