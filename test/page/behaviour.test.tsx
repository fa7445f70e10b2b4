import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { PlanView } from '../../shared/behaviour/plan-view.ts';
import { fixtures } from '../screens/fixtures.ts';
import { acceptedPlan, planFixture } from '../screens/plan-fixture.ts';
import { openPage } from './open-page.tsx';

/** Goal: an owner reads what happens at each fault and accepts it. Method: the page before a host that the test plays. */
function openBehaviour(view: PlanView, snapshot = fixtures.healthy()) {
  return openPage({
    snapshot,
    hash: '#/behaviour',
    answers: {
      getFailoverPlan: () => view,
      acceptFailoverPlan: () => planFixture({ acceptance: acceptedPlan }),
    },
  });
}

describe('the page of the failover behaviour', () => {
  it('shows the time line of a fault with the rule of each decision and its meaning', async () => {
    openBehaviour(planFixture());
    expect(
      await screen.findByRole('heading', { name: 'The Active’s server loses power or crashes' }),
    ).toBeTruthy();
    const line = screen.getByRole('list', { name: 'Time line' });
    expect(within(line).getByText(/ig-south takes over: the lease of ig-north has run out/)).toBeTruthy();
    expect(within(line).getByText('13.4–15.4 s', { selector: 'li:nth-of-type(3) span' })).toBeTruthy();
    await userEvent.click(within(line).getByText('R64'));
    expect(within(line).getByText(/Nobody holds the lease: it is acquired/)).toBeTruthy();
  });

  it('is walked through by keyboard, and says what the other cluster does', async () => {
    openBehaviour(planFixture());
    (await screen.findByRole('radio', { name: /freezes and thaws/ })).focus();
    await userEvent.keyboard(' ');
    expect(screen.getByRole('heading', { name: /freezes and thaws/ })).toBeTruthy();
    expect(screen.getByText(/^WK2: Active on the other server, and stays there/)).toBeTruthy();
  });

  it('keeps that the owner has accepted it, and not without a name', async () => {
    const { calls } = openBehaviour(planFixture());
    const button = await screen.findByRole('button', { name: 'Accept as it is now' });
    await userEvent.click(button);
    expect(calls.some(({ name }) => name === 'acceptFailoverPlan')).toBe(false);
    await userEvent.type(screen.getByLabelText('Owner'), 'Dr. Berg');
    await userEvent.click(button);
    expect(calls.at(-1)).toEqual({
      name: 'acceptFailoverPlan',
      request: { of: 'site', owner: 'Dr. Berg', note: '' },
    });
    expect(await screen.findByText(/^Accepted by Dr. Berg/)).toBeTruthy();
  });

  it('names what has changed since it was accepted', async () => {
    const view = planFixture({ acceptance: acceptedPlan });
    const behaviour = { ...view.behaviour!, balancer: 'f5' };
    openBehaviour({ ...view, behaviour });
    expect(await screen.findByText(/^The load balancer was .*, and is f5\.$/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Accept as it is now' })).toBeTruthy();
  });

  it('says what moves back by itself, and what a takeover waits for', async () => {
    const { behaviour } = planFixture();
    const [first, ...rest] = behaviour!.clusters;
    const settings = { failbackMinutes: 30, cutSeconds: 3, mountSeconds: 10 };
    const clusters = [{ ...first!, ...settings }, ...rest];
    openBehaviour(planFixture({ behaviour: { ...behaviour!, clusters } }));
    await userEvent.click(await screen.findByRole('radio', { name: /comes back after a failover/ }));
    expect(screen.getByText(/^Moves back by itself\. Without an Active at least/)).toBeTruthy();
    expect(screen.getByText(/hands over to ig-north: it is the preferred member/)).toBeTruthy();
    expect(screen.getByText(/^A takeover waits up to 3 s for the program/)).toBeTruthy();
  });

  it('says of a site that is only observed that nothing is done', async () => {
    const { behaviour } = planFixture();
    openBehaviour(planFixture({ behaviour: { ...behaviour!, mode: 'observe' } }));
    expect(await screen.findByText('This site is only observed')).toBeTruthy();
    expect(screen.queryByText(/^It serves/)).toBeNull();
  });

  it('says what a setup still needs before anything can be computed', async () => {
    const missing = ['Choose a timing.', 'Choose one of the two designs.'];
    openBehaviour(planFixture({ behaviour: null, missing }));
    expect(await screen.findByText(/Next: Choose a timing\. 1 more after that/)).toBeTruthy();
  });
});
