import { expect, test } from 'vitest';
import { emptyHistory, recall, remember } from '../../../../electron/host/operations/operation-history.ts';
import { sampleOperation, sampleStep } from '../samples.ts';

const hourMs = 60 * 60 * 1000;
const done = sampleOperation({ id: 'done', state: 'done', startedAgoMs: 1000 });

test('keeps what is reported no more, and lets it age', () => {
  const steps = [sampleStep('stop', 'north', 'done')];
  const history = remember(emptyHistory, [{ ...done, steps }], 5000);
  const [record] = recall(history, new Set(), 7000);
  expect(record).toMatchObject({ id: 'done', state: 'done', startedAgoMs: 3000 });
  expect(record?.steps[0]?.startedAgoMs).toBe(2500);
});

test('forgets what began more than a day ago', () => {
  const history = remember(emptyHistory, [done], 0);
  expect(recall(remember(history, [], 23 * hourMs), new Set(), 23 * hourMs)).toHaveLength(1);
  expect(recall(remember(history, [], 24 * hourMs), new Set(), 24 * hourMs)).toHaveLength(0);
});

test('calls a running operation unknown when no member reports it any more', () => {
  const running = sampleOperation({ id: 'running' });
  const history = remember(emptyHistory, [running], 0);
  expect(recall(history, new Set(['running']), 0)[0]?.state).toBe('running');
  expect(recall(history, new Set(), 100)[0]?.state).toBe('unknown');
});

test('comes newest first', () => {
  const older = sampleOperation({ id: 'older', state: 'done', startedAgoMs: 5000 });
  const history = remember(remember(emptyHistory, [older], 0), [done], 0);
  expect(recall(history, new Set(), 0).map(({ id }) => id)).toEqual(['done', 'older']);
});
