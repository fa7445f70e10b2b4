import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { ConsoleRequest } from '../../shared/console-ipc/console-contract.ts';
import { journalRecord } from '../unit/host/history/journal-record.ts';
import { history, minutesAgo, openTimeline } from './timeline-host.ts';

beforeEach(() => {
  // jsdom lays nothing out; the list draws the rows that fit its height.
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(400);
});

/** The stretch that was searched last, in minutes before now. */
function searched(page: ReturnType<typeof openTimeline>): readonly [from: number, to: number | null] {
  const { request } = page.calls.findLast(({ name }) => name === 'readTimelineOverview')!;
  const { from, to } = request as ConsoleRequest<'readTimelineOverview'>;
  const ago = (wallTime: string) => Math.round((Date.now() - Date.parse(wallTime)) / 60_000);
  return [ago(from!), to === null ? null : ago(to)];
}

describe('the stretch of time that is shown', () => {
  const press = (name: string) => userEvent.click(screen.getByRole('button', { name }));
  const lanes = () => screen.getByRole('group', { name: /^Lanes/ });

  test('is moved and zoomed by buttons, and goes back to now', async () => {
    const page = openTimeline(history([]));
    await screen.findByRole('button', { name: 'Earlier' });
    await press('Earlier');
    await waitFor(() => expect(searched(page)).toEqual([90, 30]));
    await press('Zoom in');
    await waitFor(() => expect(searched(page)).toEqual([75, 45]));
    await press('To now');
    await waitFor(() => expect(searched(page)).toEqual([30, null]));
    await press('Zoom out');
    await waitFor(() => expect(searched(page)[0]).toBeGreaterThan(40));
  });

  test('is moved and zoomed by keys alone', async () => {
    const page = openTimeline(history([]));
    (await screen.findByRole('group', { name: /^Lanes/ })).focus();
    await userEvent.keyboard('{ArrowLeft}{ArrowLeft}');
    await waitFor(() => expect(searched(page)).toEqual([90, 30]));
    await userEvent.keyboard('+');
    await waitFor(() => expect(searched(page)).toEqual([75, 45]));
    await userEvent.keyboard('-{End}');
    await waitFor(() => expect(searched(page)).toEqual([60, null]));
  });

  test('is chosen by a drag, which picks no instant, and zoomed by the wheel with Ctrl', async () => {
    const page = openTimeline(history([]));
    const lane = await screen.findByRole('img', { name: /WK1 on ig-north: Active/ });
    vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockReturnValue(new DOMRect(0, 0, 120, 24));
    fireEvent.pointerDown(lane, { button: 0, clientX: 30 });
    fireEvent.pointerMove(document, { clientX: 60 });
    fireEvent.pointerUp(document, { clientX: 90 });
    fireEvent.click(lane, { clientX: 90 });
    // The picture is 120 pixels wide and shows an hour.
    await waitFor(() => expect(searched(page)).toEqual([45, 15]));
    expect(screen.getByText('Nothing picked')).toBeTruthy();
    fireEvent.click(lane, { clientX: 60 });
    expect(screen.queryByText('Nothing picked')).toBeNull();
    expect(fireEvent.wheel(lane, { deltaY: -200, clientX: 60 })).toBe(true);
    expect(fireEvent.wheel(lane, { deltaY: -277.26, clientX: 60, ctrlKey: true })).toBe(false);
    await waitFor(() => expect(searched(page)).toEqual([38, 23]));
    expect(fireEvent.wheel(lane, { deltaY: 120, shiftKey: true })).toBe(false);
    await waitFor(() => expect(searched(page)).toEqual([23, 8]));
    expect(lanes().textContent).toContain('Events');
  });

  test('is written down, also years ago, and what is no time is told to be none', async () => {
    const page = openTimeline(history([]));
    const from = await screen.findByLabelText('From');
    await userEvent.type(from, '2024-01-02 10:00');
    await userEvent.type(screen.getByLabelText('To'), 'soon');
    await press('Show');
    expect(screen.getByRole('alert').textContent).toMatch(/“soon” is no time that can be read\. Write 2026/);
    await userEvent.clear(screen.getByLabelText('To'));
    await userEvent.type(screen.getByLabelText('To'), '2024-01-03{Enter}');
    expect(screen.queryByRole('alert')).toBeNull();
    const request = () => page.calls.findLast(({ name }) => name === 'readTimelineOverview')!.request;
    await waitFor(() =>
      expect(request()).toMatchObject({
        from: new Date('2024-01-02T10:00:00').toISOString(),
        to: new Date('2024-01-03T00:00:00').toISOString(),
      }),
    );
  });

  test('goes to an instant that is written down, and shows the site then', async () => {
    const page = openTimeline(history([]));
    await userEvent.type(await screen.findByLabelText('Instant'), '2025-06-01 12:00{Enter}');
    expect(await screen.findByRole('region', { name: /^At 1 Jun 2025, 12:00:00/ })).toBeTruthy();
    const at = new Date('2025-06-01T12:00:00').toISOString();
    await waitFor(() =>
      expect(page.calls).toContainEqual({ name: 'readInstant', request: { source: null, at } }),
    );
    const [from, to] = searched(page);
    expect(from - to!).toBe(60);
  });

  test('is everything that is here, once the oldest record is known', async () => {
    const page = openTimeline(
      history([journalRecord(2), journalRecord(1, { wallTime: minutesAgo(1_000_000) })]),
    );
    await userEvent.click(await screen.findByText('All'));
    await waitFor(() => expect(searched(page)[0]).toBeGreaterThan(1_000_000));
  });
});
