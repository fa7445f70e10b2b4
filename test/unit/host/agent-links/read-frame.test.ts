import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agentEndpoints } from '../../../../electron/host/agent-links/agent-endpoint.ts';
import { readFrame } from '../../../../electron/host/agent-links/read-frame.ts';
import { sampleMember, sampleSite, sampleWitness } from '../samples.ts';

const north = agentEndpoints(sampleSite())[0]!;
const member = sampleMember({ cluster: 'WK1', server: 'north', role: 'active' });
const frameOf = (snapshot: unknown) => JSON.stringify({ type: 'snapshot', snapshot });

describe('a frame of an agent', () => {
  test('is read when it is part of the contract and speaks for the right member', () => {
    expect(readFrame(frameOf(member), north)).toEqual({
      ok: true,
      value: { type: 'snapshot', snapshot: member },
    });
  });

  test('is read when a newer minor version added fields', () => {
    const newer = readFrame(frameOf({ ...member, apiVersion: '1.9', extra: 1 }), north);
    expect(newer.ok).toBe(true);
  });

  test('is refused as nonsense when a field is wrong, and the field is named', () => {
    const frame = readFrame(frameOf({ ...member, activeAnswer: '418' }), north);
    expect(frame).toMatchObject({ ok: false, error: { code: 'agent.nonsense' } });
    if (!frame.ok) expect(frame.error.details?.join()).toContain('snapshot.activeAnswer');
  });

  test('is refused as another version before its shape is judged', () => {
    const frame = readFrame(frameOf({ apiVersion: '2.0', quite: 'different' }), north);
    expect(frame).toMatchObject({ ok: false, error: { code: 'agent.version' } });
  });

  test.each([
    ['the other member', sampleMember({ cluster: 'WK1', server: 'south', role: 'active' })],
    ['another cluster', sampleMember({ cluster: 'WK2', server: 'north', role: 'active' })],
    ['the witness', sampleWitness()],
  ])('is refused when it speaks for %s', (_whom, snapshot) => {
    expect(readFrame(frameOf(snapshot), north)).toMatchObject({
      ok: false,
      error: { code: 'agent.foreign' },
    });
  });

  test('never throws, whatever arrives', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(readFrame(text, north).ok).toBe(false);
      }),
    );
  });

  test('never throws on a snapshot with one field replaced', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(member)), fc.jsonValue(), (key, value) => {
        const frame = readFrame(frameOf({ ...member, [key]: value }), north);
        expect(typeof frame.ok).toBe('boolean');
      }),
    );
  });
});
