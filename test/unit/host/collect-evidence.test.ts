import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collectEvidence, type EvidencePorts } from '../../../electron/host/verification/collect-evidence.ts';
import { productError } from '../../../shared/errors.ts';
import { fail, succeed } from '../../../shared/result.ts';
import type { Move } from '../../../shared/verification/moves.ts';
import { verifyMove } from '../../../shared/verification/verification.ts';
import { goodMove } from '../verification/a-move.ts';
import { healthy } from '../../screens/site-fixture.ts';

type Phase = 'connected' | 'lost';

/** A console that has read of WK2 all that its members had named, and hears ig-south as told. */
function ports(south: Phase, isWhole = true): EvidencePorts {
  const site = healthy().site!;
  const journals = site.clusters
    .flatMap(({ members }) => members)
    .map(({ cluster, server }) => ({ cluster, server, head: 412, wanted: 412, why: null }));
  const agents = journals.map(({ cluster, server }) => ({
    endpoint: { cluster, server, name: server },
    link: { phase: server === 'ig-south' ? south : 'connected', error: null },
    snapshot: null,
  }));
  return {
    ...{ site: { servers: [], clusters: [] }, profileDirectory: '/nowhere', agents: () => agents },
    ...{ view: () => site, progress: () => journals, earlier: { of: () => null } },
    ask: () => Promise.resolve(fail(productError('agent.unreachable', 'No answer.'))),
    database: { find: () => [], isWhole: () => isWhole },
  } as unknown as EvidencePorts;
}

async function v17(south: Phase, change: Partial<Move> = {}, isWhole = true) {
  const { move, records } = goodMove();
  const evidence = await collectEvidence({ ...move, ...change }, records, ports(south, isWhole));
  const { lines } = verifyMove(evidence, { site: 'demo', checkedAt: '' });
  return lines.find(({ id }) => id === 'V17');
}

/** Goal: another cluster is untouched only where all that both members wrote was read. Method: a member that is silent, a move without an end. */
describe('the evidence of other clusters', () => {
  it('is whole where both members are heard and read', async () => {
    expect((await v17('connected'))?.verdict).toBe('proven');
  });

  it('is missing where a member is silent, although all that it had named before was read', async () => {
    const line = await v17('lost');
    expect(line?.verdict).toBe('unknown');
    expect(line?.evidence).toContain('its agent is silent');
  });

  it('is missing where records of that time are not here, although the newest are', async () => {
    const line = await v17('connected', {}, false);
    expect(line?.verdict).toBe('unknown');
    expect(line?.evidence).toContain('is not here whole');
  });

  it('is missing where nobody tells when the move ended', async () => {
    const line = await v17('connected', { endedAt: null });
    expect(line?.verdict).toBe('unknown');
    expect(line?.evidence).toContain('do not tell when this move ended');
  });
});

/** Goal: a look that is kept here counts only from after the move. Method: clocks of the servers that are minutes apart from this one. */
describe('a look through the balancer that this workstation keeps', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'evidence-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** @param aheadMs by how much the clock here is ahead of the servers' */
  async function seen(aheadMs: number, lookedMs: number): Promise<boolean> {
    const { move, records, members } = goodMove();
    const checks = [
      {
        cluster: 'WK1',
        listener: 'WK1',
        address: '10.0.0.9:7001',
        verdict: 'proven',
        server: 'ig-south',
        finding: 'ig-south answers',
        remedy: null,
      },
    ];
    const wallTime = new Date(Date.parse(move.endedAt!) + lookedMs).toISOString();
    writeFileSync(join(folder, 'balancer-check.json'), JSON.stringify({ wallTime, checks }));
    const base = ports('connected');
    const snapshot = { ...members[0]!.snapshot!, kind: 'member' };
    const agents = base.agents().map((agent) => ({ ...agent, snapshot }));
    const report = { ...members[0]!.report!, wallTime: new Date(Date.now() - aheadMs).toISOString() };
    const view = base.view();
    const unwatched = { ...view, clusters: view.clusters.map((cluster) => ({ ...cluster, balancer: null })) };
    const told = {
      ...base,
      view: () => unwatched,
      profileDirectory: folder,
      agents: () => agents,
      ask: () => Promise.resolve(succeed(report)),
    };
    const { balancer } = await collectEvidence(move, records, told as unknown as EvidencePorts);
    return balancer.sendsTo === 'ig-south';
  }

  const minuteMs = 60_000;
  it.each([
    [0, minuteMs, true],
    [0, -minuteMs, false],
    // By the clock here, which is ten minutes ahead, the move ended ten minutes later.
    [10 * minuteMs, minuteMs, false],
    [10 * minuteMs, 11 * minuteMs, true],
    [-10 * minuteMs, -9 * minuteMs, true],
    [-10 * minuteMs, -11 * minuteMs, false],
  ])('with the clock here %i ms ahead, looked %i ms after the end: %s', async (ahead, looked, expected) => {
    expect(await seen(ahead, looked)).toBe(expected);
  });
});
