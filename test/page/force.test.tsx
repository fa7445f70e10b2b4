import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { CallFailure } from '../../renderer/ipc/console-client.ts';
import { productError } from '../../shared/errors.ts';
import { forceable, forcedOut, notForceable } from '../screens/force-fixtures.ts';
import { clusterOf } from '../screens/site-fixture.ts';
import { openPage, type PageOptions } from './open-page.tsx';

const hash = '#/cluster/WK1/force-takeover/ig-south';
const accepted = () => ({ accepted: true, operation: 'op-force-1' });
const open = (
  snapshot: PageOptions['snapshot'] = forceable(),
  forceTakeover: (request: unknown) => unknown = accepted,
) => openPage({ snapshot, hash, answers: { forceTakeover } });
const press = (name: string | RegExp) => userEvent.click(screen.getByRole('button', { name }));
const act = () => screen.getByRole('button', { name: 'Force ig-south to take WK1 over' });
const idle = () => act().getAttribute('aria-disabled') === 'true';
const state = (what: string) =>
  userEvent.selectOptions(screen.getByLabelText('I state that ig-north is'), what);

/** As far as the last click. */
async function confirm(): Promise<void> {
  await press('Continue to confirm');
  await state('power-off');
  await userEvent.type(screen.getByLabelText(/Type the name/), 'WK1');
  await userEvent.type(screen.getByLabelText('Reason'), 'no power');
}

describe('a forced takeover', () => {
  test('is offered to an administrator on a cluster whose other server answers nobody', async () => {
    openPage({ snapshot: forceable(), hash: '#/cluster/WK1' });
    await press('Force ig-south…');
    expect(window.location.hash).toBe(hash);
  });

  test('is not offered to an operator, and not while the other server answers', () => {
    const asOperator = forceable();
    asOperator.me.role = 'operator';
    const page = openPage({ snapshot: asOperator, hash: '#/cluster/WK1' });
    expect(screen.queryByRole('button', { name: /^Force/ })).toBeNull();
    page.say(notForceable());
    expect(screen.queryByRole('button', { name: /^Force/ })).toBeNull();
  });

  test('shows what is known with its age, and what is not', () => {
    open();
    expect(screen.getByRole('row', { name: /ig-north, heard by ig-south .*no connection/ })).toBeTruthy();
    expect(
      screen.getByRole('row', { name: /^Lease .*last holder ig-north; whether it is live is not known/ }),
    ).toBeTruthy();
    expect(screen.getByText(/raises its epoch without it, after nobody has been heard/)).toBeTruthy();
  });

  test('says that two engines are possible before the last click, and needs statement, name and reason', async () => {
    const page = open();
    await press('Continue to confirm');
    expect(screen.getByText(/two engines can process the same messages at once/)).toBeTruthy();
    expect([idle(), screen.getByText(/say what you have made sure of first/)]).toEqual([
      true,
      expect.anything(),
    ]);
    await state('power-off');
    await userEvent.type(screen.getByLabelText(/Type the name/), 'wk1');
    expect([idle(), screen.getByText(/type WK1 first/)]).toEqual([true, expect.anything()]);
    await userEvent.clear(screen.getByLabelText(/Type the name/));
    await userEvent.type(screen.getByLabelText(/Type the name/), 'WK1');
    expect([idle(), screen.getByText(/write the reason first/)]).toEqual([true, expect.anything()]);
    await userEvent.type(screen.getByLabelText('Reason'), 'no power');
    expect(idle()).toBe(false);
    await userEvent.click(act());
    expect(page.calls.at(-1)).toMatchObject({
      name: 'forceTakeover',
      request: {
        cluster: 'WK1',
        target: 'ig-south',
        epoch: 47,
        statement: 'power-off',
        typedName: 'WK1',
        reason: 'no power',
        withoutStore: true,
      },
    });
    expect(await screen.findByText(/Waiting for ig-south to report the operation/)).toBeTruthy();
  });

  test('can be done by keyboard alone, and left with Escape', async () => {
    const page = open();
    screen.getByRole('button', { name: 'Continue to confirm' }).focus();
    await userEvent.keyboard('{Enter}');
    await state('network-and-storage-cut');
    await userEvent.tab();
    await userEvent.keyboard('WK1');
    await userEvent.tab();
    await userEvent.keyboard('no power');
    act().focus();
    await userEvent.keyboard('{Enter}');
    expect(page.calls.at(-1)).toMatchObject({ request: { statement: 'network-and-storage-cut' } });
  });

  test('is left with Escape, and nothing was asked', async () => {
    const page = open();
    await userEvent.keyboard('{Escape}');
    expect(window.location.hash).toBe('#/cluster/WK1/topology');
    expect(page.calls.some(({ name }) => name === 'forceTakeover')).toBe(false);
  });

  test('is blocked while the other server answers, and names the way without risk', async () => {
    open(notForceable());
    expect(screen.getByText('ig-north answers and is Active.')).toBeTruthy();
    expect(screen.getByText(/Ask for a switchover to ig-south/)).toBeTruthy();
    await press('Continue to confirm');
    expect(screen.queryByLabelText('Reason')).toBeNull();
  });

  test('tells a refusal with its next step', async () => {
    const error = productError('command.revision', 'The command was prepared for epoch 47; it is 48 now.');
    open(forceable(), () => ({ accepted: false, error, blockers: [] }));
    await confirm();
    await userEvent.click(act());
    expect(await screen.findByText(/it is 48 now/)).toBeTruthy();
  });

  test('does not call an unanswered request failed, and asks again under the same key', async () => {
    const page = open(forceable(), () => {
      throw new CallFailure(productError('server.timeout', 'No answer within 5 s.'));
    });
    await confirm();
    await userEvent.click(act());
    expect(await screen.findByText('Outcome unknown, still watching')).toBeTruthy();
    expect(screen.getByText(/Keep ig-north fenced until the outcome is known/)).toBeTruthy();
    await userEvent.click(act());
    const keys = page.calls
      .filter(({ name }) => name === 'forceTakeover')
      .map(({ request }) => (request as { idempotencyKey: string }).idempotencyKey);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });
});

