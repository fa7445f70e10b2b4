import { expect, it } from 'vitest';
import { StepLines } from '../../../../electron/host/site-command/step-lines.ts';

/** Goal: a person at a terminal reads each thing once. Method: a run that is told again and again. */
it('tells for what a step waits, and each step once when it has ended', () => {
  const said: string[] = [];
  const lines = new StepLines((line) => said.push(line));
  const first = { title: 'Move WK1', state: 'running', tookMs: null, evidence: '' };
  const second = { title: 'Block WK1', state: 'pending', tookMs: null, evidence: '' };
  const waits = { ...first, evidence: 'a second person' };
  const done = { ...first, state: 'done', tookMs: 2_100, evidence: 'ig-south is Active' };
  for (const step of [first, waits, waits, done, done]) lines.tell([step, second]);
  lines.tell([done, { ...second, state: 'failed', tookMs: 300, evidence: 'refused' }]);
  expect(said).toEqual([
    '  waits   Move WK1: a second person',
    '  done    Move WK1: ig-south is Active (2.1 s)',
    '  failed  Block WK1: refused (300 ms)',
  ]);
});

it('says any other line once, and nothing where there is nothing to say', () => {
  const said: string[] = [];
  const lines = new StepLines((line) => said.push(line));
  for (const line of ['now', null, 'now', 'late']) lines.once(line);
  expect(said).toEqual(['now', 'late']);
});
