import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { CallFailure } from '../../renderer/ipc/console-client.ts';
import { productError } from '../../shared/errors.ts';
import { fixtures } from '../screens/fixtures.ts';
import { nothingUsual } from '../../shared/history/usual-time.ts';
import { usualFixture } from '../screens/usual-fixture.ts';
import { openPage, type PageBench } from './open-page.tsx';

const press = (name: string | RegExp) => userEvent.click(screen.getByRole('button', { name }));

/** From the cluster to its plan, as a link does. */
async function openPlan(page: PageBench, button: string): Promise<void> {
  await press(button);
  page.go(window.location.hash);
}

async function confirm(reason: string): Promise<void> {
  await press('Continue to confirm');
  await userEvent.type(screen.getByLabelText('Reason'), reason);
}

test('asks the member that answers to take over, once nobody holds the lease', async () => {
  const page = openPage({
    snapshot: fixtures['lease-free'](),
    hash: '#/cluster/WK1/topology',
    answers: { switchOver: () => ({ accepted: true, operation: 'op-20260314-0431' }) },
  });
  await openPlan(page, 'Let ig-south take over…');
  expect(screen.queryByText('Engine stopped and proven')).toBeNull();
  await confirm('ig-north is being repaired');
  expect(screen.getByText(/Nobody holds the lease now\. ig-south asks for it/)).toBeTruthy();
  await press('Let ig-south take WK1 over');
  expect(page.calls.at(-1)).toMatchObject({
    name: 'switchOver',
    request: { verb: 'failover', cluster: 'WK1', target: 'ig-south', epoch: 47 },
  });
  expect(screen.getByText('Waiting for ig-south to report the operation')).toBeTruthy();
  page.say(fixtures.running());
  expect(window.location.hash).toBe('#/cluster/WK1/operation/op-20260314-0431');
});

test('offers no failover while a lease may live', () => {
  openPage({ snapshot: fixtures.split(), hash: '#/cluster/WK1/topology' });
  expect(screen.queryByRole('button', { name: /take over…/ })).toBeNull();
});

test('moves a cluster back to its preferred member', async () => {
  const page = openPage({
    snapshot: fixtures['to-move-back'](),
    hash: '#/cluster/WK1/topology',
    answers: { switchOver: () => ({ accepted: true, operation: 'op-9' }) },
  });
  await openPlan(page, 'Back to ig-north…');
  await confirm('ig-north is repaired');
  await press('Move WK1 back to ig-north');
  expect(page.calls.at(-1)).toMatchObject({ request: { verb: 'failback', target: 'ig-north' } });
});

test('calls an unanswered move unknown, keeps watching, and asks again with the same key', async () => {
  const page = openPage({
    snapshot: fixtures.healthy(),
    hash: '#/cluster/WK1/switchover/ig-south',
    answers: {
      switchOver: () => {
        throw new CallFailure(productError('server.timeout', 'No answer within 5 s.'));
      },
    },
  });
  await confirm('patching');
  await press('Switch WK1 over to ig-south');
  expect((await screen.findByRole('alert')).textContent).toContain('Outcome unknown, still watching');
  await press('Switch WK1 over to ig-south');
  const keys = page.calls
    .filter(({ name }) => name === 'switchOver')
    .map(({ request }) => (request as { idempotencyKey: string }).idempotencyKey);
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
  page.say(fixtures.running());
  expect(window.location.hash).toBe('#/cluster/WK1/operation/op-20260314-0431');
});

test('plans with the times of this cluster’s earlier moves, however long ago they were', async () => {
  const page = openPage({
    snapshot: fixtures.healthy(),
    hash: '#/cluster/WK1/switchover/ig-south',
    answers: { readUsualTimes: usualFixture },
  });
  expect(await screen.findByRole('columnheader', { name: 'Usually' })).toBeTruthy();
  expect(page.calls).toContainEqual({ name: 'readUsualTimes', request: { cluster: 'WK1', except: null } });
  const drain = screen.getByRole('row', { name: /2\.3 s/ });
  expect(drain.textContent).toContain('2.1 – 2.8 s');
  expect(screen.queryByText('not measured')).toBeNull();
  expect(
    screen.getByText(/The last 4 times that it went to ig-south, it was without an Active/),
  ).toBeTruthy();
  expect(screen.getByText(/Usually: median, shortest and longest of the last 4 planned moves/)).toBeTruthy();
});

test('says that no earlier move is known, and plans with what was measured last', async () => {
  openPage({
    snapshot: fixtures.healthy(),
    hash: '#/cluster/WK1/switchover/ig-south',
    answers: { readUsualTimes: () => nothingUsual },
  });
  expect(await screen.findByText(/history tells of no planned move of WK1 that went through/)).toBeTruthy();
  expect(screen.getByRole('columnheader', { name: 'Last time' })).toBeTruthy();
});

test('holds each step of a running move against its usual time, and says which takes longer', async () => {
  const usual = usualFixture();
  const page = openPage({
    snapshot: fixtures.running(),
    hash: '#/cluster/WK1/operation/op-20260314-0431',
    answers: { readUsualTimes: () => usual },
  });
  expect(await screen.findByRole('columnheader', { name: 'Usually' })).toBeTruthy();
  expect(page.calls).toContainEqual({
    name: 'readUsualTimes',
    request: { cluster: 'WK1', except: 'op-20260314-0431' },
  });
  const row = () => document.querySelector('tr[aria-current="step"]')!.textContent;
  await screen.findByText(/median, shortest and longest/);
  expect(row()).toContain('6.3 s');
  expect(screen.queryByText(/longer than usual/)).toBeNull();
  page.pass(9_000);
  expect(row()).toContain('longer than usual');
  expect(screen.getByText(/Waits for proof on ig-south: .*, longer than usual/)).toBeTruthy();
});
