import { fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import type { ScheduledMove } from '../../shared/scheduling/scheduled-move.ts';
import { fixtures } from '../screens/fixtures.ts';
import { scheduled } from '../screens/schedule-fixtures.ts';
import { openPage } from './open-page.tsx';

/** Goal: a move is asked for at a time of its own, found again, and called off. Method: the page before a host that the test plays. */
const press = (name: string | RegExp) => userEvent.click(screen.getByRole('button', { name }));
const title = () => screen.getByRole('heading', { level: 1 }).textContent?.trim();
const open = (snapshot: ConsoleSnapshot, answers: Record<string, (request: unknown) => unknown> = {}) =>
  openPage({ snapshot, hash: '#/cluster/WK1/schedule', answers });
const move = (change: Partial<ScheduledMove> = {}) => scheduled(change);

test('asks the host with window and reason, and shows what the Active keeps then', async () => {
  const page = open(fixtures.healthy(), { scheduleMove: () => ({ accepted: true, operation: 's-1' }) });
  expect(title()).toBe('Schedule a switchover of WK1');
  const act = screen.getByRole('button', { name: 'Schedule a switchover of WK1' });
  fireEvent.click(act);
  expect(page.calls.some(({ name }) => name === 'scheduleMove')).toBe(false);
  fireEvent.change(screen.getByLabelText('Reason'), { target: { value: 'kernel patch' } });
  fireEvent.change(screen.getByLabelText('Not after'), { target: { value: '2020-01-01T00:00' } });
  expect(screen.getByText(/choose another window/)).toBeTruthy();
  const until = new Date(Date.now() + 3 * 3_600_000 - new Date().getTimezoneOffset() * 60_000);
  fireEvent.change(screen.getByLabelText('Not after'), {
    target: { value: until.toISOString().slice(0, 16) },
  });
  fireEvent.click(act);
  await waitFor(() =>
    expect(page.calls.find(({ name }) => name === 'scheduleMove')?.request).toMatchObject({
      ...{ cluster: 'WK1', verb: 'switchover', target: 'ig-south', epoch: 47, reason: 'kernel patch' },
    }),
  );
  page.say(move());
  expect(title()).toBe('Switchover of WK1 is scheduled');
});

test('one that waits is told on the cluster and its card, with what it waits for, and can be called off', async () => {
  const page = open(move({ why: 'ig-south does not answer.' }), {
    cancelSchedule: () => ({ accepted: true, operation: 's-1' }),
  });
  expect(
    screen.getByText(/scheduled by admin-1. ig-north keeps it. Waits: ig-south does not answer/),
  ).toBeTruthy();
  await press('Call it off');
  expect(page.calls.at(-1)).toMatchObject({
    name: 'cancelSchedule',
    request: { cluster: 'WK1', server: 'ig-north', schedule: 's-1' },
  });
  page.go('#/cluster/WK1/topology');
  expect(screen.getByText(/^Switchover to ig-south at/)).toBeTruthy();
  page.go('#/');
  expect(screen.getByText('Scheduled')).toBeTruthy();
});

test('one that was skipped says why, and leads to another', async () => {
  open(move({ state: 'skipped', why: 'until its end: ig-south does not answer.' }));
  expect(title()).toBe('Switchover of WK1 was skipped');
  expect(screen.getByText(/was skipped: until its end: ig-south does not answer\.$/)).toBeTruthy();
  await press('Schedule another…');
  expect(title()).toBe('Schedule a switchover of WK1');
});

test('an operator schedules nothing, but may call it off', () => {
  const snapshot = fixtures.healthy();
  snapshot.me = { name: 'operator-1', role: 'operator' };
  const page = open(snapshot);
  expect(screen.getByText(/this is for administrators/)).toBeTruthy();
  page.say({ ...move(), me: snapshot.me });
  expect(screen.getByRole('button', { name: 'Call it off' })).toBeTruthy();
});