describe('a re-admission', () => {
  const place = '#/cluster/WK1/readmit/ig-north';

  test('says why the member takes no part, asks with the reason, and waits until the member says so', async () => {
    const page = openPage({ snapshot: forcedOut(), hash: place, answers: { readmit: accepted } });
    // Why, and once more among what differs.
    const why = 'admin-1 has let ig-south go on without ig-north under epoch 1048.';
    expect(screen.getAllByText(why).length).toBeGreaterThan(0);
    await userEvent.type(screen.getByLabelText('Reason'), 'repaired');
    await press('Re-admit ig-north to WK1');
    expect(page.calls.at(-1)).toMatchObject({
      name: 'readmit',
      request: { cluster: 'WK1', server: 'ig-north', reason: 'repaired' },
    });
    expect(await screen.findByText(/Waiting until ig-north says so/)).toBeTruthy();
    const done = forcedOut();
    clusterOf(done, 'WK1').members[0]!.snapshot!.forced!.readmission = null;
    page.say(done);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('ig-north takes part in WK1 again');
  });

  test('is blocked until the lease store knows of the takeover', () => {
    openPage({ snapshot: forcedOut('does not know'), hash: place });
    expect(screen.getByText('ig-south still runs without the lease store.')).toBeTruthy();
    const button = screen.getByRole('button', { name: 'Re-admit ig-north to WK1' });
    expect(button.getAttribute('aria-disabled')).toBe('true');
  });

  test('is offered on the cluster, to administrators', async () => {
    openPage({ snapshot: forcedOut(), hash: '#/cluster/WK1' });
    await press('Re-admit ig-north…');
    expect(window.location.hash).toBe(place);
  });
});
