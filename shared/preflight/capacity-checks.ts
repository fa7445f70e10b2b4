import { passed, toLookAt, unknownCheck, type PreflightCheck } from './preflight-check.ts';
import type { LookedServer } from './looked-server.ts';

/** Beside the engines: agents, guards, and room for their own peaks. */
const spareMemoryMb = 256;
/** Above it processes wait for one another. */
const highestLoad = 0.8;
/** An engine opens a file for each connection and log. */
const spareOpenFiles = 4_096;

/**
 * Whether one server could carry the engines of all its clusters at once, as it must after a failover. It warns and never
 * refuses: a crowded server is better than none. Pure; empty for a server of one cluster.
 */
export function capacityChecks(server: LookedServer, looked: readonly LookedServer[]): PreflightCheck[] {
  if (server.expected.engines.length < 2) return [];
  return [
    memoryCheck(server, looked),
    processorCheck(server, looked),
    ...(server.facts.survey.machineLoad === undefined ? [] : [openFileCheck(server, looked)]),
  ];
}

interface EngineNeed {
  readonly cluster: string;
  readonly memoryMb: number | undefined;
  /** Name of the server that it runs on; undefined: none. */
  readonly on: string | undefined;
}

/** What the engine of each cluster of a server needs, told by the server that it runs on now. */
function needsOf({ expected }: LookedServer, looked: readonly LookedServer[]): EngineNeed[] {
  return expected.engines.map(({ cluster }) => {
    const running = looked.flatMap((other) => {
      const unit = other.expected.engines.find((engine) => engine.cluster === cluster)?.unit;
      const service = other.facts.survey.services.find((one) => one.unit === unit && one.running);
      return service === undefined ? [] : [{ name: other.expected.server.name, memoryMb: service.memoryMb }];
    });
    return { cluster, memoryMb: running[0]?.memoryMb, on: running[0]?.name };
  });
}

function memoryCheck(server: LookedServer, looked: readonly LookedServer[]): PreflightCheck {
  const { expected, facts } = server;
  const name = {
    id: 'capacity-memory',
    subject: expected.server.name,
    what: 'memory for all clusters at once',
  };
  const needs = needsOf(server, looked);
  const evidence = needs.map(({ cluster, memoryMb, on }) =>
    memoryMb === undefined
      ? `${cluster}: not known, its engine ${on === undefined ? 'runs nowhere' : `tells nothing on ${on}`}`
      : `${cluster}: ${memoryMb} MB on ${on}`,
  );
  const unknown = needs.filter(({ memoryMb }) => memoryMb === undefined);
  const { memoryMb: machine } = facts.survey;
  if (machine === undefined || unknown.length > 0) {
    const finding =
      machine === undefined
        ? 'its own memory could not be read'
        : `not known what the engine of ${unknown.map(({ cluster }) => cluster).join(', ')} needs`;
    const remedy = 'Look again while every engine is at work: what it uses then is counted.';
    return unknownCheck(name, finding, remedy, { evidence });
  }
  const here = needs.filter(({ on }) => on === expected.server.name);
  const sum = (some: readonly EngineNeed[]) =>
    some.reduce((total, { memoryMb }) => total + (memoryMb ?? 0), 0);
  // What runs here already gives its memory to the sum.
  const room = machine.available + sum(here);
  const needed = sum(needs) + spareMemoryMb;
  const finding = `${needed} MB needed, ${room} MB there`;
  return room >= needed
    ? passed(name, finding, { evidence })
    : toLookAt(
        name,
        finding,
        'Add memory, or give a cluster to other servers: after a failover both run here.',
        { evidence },
      );
}

function processorCheck(server: LookedServer, looked: readonly LookedServer[]): PreflightCheck {
  const { expected, facts } = server;
  const name = {
    id: 'capacity-cpu',
    subject: expected.server.name,
    what: 'processors for all clusters at once',
  };
  const shared = partners(server, looked);
  const loads = shared.map((other) => other.facts.survey.machineLoad);
  const own = facts.survey.machineLoad;
  if (own === undefined || loads.some((load) => load === undefined)) {
    return unknownCheck(
      name,
      'the load of a server could not be read',
      'Look with: cat /proc/loadavg; nproc',
    );
  }
  const load = loads.reduce((sum, other) => sum + other!.load, own.load);
  const evidence = [server, ...shared].map(
    (one) => `${one.expected.server.name}: ${one.facts.survey.machineLoad!.load} over 15 minutes`,
  );
  const finding = `the load of all together is ${two(load)} on ${own.processors} processors`;
  return load <= highestLoad * own.processors
    ? passed(name, finding, { evidence })
    : toLookAt(
        name,
        finding,
        'Add processors, or move interfaces elsewhere: after a failover it carries both loads.',
        { evidence },
      );
}

function openFileCheck(server: LookedServer, looked: readonly LookedServer[]): PreflightCheck {
  const { expected, facts } = server;
  const name = {
    id: 'capacity-files',
    subject: expected.server.name,
    what: 'open files for all clusters at once',
  };
  const { limit, used } = facts.survey.machineLoad!.openFiles;
  const others = partners(server, looked).flatMap(
    (other) => other.facts.survey.machineLoad?.openFiles.used ?? [],
  );
  const needed = others.reduce((sum, one) => sum + one, used) + spareOpenFiles;
  const finding = `${needed} of ${limit} with those of the other servers and ${spareOpenFiles} to spare`;
  return needed <= limit
    ? passed(name, finding)
    : toLookAt(name, finding, 'Raise fs.file-max there (sysctl), and LimitNOFILE of the engines.');
}

/** Other servers whose engines could come to this one. */
function partners({ expected }: LookedServer, looked: readonly LookedServer[]): LookedServer[] {
  const clusters = new Set(expected.engines.map(({ cluster }) => cluster));
  return looked.filter(
    (other) =>
      other.expected.server.id !== expected.server.id &&
      other.expected.engines.some(({ cluster }) => clusters.has(cluster)),
  );
}

function two(value: number): string {
  return String(Math.round(value * 100) / 100);
}
