import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildAck, parseAck } from '../../../../electron/demo/hl7/hl7-ack.ts';
import {
  buildAdmission,
  controlId,
  parseControlId,
  readHeader,
  readNumbered,
} from '../../../../electron/demo/hl7/hl7-message.ts';

const at = new Date('2025-03-04T05:06:07.890Z');
const numbered = { sender: 'judge-WK1', sequence: 42, run: 'AB12', sentAt: 123_450 };
const message = buildAdmission(numbered, 'WK1', at);

describe('a numbered admission', () => {
  it('carries its number in the control id and in a segment of its own', () => {
    expect(readHeader(message)).toEqual({
      ok: true,
      value: {
        sendingApplication: 'judge-WK1',
        sendingFacility: 'AB12',
        type: 'ADT^A01^ADT_A01',
        controlId: 'judge-WK1-42',
      },
    });
    expect(readNumbered(message)).toEqual(numbered);
  });

  it('looks like HL7: segments in order, ended by carriage returns, an invented patient', () => {
    const segments = message.toString('latin1').split('\r');
    expect(segments.map((segment) => segment.slice(0, 3))).toEqual(['MSH', 'EVN', 'PID', 'PV1', 'ZSQ', '']);
    expect(segments[0]).toContain('|20250304050607||');
    expect(segments[2]).toContain('TEST^PATIENT');
  });

  it('is not mistaken for one when the numbers are missing', () => {
    const foreign = Buffer.from('MSH|^~\\&|A|B|C|D|20250101||ADT^A01|X1|P|2.5\rPID|1\r');
    expect(readNumbered(foreign)).toBeUndefined();
  });

  it('gives back sender and sequence from every control id', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{1,30}$/), fc.nat(), (sender, sequence) => {
        expect(parseControlId(controlId({ sender, sequence }))).toEqual({ sender, sequence });
      }),
    );
    expect(parseControlId('no sequence')).toBeUndefined();
  });
});

describe('an acknowledgement', () => {
  it('answers with the control id of the message, and sender and receiver exchanged', () => {
    const ack = buildAck(message, { code: 'AA', from: 'ig-north', text: '' }, at);
    expect(ack.toString('latin1')).toBe(
      'MSH|^~\\&|ig-north|WK1|judge-WK1|AB12|20250304050607||ACK^A01^ACK|Ajudge-WK1-42|T|2.5\rMSA|AA|judge-WK1-42\r',
    );
  });

  it.each(['AA', 'AE', 'AR'] as const)('is read back with its code %s, sender and reason', (code) => {
    const ack = buildAck(message, { code, from: 'ig-north', text: 'why' }, at);
    expect(parseAck(ack)).toEqual({
      ok: true,
      value: { code, from: 'ig-north', text: 'why', controlId: 'judge-WK1-42' },
    });
  });

  it('counts a commit code as its application counterpart', () => {
    const ack = Buffer.from('MSH|^~\\&|X|||||||1|P|2.5\rMSA|CE|m1\r');
    expect(parseAck(ack)).toMatchObject({ ok: true, value: { code: 'AE', controlId: 'm1' } });
  });

  it.each([
    ['MSH|^~\\&|X|||||||1|P|2.5\r', 'no MSA'],
    ['MSH|^~\\&|X|||||||1|P|2.5\rMSA|OK|m1\r', '"OK"'],
    ['', 'no MSA'],
  ])('is refused by name when it is none: %j', (text, reason) => {
    expect(parseAck(Buffer.from(text))).toMatchObject({
      ok: false,
      error: expect.stringContaining(reason) as string,
    });
  });

  it('can be built for bytes that are no HL7 at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const ack = buildAck(Buffer.from(bytes), { code: 'AR', from: 'x', text: 'unreadable' }, at);
        expect(readHeader(ack).ok).toBe(true);
      }),
    );
  });
});
