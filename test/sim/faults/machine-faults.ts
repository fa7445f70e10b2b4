import type { DiskTrouble } from '../disk.ts';
import type { Fault } from './fault.ts';

export const machineFaults: readonly Fault[] = [
  {
    name: 'the power goes',
    local: false,
    weight: 3,
    survivable: 'moved',
    strike: ({ world, machine, afterwards }) => {
      world.powerOff(machine);
      afterwards(() => world.powerOn(machine));
    },
  },
  {
    name: 'the machine freezes',
    local: false,
    weight: 3,
    margins: true,
    survivable: 'moved',
    strike: ({ world, machine, random, forMs }) => {
      if (machine.runs()) world.freeze(machine, forMs, random.chance(0.3));
    },
  },
  {
    name: 'the disk fails',
    local: false,
    weight: 2,
    survivable: 'moved',
    strike: ({ world, machine, random, afterwards }) => {
      const trouble = random.pick<DiskTrouble>(['full', 'full', 'read-only', 'broken']);
      world.say(`the disk of ${machine.id} is ${trouble}`);
      machine.disk.trouble = trouble;
      afterwards(() => {
        machine.disk.trouble = null;
      });
    },
  },
  {
    name: 'the wall clock jumps',
    local: false,
    weight: 1,
    strike: ({ machine, random }) => {
      machine.wallOffsetMs += random.between(-1, 1) * 365 * 86_400_000;
    },
  },
  {
    name: 'the server shuts down in order',
    local: false,
    weight: 2,
    survivable: 'moved',
    strike: ({ world, machine, afterwards }) => {
      world.shutDown(machine);
      afterwards(() => world.powerOn(machine));
    },
  },
  {
    name: 'the memory file system is full',
    local: false,
    weight: 1,
    survivable: 'moved',
    strike: ({ machine, afterwards }) => {
      machine.memory.trouble = 'full';
      afterwards(() => {
        machine.memory.trouble = null;
      });
    },
  },
  {
    name: 'there is too little processor time',
    local: false,
    weight: 2,
    strike: ({ world, machine, random, cluster, afterwards }) => {
      if (!world.sitesOn(machine).every((site) => world.guarded(site))) return;
      machine.sluggishMs = random.around((cluster.timing.H * 1000) / 2);
      afterwards(() => {
        machine.sluggishMs = 0;
      });
    },
  },
];
