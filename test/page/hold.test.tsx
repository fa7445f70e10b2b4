import { fireEvent, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { productError } from '../../shared/errors.ts';
import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import type { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import { fixtures } from '../screens/fixtures.ts';
import { openPage } from './open-page.tsx';

type Automatic = MemberSnapshot['automaticFailover'];

/** A healthy site in which both members of WK1 tell the same about automatic failover. */
function told(automaticFailover: Automatic): ConsoleSnapshot {
  const snapshot = fixtures.healthy();
  const site = snapshot.site!;
  const clusters = site.clusters.map((cluster) =>
    cluster.id !== 'WK1'
      ? cluster
      : {
          ...cluster,
          members: cluster.members.map((member) => ({
            ...member,
            snapshot: member.snapshot && { ...member.snapshot, automaticFailover },
          })),
        },
  );
  return { ...snapshot, site: { ...site, clusters } };
}

test('asks for a maintenance with its end and reason, and leaves with Escape', async () => {
  const page = openPage({
    snapshot: fixtures.healthy(),
    hash: '#/cluster/WK1',
    answers: { changePolicy: () => ({ accepted: true, operation: 'policy-1' }) },
  });
  await userEvent.click(screen.getByRole('button', { name: 'Maintenance…' }));
  await userEvent.keyboard('{Escape}');
  expect(screen.queryByRole('form', { name: 'Hold WK1 still' })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Maintenance…' }));
  await userEvent.click(screen.getByRole('button', { name: 'Begin maintenance' }));
  expect(screen.getByText(/Give a reason/)).toBeTruthy();
  expect(page.calls.map(({ name }) => name)).not.toContain('changePolicy');
  fireEvent.change(screen.getByLabelText('For'), { target: { value: '60' } });
  await userEvent.type(screen.getByLabelText('Reason, for the journal'), 'kernel patch{Enter}');
  expect(page.calls.find(({ name }) => name === 'changePolicy')?.request).toMatchObject({
    cluster: 'WK1',
    verb: 'maintenance',
    minutes: 60,
    reason: 'kernel patch',
  });
});

test('says why a change was refused and keeps what was typed', async () => {
  const error = productError('command.refused', 'The lease store has not taken it.');
  openPage({
    snapshot: fixtures.healthy(),
    hash: '#/cluster/WK1',
    answers: { changePolicy: () => ({ accepted: false, error, blockers: [] }) },
  });
  await userEvent.click(screen.getByRole('button', { name: 'Maintenance…' }));
  fireEvent.change(screen.getByLabelText('What'), { target: { value: 'block-failover' } });
  await userEvent.type(screen.getByLabelText('Reason, for the journal'), 'network work');
  await userEvent.click(screen.getByRole('button', { name: 'Block automatic failover' }));
  expect(await screen.findByText('The lease store has not taken it.')).toBeTruthy();
  expect(screen.getByLabelText<HTMLInputElement>('Reason, for the journal').value).toBe('network work');
});

test('shows who holds a cluster still, why and for how long, and the way out', async () => {
  const page = openPage({
    snapshot: told({ state: 'maintenance', reason: 'Maintenance of admin-1: patch.', untilMs: 720_000 }),
    hash: '#/cluster/WK1',
  });
  expect(screen.getByText('WK1 is in maintenance')).toBeTruthy();
  expect(screen.getByText(/Maintenance of admin-1: patch\. Ends by itself in 12 min/)).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Maintenance…' })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'End maintenance now' }));
  expect(page.calls.at(-1)).toMatchObject({ request: { verb: 'end-maintenance', minutes: null } });
  page.say(told({ state: 'blocked', reason: 'Blocked: 3 automatic failovers within an hour.' }));
  await userEvent.click(screen.getByRole('button', { name: 'Allow automatic failover' }));
  expect(page.calls.at(-1)).toMatchObject({ request: { verb: 'allow-failover' } });
});

test('offers nothing of it to a viewer', () => {
  const snapshot = fixtures.healthy();
  openPage({ snapshot: { ...snapshot, me: { name: 'viewer-1', role: 'viewer' } }, hash: '#/cluster/WK1' });
  expect(screen.queryByRole('button', { name: 'Maintenance…' })).toBeNull();
});
