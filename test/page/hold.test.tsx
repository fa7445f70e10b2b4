import { fireEvent, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { CallFailure } from '../../renderer/ipc/console-client.ts';
import { productError } from '../../shared/errors.ts';
import { fixtures, heldStill } from '../screens/fixtures.ts';
import { clusterOf, lostFor } from '../screens/site-fixture.ts';
import { openPage, type PageOptions } from './open-page.tsx';

const hash = '#/cluster/WK1/maintenance';
const accepted = () => ({ accepted: true, operation: 'policy-1' });
const lasting = (untilMs = 1_800_000) =>
  heldStill({ state: 'maintenance', reason: 'Maintenance of admin-1: kernel patch.', untilMs });

const open = (snapshot: PageOptions['snapshot'], changePolicy: (request: unknown) => unknown = accepted) =>
  openPage({ snapshot, hash, answers: { changePolicy } });
const press = (name: string | RegExp) => userEvent.click(screen.getByRole('button', { name }));
const step = () => document.querySelector('[aria-current="step"]')?.textContent;

/** As far as the last click: 1 hour of maintenance with its reason. */
async function confirm(): Promise<void> {
  fireEvent.change(screen.getByLabelText('For'), { target: { value: '60' } });
  await press('Continue to confirm');
  await userEvent.type(screen.getByLabelText('Reason'), 'kernel patch');
}

test('leads from the cluster to the plan, says what it means, and back with Escape', async () => {
  openPage({ snapshot: fixtures.healthy(), hash: '#/cluster/WK1' });
  await press('Maintenance…');
  expect(window.location.hash).toBe(hash);
  window.dispatchEvent(new HashChangeEvent('hashchange'));
  expect(await screen.findByText(/nobody takes over; senders keep their messages/)).toBeTruthy();
  fireEvent.change(screen.getByLabelText('What'), { target: { value: 'block-failover' } });
  expect(screen.getByRole('heading', { level: 1 }).textContent).toMatch(
    /^Block automatic failover of WK1 until/,
  );
  await userEvent.keyboard('{Escape}');
  expect(window.location.hash).toBe('#/cluster/WK1/topology');
});

test('asks with end and reason, waits until both members keep to it, and then says until when', async () => {
  const page = open(fixtures.healthy());
  await press('Continue to confirm');
  const act = screen.getByRole('button', { name: /^Begin maintenance of WK1 until/ });
  expect(act.getAttribute('aria-disabled')).toBe('true');
  expect(screen.getByText(/write the reason first/)).toBeTruthy();
  await press('Back to the plan');
  await confirm();
  await press(/^Begin maintenance of WK1 until/);
  expect(page.calls.at(-1)).toMatchObject({
    name: 'changePolicy',
    request: { cluster: 'WK1', verb: 'maintenance', minutes: 60, reason: 'kernel patch' },
  });
  expect(step()).toContain('Running');
  const half = lasting();
  clusterOf(half, 'WK1').members[1]!.snapshot!.automaticFailover = { state: 'on', reason: 'As before.' };
  page.say(half);
  expect(step()).toContain('Running');
  page.say(lasting());
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('WK1 is in maintenance');
  expect(screen.getByText('Members that keep to it').parentElement!.textContent).toContain('2 of 2');
});

test('tells a refusal with its next step and keeps what was typed', async () => {
  const error = productError('command.revision', 'Somebody else has changed this at the same moment.');
  open(fixtures.healthy(), () => ({ accepted: false, error, blockers: [] }));
  await confirm();
  await press(/^Begin maintenance/);
  expect((await screen.findByRole('alert')).textContent).toContain('Look at the new state and decide again.');
  expect(screen.getByLabelText<HTMLInputElement>('Reason').value).toBe('kernel patch');
});

test('calls an unanswered wish unknown, never failed, and shows what became of it', async () => {
  const page = open(fixtures.healthy(), () => {
    throw new CallFailure(productError('server.timeout', 'No answer within 8 s.'));
  });
  await confirm();
  await press(/^Begin maintenance/);
  expect((await screen.findByRole('alert')).textContent).toContain('Outcome unknown, still watching');
  expect(document.body.textContent).not.toContain('failed');
  page.say(lasting());
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('WK1 is in maintenance');
});

test('extends it from now on, and ends it', async () => {
  const page = open(lasting());
  await press('Extend…');
  fireEvent.change(screen.getByLabelText('From now on for'), { target: { value: '240' } });
  await press('Continue to confirm');
  await userEvent.type(screen.getByLabelText('Reason'), 'takes longer');
  await press(/^Let maintenance of WK1 last until/);
  expect(page.calls.at(-1)).toMatchObject({ request: { verb: 'maintenance', minutes: 240 } });
  page.say(lasting(14_400_000));
  await press('End maintenance…');
  await press('Continue to confirm');
  expect(screen.getByText(/If nobody is Active, the one that is fit takes over at once/)).toBeTruthy();
  await userEvent.type(screen.getByLabelText('Reason'), 'done');
  await press('End maintenance of WK1');
  expect(page.calls.at(-1)).toMatchObject({ request: { verb: 'end-maintenance', minutes: null } });
  page.say(fixtures.healthy());
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Maintenance of WK1 has ended');
});

test('follows another console that begins or ends it at the same time', async () => {
  const page = open(fixtures.healthy());
  await confirm();
  page.say(lasting());
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('WK1 is in maintenance');
  await press('Extend…');
  page.say(fixtures.healthy());
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Maintenance of WK1 has ended');
  await press('Begin another…');
  expect(step()).toContain('Plan');
});

test('names what stands in the way, and what a silent member does not know', async () => {
  const snapshot = fixtures.healthy();
  const members = clusterOf(snapshot, 'WK1').members;
  for (const member of members) member.snapshot!.store.reachable = false;
  const page = open(snapshot);
  expect(screen.getByText(/is not reached by any of them/)).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Continue to confirm' }).getAttribute('aria-disabled')).toBe(
    'true',
  );
  const half = lasting();
  clusterOf(half, 'WK1').members[1]!.link = lostFor(9_000);
  page.say(half);
  const steps = screen.getByRole('region', { name: 'Steps' });
  expect(within(steps).getByText(/it reads it from the lease store when it is back/)).toBeTruthy();
});

