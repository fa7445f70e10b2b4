import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeJournal,
  encodeRecord,
  type JournalRecord,
} from '../../../../electron/demo/engine/journal-records.ts';

const record: fc.Arbitrary<JournalRecord> = fc.oneof(
  fc.record({
    kind: fc.constant('in' as const),
    component: fc.string(),
    number: fc.nat(),
    message: fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1')),
  }),
  fc.record({ kind: fc.constant('out' as const), component: fc.string(), number: fc.nat() }),
);
const records = fc.array(record, { minLength: 1, maxLength: 10 });

describe('the lines of a journal', () => {
  it('give back every record, with every byte of its message', () => {
    fc.assert(
      fc.property(records, (written) => {
        const file = Buffer.concat(written.map(encodeRecord));
        expect(decodeJournal(file)).toEqual({ records: written, wholeBytes: file.length, damaged: false });
      }),
    );
  });

  it('lose only the torn record when the file is cut anywhere', () => {
    fc.assert(
      fc.property(records, fc.nat(), (written, place) => {
        const lines = written.map(encodeRecord);
        const file = Buffer.concat(lines);
        const cutAt = place % (file.length + 1);
        const content = decodeJournal(file.subarray(0, cutAt));
        let whole = 0;
        let bytes = 0;
        while (whole < lines.length && bytes + lines[whole]!.length <= cutAt) bytes += lines[whole++]!.length;
        expect(content).toEqual({ records: written.slice(0, whole), wholeBytes: bytes, damaged: false });
      }),
    );
  });

  it('are called damaged when a flipped bit has whole records after it', () => {
    fc.assert(
      fc.property(records, fc.nat(), fc.nat({ max: 7 }), (written, place, bit) => {
        const file = Buffer.concat(written.map(encodeRecord));
        const last = encodeRecord({ kind: 'out', component: 'ADT', number: 1 });
        const at = place % file.length;
        file[at] = file[at]! ^ (1 << bit);
        // Two, as a flipped line end joins the first of them to the damaged line.
        expect(decodeJournal(Buffer.concat([file, last, last])).damaged).toBe(true);
      }),
    );
  });
});
