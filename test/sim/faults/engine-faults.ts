import type { Fault } from './fault.ts';

export const engineFaults: readonly Fault[] = [
  {
    name: 'the engine dies',
    local: true,
    weight: 4,
    survivable: 'moved',
    strike: ({ world, cluster, site }) => {
      site.unit.end('it died');
      if (!world.planted.has('crash-spreads')) return;
      for (const other of world.clusters)
        if (other !== cluster) for (const { unit } of other.sites) unit.end('it died');
    },
  },
  {
    name: 'the engine dies whenever it starts',
    local: true,
    weight: 2,
    survivable: 'moved',
    strike: ({ site, afterwards }) => {
      site.unit.manners.diesWhileStarting = true;
      site.unit.end('it died');
      afterwards(() => {
        site.unit.manners.diesWhileStarting = false;
      });
    },
  },
  {
    name: 'the engine does not stop when asked',
    local: true,
    weight: 2,
    survivable: 'moved',
    strike: ({ site, afterwards }) => {
      site.unit.manners.refusesToStop = true;
      afterwards(() => {
        site.unit.manners.refusesToStop = false;
      });
    },
  },
  {
    name: 'the engine starts and stops slowly',
    local: true,
    weight: 2,
    survivable: 'moved',
    strike: ({ site, random, afterwards }) => {
      const { unit } = site;
      const { startMs, stopMs } = unit.manners;
      Object.assign(unit.manners, {
        startMs: random.between(1_000, 20_000),
        stopMs: random.between(500, 9_000),
      });
      afterwards(() => Object.assign(unit.manners, { startMs, stopMs }));
    },
  },
  {
    name: 'the service manager is slow',
    local: true,
    weight: 2,
    strike: ({ site, random, afterwards }) => {
      const { unit } = site;
      unit.manners.managerLagMs = random.around(3_000);
      afterwards(() => {
        unit.manners.managerLagMs = 5;
      });
    },
  },
  {
    name: "the engine's API fails",
    local: true,
    weight: 2,
    survivable: 'moved',
    strike: ({ site, random, afterwards }) => {
      site.unit.manners.api = random.pick(['hangs', 'nonsense']);
      afterwards(() => {
        site.unit.manners.api = 'answers';
      });
    },
  },
  {
    name: 'somebody starts the engine',
    local: true,
    weight: 3,
    strike: ({ site }) => {
      if (site.machine.runs()) site.unit.requestStart(() => undefined);
    },
  },
  {
    name: 'the storage fails',
    local: true,
    weight: 3,
    survivable: 'told',
    strike: ({ cluster, machine, random, afterwards }) => {
      cluster.storage.show(machine.id, random.pick(['gone', 'read-only', 'hanging', 'foreign']));
      afterwards(() => cluster.storage.show(machine.id, 'fine'));
    },
  },
  {
    name: 'somebody restarts the engine',
    local: true,
    weight: 2,
    strike: ({ site }) => {
      if (!site.machine.runs()) return;
      site.unit.end('somebody killed it');
      site.unit.requestStart(() => undefined);
    },
  },
];