test('begins no maintenance while the Active does not hear the Passive, but can block automatic failover', () => {
  const snapshot = fixtures.healthy();
  for (const member of clusterOf(snapshot, 'WK1').members) member.snapshot!.peer.reachable = false;
  open(snapshot);
  const go = () => screen.getByRole('button', { name: 'Continue to confirm' }).getAttribute('aria-disabled');
  expect(screen.getByText(/must have the maintenance on its disk as well/)).toBeTruthy();
  expect(go()).toBe('true');
  fireEvent.change(screen.getByLabelText('What'), { target: { value: 'block-failover' } });
  expect(screen.queryByText(/must have the maintenance on its disk/)).toBeNull();
  expect(go()).not.toBe('true');
});

test('shows on the cluster who holds it still, why and for how long, and the ways out', async () => {
  const page = openPage({
    snapshot: lasting(720_000),
    hash: '#/cluster/WK1',
    answers: { changePolicy: accepted },
  });
  expect(screen.getByText('Maintenance, 12 min left')).toBeTruthy();
  expect(screen.getByText(/Maintenance of admin-1: kernel patch\. Ends by itself in 12 min/)).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Maintenance…' })).toBeNull();
  await press('Extend or end…');
  expect(window.location.hash).toBe(hash);
  page.say(heldStill({ state: 'blocked', reason: 'Blocked: 3 automatic failovers within an hour.' }));
  page.go('#/cluster/WK1/topology');
  await press('Allow failover…');
  page.go(hash);
  await press('Allow failover…');
  await press('Continue to confirm');
  await userEvent.type(screen.getByLabelText('Reason'), 'link repaired');
  await press('Allow automatic failover of WK1');
  expect(page.calls.at(-1)).toMatchObject({ request: { verb: 'allow-failover', reason: 'link repaired' } });
});

test('offers nothing of it to a viewer', () => {
  const snapshot = { ...lasting(), me: { name: 'viewer-1', role: 'viewer' as const } };
  const page = openPage({ snapshot, hash: '#/cluster/WK1' });
  expect(screen.queryByRole('button', { name: 'Extend or end…' })).toBeNull();
  page.say({ ...fixtures.healthy(), me: snapshot.me });
  expect(screen.queryByRole('button', { name: 'Maintenance…' })).toBeNull();
});
