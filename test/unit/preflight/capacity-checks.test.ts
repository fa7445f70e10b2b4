import { describe, expect, it } from 'vitest';
import { capacityChecks } from '../../../shared/preflight/capacity-checks.ts';
import type { LookedServer } from '../../../shared/preflight/looked-server.ts';
import type { MachineLoad } from '../../../shared/preflight/server-facts.ts';
import { freshFacts, sampleWanted } from '../host/install/install-samples.ts';

/** Goal: whether one server carries everything after a failover. Method: two crossed servers, one figure changed at a time. */
interface Figures {
  /** Memory of the engine that runs there; null: it tells nothing; absent: none runs. */
  readonly engineMb?: number | null;
  readonly availableMb?: number;
  readonly load?: Partial<MachineLoad> | null;
}

function looked(id: 'north' | 'south', { engineMb, availableMb = 4_000, load = {} }: Figures): LookedServer {
  const expected = sampleWanted(id);
  const unit = id === 'north' ? 'engine-WK1.service' : 'engine-WK2.service';
  const service = {
    unit,
    command: '/opt/iguana',
    workingDirectory: undefined,
    running: true,
    openFiles: 16_384,
    memoryMb: engineMb ?? undefined,
    sockets: [],
  };
  const facts = freshFacts(expected);
  const usual: MachineLoad = { processors: 4, load: 1, openFiles: { used: 2_000, limit: 100_000 } };
  return {
    expected,
    clock: undefined,
    facts: {
      ...facts,
      survey: {
        ...facts.survey,
        memoryMb: { total: 8_000, available: availableMb },
        machineLoad: load === null ? undefined : { ...usual, ...load },
        services: engineMb === undefined ? [] : [service],
      },
    },
  };
}

function checks(north: Figures, south: Figures) {
  const both = [looked('north', north), looked('south', south)];
  return capacityChecks(both[0]!, both).map(({ id, verdict, finding, evidence, remedy }) => ({
    id,
    verdict,
    finding,
    evidence,
    remedy,
  }));
}

const of = (id: string, north: Figures, south: Figures) =>
  checks(north, south).find((check) => check.id === id)!;

describe('one server for all clusters', () => {
  it('is enough when memory, processors and files are, and says by what it was judged', () => {
    const all = checks({ engineMb: 900 }, { engineMb: 1_100 });
    expect(all.map(({ verdict }) => verdict)).toEqual(['ok', 'ok', 'ok']);
    expect(all[0]).toMatchObject({
      finding: '2256 MB needed, 4900 MB there',
      evidence: ['WK1: 900 MB on ig-north', 'WK2: 1100 MB on ig-south'],
    });
  });

  it('lacks memory for the engine that would come, counting the one that is there once', () => {
    const memory = of('capacity-memory', { engineMb: 3_000, availableMb: 500 }, { engineMb: 1_000 });
    expect(memory).toMatchObject({ verdict: 'warning', finding: '4256 MB needed, 3500 MB there' });
    expect(memory.remedy).toContain('Add memory');
    expect(of('capacity-memory', { engineMb: 3_000, availableMb: 1_256 }, { engineMb: 1_000 }).verdict).toBe(
      'ok',
    );
  });

  it.each<[string, Figures, string]>([
    ['an engine that runs nowhere', {}, 'WK2: not known, its engine runs nowhere'],
    [
      'an engine whose memory nobody counts',
      { engineMb: null },
      'WK2: not known, its engine tells nothing on ig-south',
    ],
  ])('is not known with %s', (_case, south, evidence) => {
    const memory = of('capacity-memory', { engineMb: 900 }, south);
    expect(memory.verdict).toBe('unknown');
    expect(memory.evidence).toContain(evidence);
  });

  it('would be overloaded by the work of both', () => {
    const busy = { engineMb: 1, load: { load: 1.7 } };
    expect(of('capacity-cpu', busy, busy)).toMatchObject({
      verdict: 'warning',
      finding: 'the load of all together is 3.4 on 4 processors',
    });
    expect(of('capacity-cpu', { engineMb: 1 }, { engineMb: 1, load: null }).verdict).toBe('unknown');
  });

  it('would run out of open files', () => {
    const files = of('capacity-files', { load: { openFiles: { used: 9_000, limit: 15_000 } } }, {});
    expect(files).toMatchObject({
      verdict: 'warning',
      finding: expect.stringContaining('15096 of 15000') as string,
    });
  });

  it('is no question for a server of one cluster', () => {
    const server = looked('north', { engineMb: 1 });
    const alone = {
      ...server,
      expected: { ...server.expected, engines: server.expected.engines.slice(0, 1) },
    };
    expect(capacityChecks(alone, [alone])).toEqual([]);
  });
});
