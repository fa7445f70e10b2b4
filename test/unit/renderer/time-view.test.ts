import { describe, expect, it } from 'vitest';
import { readInstantText, readSpanText } from '../../../renderer/features/timeline/instant-text.ts';
import { ticks } from '../../../renderer/features/timeline/axis.ts';
import {
  panned,
  shortestSpanMs,
  showing,
  viewOf,
  windowOf,
  zoomed,
  type TimeView,
} from '../../../renderer/features/timeline/time-view.ts';

const hour = 3_600_000;
const now = Date.parse('2026-03-14T12:00:00');
const lastHour: TimeView = { kind: 'recent', spanMs: hour };

describe('the stretch of time that is looked at', () => {
  it('moves on with the time until it is moved away from its end', () => {
    expect(windowOf(lastHour, now)).toEqual({ fromMs: now - hour, toMs: now });
    const earlier = panned(lastHour, -0.5, now);
    expect(earlier).toEqual({ kind: 'fixed', fromMs: now - 1.5 * hour, toMs: now - 0.5 * hour });
    expect(windowOf(earlier, now + hour)).toEqual(windowOf(earlier, now));
    expect(panned(earlier, 3, now)).toEqual(lastHour);
  });

  it('is zoomed around the point that is pointed at', () => {
    const at = now - hour / 2;
    const near = zoomed(lastHour, 0.5, at, now);
    expect(near).toEqual({ kind: 'fixed', fromMs: now - 0.75 * hour, toMs: now - 0.25 * hour });
    expect(zoomed(near, 2, at, now)).toEqual(lastHour);
    expect(zoomed(lastHour, 4, now, now)).toEqual({ kind: 'recent', spanMs: 4 * hour });
  });

  it('ends where nothing can be told apart, and where no site is older', () => {
    let view: TimeView = lastHour;
    for (let turn = 0; turn < 60; turn += 1) view = zoomed(view, 0.5, now - 1_000, now);
    const { fromMs, toMs } = windowOf(view, now);
    expect(toMs - fromMs).toBe(shortestSpanMs);
    for (let turn = 0; turn < 60; turn += 1) view = zoomed(view, 2, now - 1_000, now);
    const years = (windowOf(view, now).toMs - windowOf(view, now).fromMs) / (365 * 24 * hour);
    expect(years).toBeCloseTo(20);
    expect(ticks(windowOf(view, now)).length).toBeLessThanOrEqual(13);
  });

  it('goes to an instant that is out of it, and stays for one that is in it', () => {
    expect(showing(lastHour, now - hour / 4, now)).toBe(lastHour);
    const at = now - 400 * 24 * hour;
    expect(showing(lastHour, at, now)).toEqual(viewOf({ fromMs: at - hour / 2, toMs: at + hour / 2 }, now));
  });
});

describe('an instant as it is written', () => {
  const read = (text: string) => {
    const instant = readInstantText(text, now);
    return instant.ok ? new Date(instant.value).toISOString() : instant.error;
  };
  const local = (text: string) => new Date(text).toISOString();

  it('is of this workstation’s zone unless it names one', () => {
    expect(read('2026-03-13 04:31:20.5')).toBe(local('2026-03-13T04:31:20.500'));
    expect(read(' 2026-03-13T04:31 ')).toBe(local('2026-03-13T04:31:00'));
    expect(read('2026-03-13')).toBe(local('2026-03-13T00:00:00'));
    expect(read('2026-03-13T04:31Z')).toBe('2026-03-13T04:31:00.000Z');
    expect(read('04:31')).toBe(local('2026-03-14T04:31:00'));
    expect(read('2h')).toBe(new Date(now - 2 * hour).toISOString());
  });

  it.each(['yesterday', '2026-02-31 10:00', '14.3.2026', '25:00', '', '2026-03-13 4:31pm', '٠٤:٣١'])(
    'is told to be none: %s',
    (text) => {
      expect(read(text)).toMatch(/is no time that can be read\. Write 2026-03-14 04:31:20/);
    },
  );

  it('is of the past, and a stretch has its beginning before its end', () => {
    expect(read('2026-03-15')).toContain('has not come yet');
    expect(readSpanText('10:00', '09:00', now)).toMatchObject({ ok: false });
    expect(readSpanText('10:00', 'soon', now)).toMatchObject({ ok: false });
    expect(readSpanText('10:00', '', now)).toEqual({
      ok: true,
      value: { fromMs: now - 2 * hour, toMs: now },
    });
  });
});
