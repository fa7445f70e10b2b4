import { describe, expect, it } from 'vitest';
import { LogFollower, toldLimits } from '../../../shared/engine-log/follow-log.ts';
import {
  messageLogForm,
  messageLogName,
  parseLogLine,
  readMessageLogName,
  type LogLine,
  type MessageEvent,
} from '../../../shared/engine-log/log-line.ts';

/** Goal: of a log only numbers, ids and times are kept, and what is odd in it is found. Method: lines one by one. */
const at = '2026-03-14T04:31:50.100Z';
const opened: LogLine = { what: 'opened', form: messageLogForm, server: 'ig-north', generation: 2, at };
const line = (what: MessageEvent, number: number, component = 'ADT in'): LogLine => ({
  what,
  component,
  number,
  id: `M${number}`,
  at,
});
const whole = (number: number) => [line('taken', number), line('sent', number), line('acknowledged', number)];

function followed(lines: readonly (LogLine | null)[], follower = new LogFollower()) {
  for (const one of lines) follower.take(one);
  return follower.run({ beyond: false })!;
}
const numbers = (messages: readonly { number: number }[]) => messages.map(({ number }) => number);

describe('a line of the log', () => {
  it('is read back as it was written', () => {
    for (const one of [
      opened,
      line('sent', 7),
      { what: 'closed', at },
      { what: 'missed', lines: 3 },
    ] as const)
      expect(parseLogLine(JSON.stringify(one))).toEqual(one);
    expect(readMessageLogName(messageLogName(12, 3))).toEqual({ generation: 12, part: 3 });
    expect(readMessageLogName('journal-12.log')).toBeNull();
    expect(readMessageLogName('messages-1-1.log.gz')).toBeNull();
  });

  it('never tells content: what is no identifier and no time is left out', () => {
    const segment = 'PID|1||4711^^^TEST^MR||DOE^JANE';
    const told = parseLogLine(
      JSON.stringify({ ...line('sent', 7), id: segment, at: segment, message: segment }),
    );
    expect(told).toEqual({ what: 'sent', component: 'ADT in', number: 7, id: null, at: null });
  });

  it.each([
    ['half a line', '{"what":"sent","compo'],
    ['another form', '04:31:50 INFO ADT in: message M7 sent'],
    ['a form of another version', JSON.stringify({ ...opened, form: 'standin-messages/2' })],
    ['a number that is none', JSON.stringify({ ...line('sent', 7), number: -1 })],
    ['no component', JSON.stringify({ ...line('sent', 7), component: '' })],
    ['an event that is not known', JSON.stringify({ ...line('sent', 7), what: 'deleted' })],
    ['no object', 'null'],
  ])('is not read: %s', (_what, text) => {
    expect(parseLogLine(text)).toBeNull();
  });
});

describe('a log that is followed', () => {
  it('tells of an orderly end and of the last message', () => {
    const run = followed([opened, ...whole(1), ...whole(2), { what: 'closed', at }]);
    expect(run).toMatchObject({
      server: 'ig-north',
      generation: 2,
      fromBegin: true,
      end: 'closed',
      damaged: 0,
    });
    expect(run.components[0]).toMatchObject({ acknowledged: 2, lastAcknowledged: { number: 2 }, open: [] });
  });

  it('has no orderly end once something comes behind it, nor without one', () => {
    expect(followed([opened, { what: 'closed', at }, opened, ...whole(1)]).end).toBe('open');
    expect(followed([opened, ...whole(1)]).end).toBe('open');
  });

  it('takes a message that is sent until its acknowledgement comes for neither twice nor late', () => {
    const run = followed([
      opened,
      line('taken', 1),
      line('sent', 1),
      line('sent', 1),
      line('acknowledged', 1),
    ]);
    expect(run.components[0]).toMatchObject({ again: [], late: [], passed: [] });
  });

  it('takes a message whose line of being taken in comes late for no gap', () => {
    const run = followed([
      opened,
      ...whole(1),
      line('sent', 2),
      line('taken', 2),
      line('acknowledged', 2),
      ...whole(3),
    ]);
    expect(run.components[0]!.passed).toEqual([]);
  });

  it('finds what was sent again, late, or passed over', () => {
    const [component] = followed([
      opened,
      ...[1, 2, 3, 4].map((number) => line('taken', number)),
      ...[line('sent', 1), line('acknowledged', 1), line('sent', 1)],
      ...[line('sent', 3), line('acknowledged', 3), line('sent', 2), line('acknowledged', 2)],
      ...[line('taken', 5), line('sent', 5), line('acknowledged', 5)],
    ]).components;
    expect(numbers(component!.again)).toEqual([1]);
    expect(numbers(component!.late)).toEqual([2]);
    expect(numbers(component!.passed)).toEqual([4]);
  });

  it('knows by what waited before that a message was passed over, or came late', () => {
    const before = new LogFollower();
    followed([opened, ...whole(1), line('taken', 2), line('taken', 3)], before);
    const gap = followed([{ ...opened, generation: 3 }, line('sent', 3)], new LogFollower(before.waiting()));
    expect(numbers(gap.components[0]!.passed)).toEqual([2]);
    const late = followed([opened, line('sent', 3), line('sent', 2)], new LogFollower(before.waiting()));
    expect(numbers(late.components[0]!.late)).toEqual([2]);
    expect(late.components[0]!.passed).toEqual([]);
  });

  it('counts numbers that are told as nothing, and messages that overtake one without an acknowledgement', () => {
    const [component] = followed([
      opened,
      ...whole(1),
      line('refused', 2),
      ...whole(4),
      line('sent', 5),
      line('sent', 6),
    ]).components;
    expect(component).toMatchObject({ gaps: 1, overtook: 1 });
  });

  it('counts what is damaged, and tells nothing of a log without a head', () => {
    expect(followed([opened, null, { what: 'missed', lines: 4 }])).toMatchObject({ damaged: 1, missed: 4 });
    const headless = new LogFollower();
    headless.take(null);
    expect(headless.run({ beyond: false })).toBeNull();
  });

  it('tells odd components first, and not more than its bounds', () => {
    const many = Array.from({ length: toldLimits.components + 5 }, (_, index) =>
      line('sent', 1, `C${index}`),
    );
    const odd = [line('sent', 2, 'Z'), line('acknowledged', 2, 'Z'), line('sent', 2, 'Z')];
    const run = followed([opened, ...many, ...odd]);
    expect(run.total).toBe(toldLimits.components + 6);
    expect(run.components).toHaveLength(toldLimits.components);
    expect(run.components[0]!.name).toBe('Z');
  });
});
