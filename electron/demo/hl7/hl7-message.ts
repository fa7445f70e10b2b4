import { fail, succeed, type Result } from '../../../shared/result.ts';

/**
 * The little of HL7 version 2 that numbered test messages need. Messages travel as bytes; they are
 * read as Latin-1 here, which maps every byte to one character and back without loss.
 */

/** Control id `<senderId>-<sequence>`, taken apart. */
export interface ControlId {
  readonly sender: string;
  readonly sequence: number;
}

export interface NumberedMessage {
  readonly sender: string;
  readonly sequence: number;
  /** Tells runs of the same sender apart: each run counts from its own start. */
  readonly run: string;
  /** Boot milliseconds of the first time it was sent. */
  readonly sentAt: number;
}

export interface MessageHeader {
  readonly sendingApplication: string;
  readonly sendingFacility: string;
  readonly type: string;
  readonly controlId: string;
}

/** An admission (ADT^A01) of an obviously invented patient, numbered for the judge. */
export function buildAdmission(message: NumberedMessage, cluster: string, wallTime: Date): Buffer {
  const time = hl7Time(wallTime);
  const record = String(message.sequence).padStart(8, '0');
  const segments = [
    `MSH|^~\\&|${message.sender}|${message.run}|ENGINE|${cluster}|${time}||ADT^A01^ADT_A01|${controlId(message)}|T|2.5`,
    `EVN|A01|${time}`,
    `PID|1||${record}^^^TEST^MR||TEST^PATIENT||19700101|U`,
    `PV1|1|I|TEST^1^1`,
    `ZSQ|${message.sender}|${message.sequence}|${message.run}|${message.sentAt}`,
  ];
  return Buffer.from(`${segments.join('\r')}\r`, 'latin1');
}

export function controlId(id: ControlId): string {
  return `${id.sender}-${id.sequence}`;
}

/** The sender may itself contain hyphens; the sequence is what follows the last one. */
export function parseControlId(text: string): ControlId | undefined {
  const parts = /^(.+)-(\d{1,15})$/.exec(text);
  return parts?.[1] === undefined ? undefined : { sender: parts[1], sequence: Number(parts[2]) };
}

/** Reads MSH, with the field separator that the message itself declares. */
export function readHeader(message: Buffer): Result<MessageHeader, string> {
  const first = segmentFields(message, 'MSH');
  if (!first) return fail('the message does not begin with an MSH segment');
  const [sendingApplication = '', sendingFacility = ''] = [first[2], first[3]];
  const id = first[9];
  if (!id) return fail('MSH-10 (message control id) is empty');
  return succeed({ sendingApplication, sendingFacility, type: first[8] ?? '', controlId: id });
}

/**
 * Reads what `buildAdmission` wrote; undefined for messages of anyone else. The number comes from
 * MSH-10, which every engine passes on.
 */
export function readNumbered(message: Buffer): NumberedMessage | undefined {
  const header = readHeader(message);
  const id = header.ok ? parseControlId(header.value.controlId) : undefined;
  const sentAt = Number(segmentFields(message, 'ZSQ')?.[4] ?? Number.NaN);
  if (!header.ok || !id || !Number.isFinite(sentAt)) return undefined;
  return { ...id, run: header.value.sendingFacility, sentAt };
}

/**
 * Fields of the first segment with this name; index 0 is the name. For MSH the separator itself
 * counts as MSH-1, so MSH-n is at index n − 1.
 */
export function segmentFields(message: Buffer, name: string): string[] | undefined {
  const text = message.toString('latin1');
  if (!text.startsWith('MSH') || text.length < 8) return undefined;
  const separator = text[3] ?? '|';
  const segment = text.split(/\r\n?|\n/).find((line) => line.startsWith(name + separator));
  return segment?.split(separator);
}

/** `YYYYMMDDHHMMSS` in UTC. */
export function hl7Time(wallTime: Date): string {
  return wallTime.toISOString().replace(/[-:T]/g, '').slice(0, 14);
}
