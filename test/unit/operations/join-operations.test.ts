import { describe, expect, test } from 'vitest';
import { joinOperations, type OperationReport } from '../../../shared/operations/join-operations.ts';
import type { OperationRecord } from '../../../shared/agent-api/operation-record.ts';
import { sampleOperation, sampleStep } from '../host/samples.ts';

const from = (server: string, operation: OperationRecord | null, more: Partial<OperationReport> = {}) => ({
  server,
  serverName: `ig-${server}`,
  connected: true,
  active: false,
  heardMs: 0,
  operation,
  ...more,
});
const sourceSteps = [sampleStep('stop', 'north', 'done'), sampleStep('release', 'north', 'done')];
const targetSteps = [sampleStep('acquire', 'south', 'running'), sampleStep('start', 'south', 'pending')];

describe('the operations of a cluster', () => {
  test('are none when no member knows one', () => {
    expect(joinOperations([from('north', null), from('south', null)])).toEqual([]);
  });

  test('carry the steps of the member that gives up, then of the one that takes', () => {
    const [joined] = joinOperations([
      from('south', sampleOperation({ steps: targetSteps })),
      from('north', sampleOperation({ steps: sourceSteps })),
    ]);
    expect(joined?.steps.map(({ server, id }) => `${server} ${id}`)).toEqual([
      'north stop',
      'north release',
      'south acquire',
      'south start',
    ]);
  });

  test('take each member at its word for its own steps', () => {
    const guess = sampleStep('acquire', 'south', 'pending');
    const [joined] = joinOperations([
      from('north', sampleOperation({ steps: [...sourceSteps, guess] })),
      from('south', sampleOperation({ steps: [sampleStep('stop', 'north', 'pending'), ...targetSteps] })),
    ]);
    expect(joined?.steps.map(({ id, state }) => `${id} ${state}`)).toEqual([
      'stop done',
      'release done',
      'acquire running',
      'start pending',
    ]);
  });

  test('keep steps that only the other member lists', () => {
    const guess = sampleStep('acquire', 'south', 'pending');
    const [joined] = joinOperations([
      from('north', sampleOperation({ steps: [guess] })),
      from('south', null),
    ]);
    expect(joined?.steps.map(({ id }) => id)).toEqual(['acquire']);
  });

  test('are not done before the member that takes the role says so', () => {
    const released = sampleOperation({ state: 'done', steps: sourceSteps });
    const [waiting] = joinOperations([from('north', released), from('south', null)]);
    expect(waiting?.state).toBe('running');
    const [done] = joinOperations([
      from('north', released),
      from('south', sampleOperation({ state: 'done', sentence: 'ig-south is Active' })),
    ]);
    expect(done).toMatchObject({ state: 'done', sentence: 'ig-south is Active' });
  });

  test('are done when the member that takes the role is Active, even if it forgot the operation', () => {
    const [joined] = joinOperations([
      from('north', sampleOperation({ state: 'done', steps: sourceSteps })),
      from('south', null, { active: true }),
    ]);
    expect(joined?.state).toBe('done');
  });

  test('are rolled back when the member that gives up says so', () => {
    const [joined] = joinOperations([
      from('north', sampleOperation({ state: 'rolled-back', sentence: 'ig-north is Active again' })),
      from('south', sampleOperation({ state: 'running' })),
    ]);
    expect(joined).toMatchObject({ state: 'rolled-back', sentence: 'ig-north is Active again' });
  });

  test('are unknown, not failed, when the working member is silent', () => {
    const [joined] = joinOperations([
      from('north', sampleOperation({ steps: sourceSteps })),
      from('south', sampleOperation({ steps: targetSteps }), { connected: false }),
    ]);
    expect(joined?.state).toBe('unknown');
    expect(joined?.sentence).toContain('ig-south is silent');
  });

  test('go on when only the member that has finished is silent', () => {
    const [joined] = joinOperations([
      from('north', sampleOperation({ steps: sourceSteps }), { connected: false }),
      from('south', sampleOperation({ steps: targetSteps })),
    ]);
    expect(joined?.state).toBe('running');
  });

  test('stay done when a member is silent afterwards', () => {
    const [joined] = joinOperations([
      from('south', sampleOperation({ state: 'done' }), { connected: false }),
      from('north', null),
    ]);
    expect(joined?.state).toBe('done');
  });

  test('age with the reports that carry them', () => {
    const [joined] = joinOperations([
      from('north', sampleOperation({ startedAgoMs: 1000, steps: sourceSteps }), { heardMs: 250 }),
    ]);
    expect(joined?.startedAgoMs).toBe(1250);
    expect(joined?.steps[0]?.startedAgoMs).toBe(750);
  });

  test('come newest first', () => {
    const joined = joinOperations([
      from('north', sampleOperation({ id: 'old', startedAgoMs: 9000 })),
      from('south', sampleOperation({ id: 'new', startedAgoMs: 10 })),
    ]);
    expect(joined.map(({ id }) => id)).toEqual(['new', 'old']);
  });
});
