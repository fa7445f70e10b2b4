import { describe, expect, it } from 'vitest';
import type { LoggedComponent, LoggedRun } from '../../../shared/agent-api/engine-log.ts';
import type { LogSeen, MoveEvidence } from '../../../shared/verification/move-evidence.ts';
import type { CheckedLine } from '../../../shared/verification/verification.ts';
import { goodMove } from './a-move.ts';
import { lineOf } from './slow-move.ts';

/**
 * Goal: the engine's own logs prove order and duplicates where nobody counts from outside, and never more than they
 * tell. Method: a switchover with logs, with one thing in them changed at a time.
 */
const message = (number: number) => ({ number, id: `M${number}`, at: null });
const component = (more: Partial<LoggedComponent> = {}): LoggedComponent => ({
  name: 'ADT in',
  acknowledged: 20,
  firstSent: message(884_190),
  lastAcknowledged: message(884_201),
  open: [],
  again: [],
  late: [],
  passed: [],
  overtook: 0,
  gaps: 0,
  refused: [],
  ...more,
});
const sent = (first: number, more: Partial<LoggedComponent> = {}) =>
  component({ firstSent: message(first), lastAcknowledged: message(first + 9), ...more });
const run = (more: Partial<LoggedRun>, components: LoggedComponent[]): LoggedRun => ({
  server: 'ig-north',
  generation: 2,
  fromBegin: false,
  end: 'closed',
  damaged: 0,
  missed: 0,
  total: components.length,
  components,
  ...more,
});

interface Logs {
  readonly was?: LoggedComponent;
  readonly now?: LoggedComponent;
  readonly before?: Partial<LoggedRun>;
  readonly after?: Partial<LoggedRun>;
}
const later = { server: 'ig-south', generation: 3, fromBegin: true, end: 'open' } as const;

function logs({ was = component(), now = sent(884_202), before = {}, after = {} }: Logs): LogSeen[] {
  const answer = {
    cluster: 'WK1',
    server: 'ig-south',
    epoch: 3,
    before: { run: run(before, [was]), why: null },
    after: { run: run({ ...later, ...after }, [now]), why: null },
  };
  return [{ server: 'ig-south', answer, why: null }];
}
/** As on a command line or at a customer: nobody counts from outside. */
const seen = (told: LogSeen[]): MoveEvidence => ({
  ...goodMove(),
  traffic: { before: null, after: null },
  logs: told,
});
const check = (id: string, told: Logs): CheckedLine => lineOf(seen(logs(told)), id);
const says = ({ signs }: CheckedLine, kind: string) =>
  signs.filter((sign) => sign.kind === kind).map((sign) => `${sign.from}: ${sign.says}`);

describe('logs that go on where they ended', () => {
  it('prove order and duplicates without a count from outside', () => {
    expect(check('V08', {}).verdict).toBe('proven');
    expect(check('V09', {}).verdict).toBe('proven');
    expect(says(check('V09', {}), 'shown').join()).toContain(
      'engine log of ig-south: nothing that was acknowledged',
    );
  });

  it('prove it also with a message whose acknowledgement was not written, and name it', () => {
    const line = check('V09', { was: component({ open: [message(884_202)] }) });
    expect(line.verdict).toBe('proven');
    expect(says(line, 'shown').join()).toContain('which is allowed: ADT in 884202 (M884202)');
  });

  it('are no gap where numbers were refused, or sent again since their acknowledgement was lost', () => {
    const was = component({ open: [message(884_202)], refused: [884_203] });
    for (const id of ['V06', 'V07', 'V08', 'V09'])
      expect([id, check(id, { was, now: sent(884_202) }).verdict]).toEqual([id, 'proven']);
    const refused = component({ refused: [884_202, 884_203] });
    expect(check('V08', { was: refused, now: sent(884_204) }).verdict).toBe('proven');
  });
});

