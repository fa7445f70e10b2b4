import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frame, MllpReader, type MllpEvent } from '../../../../electron/demo/hl7/mllp.ts';

/** Message bytes without a start byte; an end byte only where the frame's end cannot be meant. */
const content = fc
  .uint8Array({ maxLength: 200 })
  .map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 0x0b && byte !== 0x1c)));

function cut(stream: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((place) => place % (stream.length + 1)))].sort((a, b) => a - b);
  return [...places, stream.length].map((end, index) => stream.subarray(places[index - 1] ?? 0, end));
}

function readAll(chunks: readonly Buffer[], limit?: number): MllpEvent[] {
  const reader = new MllpReader(limit);
  return chunks.flatMap((chunk) => reader.push(chunk));
}

function messages(events: readonly MllpEvent[]): string[] {
  return events.flatMap((event) => (event.kind === 'message' ? [event.message.toString('hex')] : []));
}

describe('the MLLP reader', () => {
  it('gives the same messages however TCP splits and joins the frames', () => {
    fc.assert(
      fc.property(
        fc.array(content, { maxLength: 8 }),
        fc.array(fc.nat(), { maxLength: 30 }),
        (sent, cuts) => {
          const stream = Buffer.concat(sent.map(frame));
          expect(messages(readAll(cut(stream, cuts)))).toEqual(
            sent.map((message) => message.toString('hex')),
          );
        },
      ),
    );
  });

  it('finds the frames again behind any noise and counts every byte of it', () => {
    const noise = content.filter((bytes) => bytes.length > 0);
    fc.assert(
      fc.property(fc.array(fc.tuple(noise, content), { maxLength: 6 }), fc.array(fc.nat()), (pairs, cuts) => {
        const stream = Buffer.concat(pairs.flatMap(([junk, message]) => [junk, frame(message)]));
        const events = readAll(cut(stream, cuts));
        const junkBytes = pairs.reduce((sum, [junk]) => sum + junk.length, 0);
        const counted = events.reduce((sum, event) => sum + (event.kind === 'noise' ? event.bytes : 0), 0);
        expect(messages(events)).toEqual(pairs.map(([, message]) => message.toString('hex')));
        expect(counted).toBe(junkBytes);
      }),
    );
  });

  it('never throws and never holds more than its limit, whatever arrives', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 })),
        fc.integer({ min: 1, max: 64 }),
        (chunks, limit) => {
          const events = readAll(
            chunks.map((chunk) => Buffer.from(chunk)),
            limit,
          );
          const large = events.filter((event) => event.kind === 'message' && event.message.length > limit);
          expect(large).toEqual([]);
        },
      ),
    );
  });

  it('keeps an end byte that no carriage return follows as part of the message', () => {
    const events = readAll([Buffer.from('\x0bMSH\x1cA\x1c'), Buffer.from('\x1c\r', 'latin1')]);
    expect(events).toEqual([{ kind: 'message', message: Buffer.from('MSH\x1cA\x1c') }]);
  });

  it('drops a frame that is begun again before it ended', () => {
    const events = readAll([Buffer.from('\x0bhalf\x0bwhole\x1c\r')]);
    expect(events).toEqual([
      { kind: 'noise', bytes: 5 },
      { kind: 'message', message: Buffer.from('whole') },
    ]);
  });

  it('stops reading for good after a frame that is too large', () => {
    const reader = new MllpReader(4);
    expect(reader.push(Buffer.from('\x0b12345'))).toEqual([{ kind: 'too-large', limitBytes: 4 }]);
    expect(reader.push(Buffer.from('\x1c\r\x0bok\x1c\r'))).toEqual([]);
  });
});
