import { describe, expect, test } from 'vitest';
import { sameMeaning } from '../../../../electron/host/snapshot/same-meaning.ts';
import { sampleMember, sampleOperation, sampleStep } from '../samples.ts';

const place = { cluster: 'WK1', server: 'north', role: 'active' } as const;
const member = sampleMember(place);

describe('whether a snapshot is news', () => {
  test('a later one with other ages and counters only is none', () => {
    const later = structuredClone(member);
    later.revision += 1;
    later.wallTime = '2026-01-01T00:00:01.000Z';
    later.lease = { ...later.lease, leftMs: 2900, renewedMs: 1100, freeInMs: 3400 };
    later.decision.ageMs = 900;
    later.decision.facts[0]!.text = 'ours, 2.9 s left';
    later.engine.messagesPerSecond.value = 6;
    later.engine.received.value = 1005;
    later.guards[0]!.ageMs = 12;
    expect(sameMeaning(member, later)).toBe(true);
  });

  test.each([
    ['role', { role: { ...member.role, observed: 'stopping' as const } }],
    ['rule', { decision: { ...member.decision, ruleId: 'R09' } }],
    ['lease', { lease: { ...member.lease, epoch: 8 } }],
    ['guard', { guards: [{ id: '1', beating: false, ageMs: 50 }, member.guards[1]!] }],
    ['blocker', { blockers: [{ code: 'x', reason: 'y', remedy: 'z' }] }],
    ['answer', { activeAnswer: '503' as const }],
    ['operation', { operation: sampleOperation() }],
    ['unknown value', { lease: { ...member.lease, freeInMs: null } }],
    ['store', { store: { ...member.store, reachable: false } }],
  ])('another %s is', (_what, changes) => {
    expect(sameMeaning(member, sampleMember(place, changes))).toBe(false);
  });

  test('a step that went on is', () => {
    const before = sampleOperation({ steps: [sampleStep('stop', 'north', 'running')] });
    const after = sampleOperation({ steps: [sampleStep('stop', 'north', 'done')] });
    expect(sameMeaning(before, after)).toBe(false);
  });

  test('nothing against something is, in both directions', () => {
    expect(sameMeaning(null, member)).toBe(false);
    expect(sameMeaning(member, null)).toBe(false);
    expect(sameMeaning([], [1])).toBe(false);
    expect(sameMeaning({}, [])).toBe(false);
  });
});
