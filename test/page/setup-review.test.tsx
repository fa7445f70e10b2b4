import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { productError } from '../../shared/errors.ts';
import { setupFixtures } from '../screens/setup-fixtures.ts';
import { acted, openSetup } from './open-setup.tsx';

describe('the baseline of a setup', () => {
  it('advises a sealed recovery kit, no copy of the profile, and leads there with the site shown', async () => {
    const { acts } = openSetup('baseline', setupFixtures.installed);
    await userEvent.click(await screen.findByRole('button', { name: 'Make a recovery kit' }));
    await waitFor(() => expect(window.location.hash).toBe('#/recovery-kit'));
    expect(acted(acts)).toEqual(['show-site']);
  });
});

describe('the timing of a setup', () => {
  it('is refused by what was measured after it was chosen, on its step and at the review', async () => {
    const { planned } = setupFixtures;
    const { measured } = planned;
    const slow = { ...measured.times, kill: { best: 0.1, typical: 0.2, worst: 9 } };
    const view = { ...planned, measured: { ...measured, times: slow } };
    const { acts } = openSetup('timing', view);
    expect((await screen.findAllByText(/kill ≤ D does not hold as measured here: 9 s > /)).length).toBe(1);
    await userEvent.click(screen.getByRole('button', { name: 'Use Normal' }));
    expect(window.location.hash).toBe('#/setup/timing');
    window.location.hash = '#/setup/review';
    await userEvent.click(await screen.findByRole('button', { name: 'Install on all servers' }));
    expect(screen.getAllByText(/Step Timing: kill ≤ D does not hold/).length).toBeGreaterThan(0);
    expect(acted(acts)).not.toContain('install');
  });
});

describe('the review of a setup', () => {
  it('installs only from the review, and says what is awaited meanwhile', async () => {
    const { acts } = openSetup('review', setupFixtures.planned);
    await userEvent.click(await screen.findByRole('button', { name: 'Install on all servers' }));
    await waitFor(() => expect(acted(acts)).toContain('install'));
    expect(window.location.hash).toBe('#/setup/install');
  });

  it('shows no plan of an earlier state, makes it anew, and installs nothing before', async () => {
    const { planned } = setupFixtures;
    const { acts } = openSetup('review', { ...planned, draft: { ...planned.draft, revision: 99 } });
    await waitFor(() => expect(acted(acts)).toEqual(['plan']));
    expect(screen.getByText('The setup was changed since this plan was made')).toBeTruthy();
    expect(screen.queryByRole('heading', { name: 'ig-witness' })).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Install on all servers' }));
    expect(acted(acts)).toEqual(['plan']);
    expect(window.location.hash).toBe('#/setup/review');
  });

  it('has the servers looked at again where that was of an earlier state, and plans after it', async () => {
    const { planned } = setupFixtures;
    const preflight = { ...planned.preflight, isOfDraft: false };
    const { acts } = openSetup('review', {
      ...planned,
      preflight,
      draft: { ...planned.draft, revision: 99 },
    });
    await waitFor(() => expect(acted(acts)).toEqual(['preflight']));
    expect(screen.getByText('The servers were looked at before the setup was changed')).toBeTruthy();
    expect(screen.getByText(/^the servers were looked at before the setup was changed/)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Install on all servers' }));
    expect(acted(acts)).toEqual(['preflight']);
  });

  it('leads from the installation to the review where nothing is planned', async () => {
    const { stopped } = setupFixtures;
    openSetup('install', { ...stopped, plan: { ...stopped.plan, revision: null } });
    expect(await screen.findByText('There is no plan of the setup as it is now')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Run it again' })).toBeNull();
  });

  it('asks what shall become of the engine of a cluster that leaves, and plans anew with the answer', async () => {
    const undecided = productError('install.engines-undecided', 'iguana.service of WK1 runs on ig-north.');
    const { plan } = setupFixtures.planned;
    const failed = { ...plan, work: { ...plan.work, state: 'failed' as const, errors: [undecided] } };
    const { acts } = openSetup('review', { ...setupFixtures.planned, plan: failed });
    await userEvent.click(await screen.findByRole('button', { name: 'Let it run without protection' }));
    await waitFor(() => expect(acts.at(-1)).toEqual({ act: 'plan', engines: 'keep' }));
  });

  it('asks for a statement that a server which leaves is lost, by its name, and plans anew with it', async () => {
    const silent = productError('install.leaver-silent', 'ig-old (short name old) has left the site.');
    const { plan } = setupFixtures.planned;
    const failed = { ...plan, work: { ...plan.work, state: 'failed' as const, errors: [silent] } };
    const { acts } = openSetup('review', { ...setupFixtures.planned, plan: failed });
    const lost = await screen.findByRole('button', { name: 'It is lost for good' });
    await userEvent.click(lost);
    expect(acted(acts)).not.toContain('plan');
    await userEvent.type(screen.getByLabelText('Short name of the server that is lost for good'), ' old ');
    await userEvent.click(lost);
    await waitFor(() => expect(acts.at(-1)).toEqual({ act: 'plan', gone: 'old' }));
  });

  it('installs nothing from the review while servers were not looked at in this session', async () => {
    const { acts } = openSetup('review', { ...setupFixtures.planned, reach: setupFixtures.resumed.reach });
    expect(await screen.findByText(/step Servers: ig-north was not reached in this session/)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Install on all servers' }));
    expect(acted(acts)).toEqual([]);
    expect(window.location.hash).toBe('#/setup/review');
  });
});
