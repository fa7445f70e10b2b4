import { describe, expect, it } from 'vitest';
import { movesIn } from '../../../shared/verification/moves.ts';
import { failoverJournal, step, written } from '../history/journals.ts';
import { movedJournal } from './a-move.ts';

const members = ['ig-north', 'ig-south'];

describe('moves told by journals', () => {
  it('are found with who was Active before, by epochs', () => {
    expect(movesIn(movedJournal(), members)).toMatchObject([
      { operation: 'e272e383', from: 'ig-north', active: 'ig-south', other: 'ig-north', kind: 'planned' },
    ]);
    expect(movesIn(movedJournal(), members)[0]).toMatchObject({
      epochBefore: 2,
      epoch: 3,
      askedBy: 'admin-1',
    });
  });

  it('of a server that died are takeovers, asked for by nobody', () => {
    const served = written('ig-north', 500, 'role', 'ig-north is Active with epoch 1.', {
      verdict: 'active',
      epoch: 1,
    });
    const [move] = movesIn([served, ...failoverJournal()], members);
    expect(move).toMatchObject({
      from: 'ig-north',
      active: 'ig-south',
      kind: 'takeover',
      askedBy: null,
      epochBefore: 1,
    });
  });

  it('do not count a start where the engine was, nor the first start of a cluster', () => {
    const served = written('ig-south', 500, 'role', 'ig-south is Active with epoch 1.', {
      verdict: 'active',
      epoch: 1,
    });
    expect(movesIn([served, ...failoverJournal()], members)).toEqual([]);
    const first = failoverJournal().map((record) => ({ ...record, epoch: 1 }));
    expect(movesIn(first, members)).toEqual([]);
  });

  it('are told by one journal where the other one cannot be read', () => {
    const given = movedJournal().filter(({ server }) => server === 'ig-north');
    const end = written('ig-north', 58_000, 'command', 'ig-south is Active with epoch 3.', {
      operation: 'e272e383',
      result: 'ok',
    });
    const back = failoverJournal().map((record) => ({ ...record, server: 'ig-north', epoch: 4 }));
    expect(movesIn([...given, end, ...back], members)).toMatchObject([
      { from: 'ig-south', active: 'ig-north', kind: 'takeover', epoch: 4 },
      { from: 'ig-north', active: 'ig-south', kind: 'planned', epoch: 3 },
    ]);
  });

  it('that were rolled back end where they began', () => {
    const op = 'back';
    const journal = [
      step('ig-north', 10_000, 'stop-engine', 500, 'R12', op),
      step('ig-south', 11_000, 'acquire', 50, 'R64', op),
      { ...step('ig-north', 20_000, 'acquire', 50, 'R64', op), epoch: 4 },
      { ...step('ig-north', 24_000, 'open-active', 0, 'R26', op), epoch: 4 },
    ];
    expect(movesIn(journal, members)).toMatchObject([
      { from: 'ig-north', active: 'ig-north', other: 'ig-south', kind: 'rolled-back', epoch: 4 },
    ]);
  });
});
