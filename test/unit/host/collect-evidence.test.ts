import { describe, expect, it } from 'vitest';
import { collectEvidence, type EvidencePorts } from '../../../electron/host/verification/collect-evidence.ts';
import { productError } from '../../../shared/errors.ts';
import { fail } from '../../../shared/result.ts';
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
