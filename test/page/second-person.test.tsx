import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import {
  requestOfAnother,
  requestOfOwn,
  requestsDecided,
  secondPerson,
} from '../screens/second-person-fixtures.ts';
import { openPage } from './open-page.tsx';

/** Goal: a second person finds what waits, with its plan, and decides; who asked cannot. Method: the page before a host that the test plays. */
const press = (name: string | RegExp) => userEvent.click(screen.getByRole('button', { name }));
const title = () => screen.getByRole('heading', { level: 1 }).textContent?.trim();
const open = (
  snapshot: ConsoleSnapshot,
  answers: Record<string, (request: unknown) => unknown> = {},
  hash = '#/cluster/WK1/second-person',
) => openPage({ snapshot, hash, answers });
const accepted = () => ({ accepted: true, operation: 'op-1' });

test('stands on the overview, the cluster and in the problems, with the way to it', () => {
  const page = open(requestOfAnother(), {}, '#/');
  expect(screen.getByText('WK1: a switchover to ig-south waits for a second person')).toBeTruthy();
  expect(screen.getByRole('link', { name: 'Look and decide' }).getAttribute('href')).toBe(
    '#/cluster/WK1/second-person',
  );
  page.go('#/cluster/WK1/topology');
  expect(screen.getByText(/asked for by anna, ends in 11/)).toBeTruthy();
});

test('shows the plan, and sends the word of another person to the member that keeps it', async () => {
  const page = open(requestOfAnother(), { decideRequest: accepted });
  expect(title()).toBe('A switchover of WK1 to ig-south waits for a second person');
  expect(screen.getByText(/Asked for by anna at/)).toBeTruthy();
  expect(screen.getByText('Reason: kernel patch on ig-north')).toBeTruthy();
  expect(screen.getByRole('heading', { name: 'Plan' })).toBeTruthy();
  await press('Agree');
  expect(page.calls.at(-1)).toMatchObject({
    name: 'decideRequest',
    request: { cluster: 'WK1', server: 'ig-north', verb: 'agree', request: '4f2c91ab' },
  });
  page.say(
    secondPerson('planned', { state: 'ended', decidedBy: 'admin-1', why: 'WK1 cannot be moved now.' }),
  );
  expect(
    screen.getByText(/Admin-1 had agreed, but it was not carried out: WK1 cannot be moved now/),
  ).toBeTruthy();
});

test('asks for a reason before it is declined', async () => {
  const page = open(requestOfAnother(), { decideRequest: accepted });
  await press('Decline…');
  await press('Decline');
  expect(page.calls.some(({ name }) => name === 'decideRequest')).toBe(false);
  await userEvent.type(screen.getByLabelText('Reason'), 'the backup still runs');
  await press('Decline');
  expect(page.calls.at(-1)).toMatchObject({
    request: { verb: 'decline', reason: 'the backup still runs', request: '4f2c91ab' },
  });
});

test('tells who asked why that person cannot agree, and lets the request be withdrawn', async () => {
  const page = open(requestOfOwn(), { decideRequest: accepted });
  expect(screen.queryByRole('button', { name: 'Agree' })).toBeNull();
  expect(
    screen.getByText(/You have asked for it under this name, so another person has to agree/),
  ).toBeTruthy();
  await press('Withdraw');
  expect(page.calls.at(-1)).toMatchObject({ name: 'decideRequest', request: { verb: 'withdraw' } });
  page.say(secondPerson('planned', { by: 'admin-1', state: 'withdrawn', decidedBy: 'admin-1', leftMs: 0 }));
  expect(screen.getByText('Admin-1 has withdrawn it.')).toBeTruthy();
});

test('goes there by itself when what was asked waits', async () => {
  const error = { code: 'second-person.waits', message: 'It waits.', meaning: 'Nothing.', next: 'Ask.' };
  const waits = { request: '4f2c91ab', until: '2026-03-14T10:56:00.000Z' };
  open(
    secondPerson('planned'),
    { switchOver: () => ({ accepted: false, error, blockers: [], waits }) },
    '#/cluster/WK1/switchover/ig-south',
  );
  await press('Continue to confirm');
  await userEvent.type(screen.getByLabelText('Reason'), 'kernel patch');
  await press('Switch WK1 over to ig-south');
  await waitFor(() => expect(window.location.hash).toBe('#/cluster/WK1/second-person'));
});

test('lets a viewer look only, and an operator decide what an operator may ask for', () => {
  const viewer = requestOfAnother();
  viewer.me = { name: 'wall', role: 'viewer' };
  const page = open(viewer);
  expect(screen.getAllByText(/You may only look/)).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Agree' }).getAttribute('aria-disabled')).toBe('true');
  const operator = secondPerson('planned', { verb: 'second-person', what: 'another setting for WK1' });
  operator.me = { name: 'phone', role: 'operator' };
  page.say(operator);
  expect(screen.getByText(/this is for administrators/)).toBeTruthy();
});

test('sets what waits, with a reason, and tells what became of the last requests', async () => {
  const page = open(requestsDecided(), { setSecondPerson: accepted });
  expect(title()).toBe('Second person for changes of WK1');
  expect(screen.getByText(/Ben has declined it, because: the backup still runs/)).toBeTruthy();
  const save = screen.getByRole('button', { name: 'Save the setting' });
  expect(save.getAttribute('aria-disabled')).toBe('true');
  await userEvent.click(screen.getByRole('radio', { name: /forced takeovers/ }));
  await userEvent.type(screen.getByLabelText('Reason'), 'two on call');
  await userEvent.click(save);
  expect(page.calls.at(-1)).toMatchObject({
    name: 'setSecondPerson',
    request: { cluster: 'WK1', scope: 'forced', reason: 'two on call' },
  });
});
