import { describe, expect, it } from 'vitest';
import type { CommandAnswer } from '../../../shared/agent-api/agent-api.ts';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { drillIn } from './drill-world.ts';

const noAnswer = fail(productError('server.timeout', 'ig-north did not answer within 5 s.'));
const waits: Result<CommandAnswer, ProductError> = succeed({
  accepted: false,
  error: productError('second-person.waits', 'It waits for a second person.'),
  blockers: [],
  waits: { request: 'r-1', until: '2026-03-14T04:46:00.000Z' },
});
const withdrawn: Result<CommandAnswer, ProductError> = succeed({
  accepted: false,
  error: productError('second-person.over', 'The request r-1: admin-1 has withdrawn it.'),
  blockers: [],
});
const accepted: Result<CommandAnswer, ProductError> = succeed({ accepted: true, operation: 'rehearsal-1' });

/**
 * Goal: nothing is let fail while no drill watches, and what is not known is not told as failed. Method: agents that do not
 * answer, and second persons who decide late or never.
 */
describe('a rehearsal that is asked of an agent', () => {
  it('is asked again under its own key while no answer comes', async () => {
    let tries = 0;
    const { asks, told } = await drillIn('cut-off', { answer: () => (++tries < 3 ? noAnswer : accepted) });
    expect(new Set(asks.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    expect(asks).toHaveLength(3);
    expect(told.some(({ healing }) => healing?.by != null)).toBe(true);
  });

  it('may have begun where no answer ever comes: what was cut is not known to be back, and nothing has failed', async () => {
    const { record } = await drillIn('cut-off', {
      answer: (_command, world) => {
        world.seen.revision += 1;
        return world.seen.revision > 101 ? fail(productError('server.unreachable', 'Refused.')) : noAnswer;
      },
    });
    expect(record.healing).toEqual({ who: 'ig-north', by: null });
    expect(record.verdict).toBe('interrupted');
    expect(record.sentence).toMatch(/^ig-north did not answer.*has begun is not known/);
  });

  it('is refused, and nothing is away, where its agent says so', async () => {
    const error = productError('command.refused', 'No.');
    const { record } = await drillIn('cut-off', {
      answer: () => succeed({ accepted: false, error, blockers: [] }),
    });
    expect(record).toMatchObject({ verdict: 'not-passed', healing: null });
  });

  it('is waited for while an answer is lost, until a second person has decided', async () => {
    const answers = [waits, noAnswer, waits, accepted];
    const { asks, told } = await drillIn('cut-off', { answer: () => answers.shift() ?? accepted });
    expect(asks.some(({ verb }) => verb === 'withdraw')).toBe(false);
    expect(told.some(({ healing }) => healing?.by != null)).toBe(true);
  });

  it('is taken back when the drill ends first, also where that has to be said twice', async () => {
    let taken = 0;
    const { record, asks } = await drillIn('engine-kill', {
      answer: ({ verb }, world) => {
        world.ends = 'admin-1 ended it.';
        if (verb !== 'withdraw') return taken > 1 ? withdrawn : waits;
        taken += 1;
        return taken > 1 ? accepted : noAnswer;
      },
    });
    expect(asks.filter(({ verb }) => verb === 'withdraw')).toMatchObject([
      { request: 'r-1' },
      { request: 'r-1' },
    ]);
    expect(record).toMatchObject({ verdict: 'interrupted', steps: [{ state: 'failed' }, {}, {}] });
    expect(record.steps[0]?.evidence).toContain('has withdrawn it');
  });

  it('says that somebody may still agree where it could not be taken back', async () => {
    const { record } = await drillIn('cut-off', {
      answer: ({ verb }, world) => {
        world.ends = 'admin-1 ended it.';
        return verb === 'withdraw' ? noAnswer : waits;
      },
    });
    expect(record.healing).toEqual({ who: 'ig-north', by: null });
    expect(record.sentence).toMatch(/The request r-1 could not be taken back.*somebody may still agree/);
  });
});
