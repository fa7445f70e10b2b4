/**
 * Lines of an engine's message log. The vendor describes no form of IguanaX's own logs, so only one form is known here:
 * that of the stand-in engine. Another form is one more parser beside this one, and until then its logs prove nothing.
 *
 * One JSON object a line, without anything of a message but its number and control id. Files are
 * `logt/messages-<generation>-<part>.log`, parts counted from 1, each beginning with a head: `opened` by a start of the
 * engine, or `continued` where a part before was full.
 */
export const messageLogForm = 'standin-messages/1';

/** taken: in the queue, durable · refused: its number was given and never used · sent: before it goes out ·
 * acknowledged: by its destination, and that is durable. */
export type MessageEvent = 'taken' | 'refused' | 'sent' | 'acknowledged';

export type LogLine =
  | {
      readonly what: 'opened' | 'continued';
      readonly form: typeof messageLogForm;
      readonly server: string;
      readonly generation: number;
      readonly at: string;
    }
  /** Everything before it is written: the engine was stopped in order. */
  | { readonly what: 'closed'; readonly at: string }
  /** So many lines could not be written. */
  | { readonly what: 'missed'; readonly lines: number }
  | {
      readonly what: MessageEvent;
      readonly component: string;
      readonly number: number;
      readonly id: string | null;
      readonly at: string | null;
    };

export function messageLogName(generation: number, part: number): string {
  return `messages-${generation}-${part}.log`;
}

/** Null: no file of this form. */
export function readMessageLogName(
  name: string,
): { readonly generation: number; readonly part: number } | null {
  const match = /^messages-(\d{1,15})-(\d{1,9})\.log$/.exec(name);
  return match === null ? null : { generation: Number(match[1]), part: Number(match[2]) };
}

const events: readonly string[] = ['taken', 'refused', 'sent', 'acknowledged'] satisfies MessageEvent[];

/** Null: damaged, or of another form. What is no time and no plain identifier is left out: it could be content. */
export function parseLogLine(text: string): LogLine | null {
  const line = parsed(text);
  if (line === null) return null;
  const { what, lines, component, number } = line;
  if (what === 'opened' || what === 'continued') return headOf(line, what);
  if (what === 'closed') return { what, at: timeOf(line['at']) ?? '' };
  if (what === 'missed') return isCount(lines) ? { what, lines } : null;
  if (typeof what !== 'string' || !events.includes(what) || !isName(component) || !isCount(number))
    return null;
  const id = isIdentifier(line['id']) ? line['id'] : null;
  return { what: what as MessageEvent, component, number, id, at: timeOf(line['at']) };
}

type Fields = Readonly<Record<string, unknown>>;

function parsed(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Fields) : null;
  } catch {
    return null;
  }
}

function headOf(line: Fields, what: 'opened' | 'continued'): LogLine | null {
  const { form, server, generation } = line;
  if (form !== messageLogForm || !isIdentifier(server) || !isCount(generation)) return null;
  return { what, form, server, generation, at: timeOf(line['at']) ?? '' };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= 200;
}

/** As control ids and names of servers are; segments of a message are not. */
function isIdentifier(value: unknown): value is string {
  return typeof value === 'string' && /^[\w.:-]{1,64}$/.test(value);
}

function timeOf(value: unknown): string | null {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]{5,15}Z$/.test(value) ? value : null;
}
