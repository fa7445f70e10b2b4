import { fail, succeed, type Result } from '../../../shared/result.ts';
import { hl7Time, segmentFields } from './hl7-message.ts';

/** Application accept, error (try again later) and reject. */
export type AckCode = 'AA' | 'AE' | 'AR';

export interface Ack {
  readonly code: AckCode;
  /** MSH-10 of the message this answers. */
  readonly controlId: string;
  /** MSH-3: who answered. */
  readonly from: string;
  /** MSA-3, empty when all is well. */
  readonly text: string;
}

/**
 * Answers a message: MSH with sender and receiver exchanged, MSA with the original's control id.
 * Works for unreadable messages too (control id empty), as a sender has to hear about those.
 */
export function buildAck(message: Buffer, answer: Omit<Ack, 'controlId'>, wallTime: Date): Buffer {
  const header = segmentFields(message, 'MSH') ?? [];
  const field = (number: number) => header[number - 1] ?? '';
  const trigger = field(9).split('^')[1] ?? '';
  const time = hl7Time(wallTime);
  const type = trigger === '' ? 'ACK' : `ACK^${trigger}^ACK`;
  const version = field(12) || '2.5';
  const msh = `MSH|^~\\&|${answer.from}|${field(6)}|${field(3)}|${field(4)}|${time}||${type}|A${field(10)}|T|${version}`;
  const msa = `MSA|${answer.code}|${field(10)}${answer.text === '' ? '' : `|${answer.text}`}`;
  return Buffer.from(`${msh}\r${msa}\r`, 'latin1');
}

/** Reads an acknowledgement; commit codes (CA, CE, CR) count as their application counterparts. */
export function parseAck(message: Buffer): Result<Ack, string> {
  const msa = segmentFields(message, 'MSA');
  if (!msa) return fail('the answer has no MSA segment');
  const code = /^[AC]([AER])$/.exec(msa[1] ?? '')?.[1];
  if (code === undefined) return fail(`MSA-1 is "${msa[1] ?? ''}", not an acknowledgement code`);
  const header = segmentFields(message, 'MSH');
  return succeed({
    code: `A${code}` as AckCode,
    controlId: msa[2] ?? '',
    from: header?.[2] ?? '',
    text: msa[3] ?? '',
  });
}