describe('logs that tell of a fault', () => {
  it('violate V09 by a message that was acknowledged and sent again', () => {
    for (const told of [{ now: sent(884_201) }, { now: sent(884_202, { again: [message(884_205)] }) }]) {
      const line = check('V09', told);
      expect(line.verdict).toBe('violated');
      expect(line.signs[0]).toMatchObject({ kind: 'against', lasts: true, from: 'engine log of ig-south' });
    }
  });

  it('violate V06, V07 and V08 by a message that was passed over', () => {
    const told = { now: sent(884_203, { passed: [message(884_202)] }) };
    for (const id of ['V06', 'V07', 'V08']) expect([id, check(id, told).verdict]).toEqual([id, 'violated']);
    expect(check('V06', told).signs[0]!.says).toContain('ADT in 884202 (M884202)');
    expect(check('V09', told).verdict).toBe('proven');
  });

  it('violate V06, V07 and V08 by a message without an acknowledgement that was not sent again', () => {
    const told = { was: component({ open: [message(884_202)] }), now: sent(884_203) };
    for (const id of ['V06', 'V07', 'V08']) expect([id, check(id, told).verdict]).toEqual([id, 'violated']);
  });

  it('say no more than that it fits where the old log was torn off by a power cut', () => {
    const before = { end: 'open' } as const;
    for (const told of [
      { before, now: sent(884_203, { passed: [message(884_202)] }) },
      { before, was: component({ open: [message(884_202)] }), now: sent(884_203) },
    ]) {
      const line = check('V08', told);
      expect(line.verdict).toBe('consistent');
      expect(line.signs.map((sign) => sign.says).join()).toContain(
        'unless that was in the lines that are missing',
      );
    }
  });

  it('leave V09 open for a late message that may have been acknowledged before', () => {
    const told = { now: sent(884_202, { late: [message(884_200)] }) };
    const line = check('V09', told);
    expect(line.verdict).toBe('consistent');
    expect(line.signs.map((sign) => sign.says).join()).toContain('may have been acknowledged before');
  });

  it('violate V08 alone by a message that came late', () => {
    const told = { now: sent(884_202, { late: [message(884_203)] }) };
    expect(check('V08', told).verdict).toBe('violated');
    for (const id of ['V06', 'V07', 'V09']) expect([id, check(id, told).verdict]).toEqual([id, 'proven']);
  });

  it('are not outvoted by a count from outside that saw nothing', () => {
    const told = logs({ now: sent(884_201) });
    expect(lineOf({ ...goodMove(), logs: told }, 'V09').verdict).toBe('violated');
  });
});

describe('logs that do not tell everything prove nothing', () => {
  const cases: readonly [string, string, Logs][] = [
    ['the old one has no orderly end', 'does not end in order', { before: { end: 'open' } }],
    ['lines of the old one are damaged', 'damaged', { before: { damaged: 1 } }],
    ['the engine could not write lines of the old one', 'not written', { before: { missed: 2 } }],
    ['lines of the new one are damaged', 'damaged', { after: { damaged: 1 } }],
    [
      'the beginning of the new one was rotated away',
      'its beginning is gone',
      { after: { fromBegin: false } },
    ],
    ['nothing was sent since', 'nothing was sent since', { now: component({ firstSent: null }) }],
    ['numbers between are not told', 'not told: ADT in', { now: sent(884_210) }],
    ['numbers after the first are not told', 'not told: ADT in', { now: sent(884_202, { gaps: 1 }) }],
    ['more was sent than was read', 'more was sent', { after: { end: 'beyond' } }],
    [
      'the old one does not tell of the component',
      'not read back',
      { was: component({ lastAcknowledged: null }) },
    ],
    ['not every component is told', 'not every component', { after: { total: 900 } }],
  ];
  it.each(cases)('%s', (_what, words, told) => {
    for (const id of ['V08', 'V09']) {
      const line = check(id, told);
      expect([id, line.verdict]).toEqual([id, 'consistent']);
      expect(line.signs.map((sign) => sign.says).join()).toContain(words);
    }
  });

  const unread: readonly [string, string, LogSeen[]][] = [
    ['nobody was asked', 'no member was asked', []],
    [
      'the member is silent',
      'no answer',
      [{ server: 'ig-south', answer: null, why: 'no answer within 12 s' }],
    ],
    ['it is the log of another server', 'not of this move', logs({ before: { server: 'ig-east' } })],
    ['it is the log of another generation', 'not of this move', logs({ after: { generation: 4 } })],
  ];
  it.each(unread)('%s', (_what, words, told) => {
    for (const id of ['V08', 'V09']) {
      const line = lineOf(seen(told), id);
      expect([id, line.verdict]).toEqual([id, 'consistent']);
      expect(says(line, 'missing').join()).toContain(words);
    }
  });

  it('the form of the logs is not known', () => {
    const why = 'the engine’s logs are of a form that is not known here (12 files)';
    const none = { run: null, why };
    const answer = { cluster: 'WK1', server: 'ig-south', epoch: 3, before: none, after: none };
    const line = lineOf(seen([{ server: 'ig-south', answer, why: null }]), 'V08');
    expect(line.verdict).toBe('consistent');
    expect(says(line, 'missing').join()).toContain(why);
  });

  it('but what the old member’s own copy tells counts where the new one has none', () => {
    const [told] = logs({});
    const none = { run: null, why: 'nothing that was logged before is there any more' };
    const both: LogSeen[] = [
      { ...told!, answer: { ...told!.answer!, before: none } },
      { ...told!, server: 'ig-north', answer: { ...told!.answer!, server: 'ig-north', after: none } },
    ];
    expect(lineOf(seen(both), 'V08').verdict).toBe('proven');
  });
});
