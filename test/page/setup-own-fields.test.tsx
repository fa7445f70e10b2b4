import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import type { SetupAction, SetupView } from '../../shared/setup/setup-view.ts';
import { siteFromDraft } from '../../shared/setup/site-from-draft.ts';
import { mountUnitOf } from '../../shared/storage/mount-control.ts';
import { fixtures } from '../screens/fixtures.ts';
import { setupFixtures } from '../screens/setup-fixtures.ts';
import { openPage } from './open-page.tsx';

/** Goal: the setup takes what few sites need, and judges it. Method: the page before a host that keeps what it is sent. */
function openSetup(step: string, first: SetupView = setupFixtures.whole) {
  let view = structuredClone(first);
  openPage({
    snapshot: fixtures.healthy(),
    hash: `#/setup/${step}`,
    answers: {
      getSetup: () => view,
      setUp: (request) => {
        const { action } = request as { action: SetupAction };
        if (action.act === 'save')
          view = { ...view, draft: { ...action.draft, revision: view.draft.revision + 1 } };
        return view;
      },
    },
  });
  return () => view.draft;
}

describe('what few sites need', () => {
  it('are times of one’s own, refused with their formula until they hold', async () => {
    const draft = openSetup('timing');
    await userEvent.click(await screen.findByRole('radio', { name: /Use these times instead/ }));
    const lease = screen.getByLabelText(/^T: how long/);
    await userEvent.clear(lease);
    await userEvent.type(lease, '8');
    expect((await screen.findAllByText(/more than T = 8 s/)).length).toBeGreaterThan(0);
    await userEvent.clear(lease);
    await userEvent.type(lease, '40');
    await waitFor(() => expect(draft().timing).toMatchObject({ T: 40 }));
    expect(screen.queryByText(/more than T/)).toBeNull();
    expect(screen.getByText('A power failure with your own times')).toBeTruthy();
    expect(siteFromDraft(draft())?.clusters[0]!.timing).toMatchObject({ T: 40 });
  });

  it('is how a directory is copied, asked only where it is', async () => {
    const draft = openSetup('storage');
    await screen.findByRole('radiogroup', { name: 'Storage of WK1' });
    expect(screen.queryByLabelText('Seconds between two copies')).toBeNull();
    await userEvent.click(screen.getAllByRole('radio', { name: /^Copied/ })[0]!);
    await userEvent.type(screen.getByLabelText('Seconds between two copies'), '10');
    await waitFor(() => expect(draft().clusters[0]!.copy?.everySeconds).toBe(10));
    expect(siteFromDraft(draft())?.clusters[0]!.storage).toMatchObject({ kind: 'copied', everySeconds: 10 });
  });

  it('is a directory that the agents mount on the Active only, by the unit that is named, never a copied one', async () => {
    const draft = openSetup('storage');
    const [choice] = await screen.findAllByRole('checkbox', {
      name: 'The agents mount it on the Active only',
    });
    expect(choice!.getAttribute('aria-describedby')).toBeTruthy();
    await userEvent.click(choice!);
    await waitFor(() => expect(draft().clusters[0]!.agentMounts).toBe(true));
    const made = siteFromDraft(draft())!.clusters[0]!.storage;
    expect(made).toMatchObject({ kind: 'shared', mustBeMount: true, mount: { by: 'agent' } });
    const unit = mountUnitOf(made.directory);
    expect(document.getElementById(choice!.getAttribute('aria-describedby')!)?.textContent).toContain(unit);
    const [own] = screen.getAllByRole('checkbox', { name: /^It is a mount of its own/ });
    expect((own as HTMLInputElement).checked && (own as HTMLInputElement).disabled).toBe(true);
    await userEvent.click(screen.getAllByRole('radio', { name: /^Copied/ })[0]!);
    await waitFor(() => expect(draft().clusters[0]!.storage).toBe('copied'));
    expect(siteFromDraft(draft())!.clusters[0]!.storage).not.toHaveProperty('mount');
  });

  it('is a server whose agents are reached through SSH', async () => {
    const draft = openSetup('servers');
    await userEvent.click((await screen.findAllByText(/^Old SSH servers/))[0]!);
    await userEvent.click(
      screen.getAllByLabelText('Reach the agents of this server through its SSH server')[0]!,
    );
    await waitFor(() => expect(draft().servers[0]!.ssh.agentsThroughSsh).toBe(true));
    // Nobody is asked for a password once the site is shown.
    const silent = /its agents stay silent once the site is shown/;
    const login = within(screen.getAllByRole('radiogroup', { name: /^Login on / })[0]!);
    await userEvent.click(login.getByRole('radio', { name: 'Password' }));
    expect(await screen.findByText(silent)).toBeTruthy();
    await userEvent.click(login.getByRole('radio', { name: 'SSH agent' }));
    await waitFor(() => expect(screen.queryByText(silent)).toBeNull());
  });

  it('offers the components that an engine has told as pollers, and takes none over by itself', async () => {
    const { whole } = setupFixtures;
    const [cluster] = whole.draft.clusters;
    const { server, unit } = cluster!.members[0]!;
    const told = {
      ...{ server, unit, product: 'IguanaX', version: null, workingDirectory: null },
      ...{ apiPort: 6543, running: true, components: ['Sweep folder', 'ADT in'] },
    };
    const first = { ...whole, preflight: { ...whole.preflight, engines: [told] } };
    const typed = { ...cluster!, pollers: ['Swep'] };
    first.draft = { ...first.draft, clusters: [typed, ...first.draft.clusters.slice(1)] };
    const draft = openSetup('clusters', first);
    const offered = await screen.findByLabelText('Components that the engine has told');
    expect(
      within(offered)
        .getAllByRole('option')
        .map(({ textContent }) => textContent),
    ).toEqual(['ADT in', 'Sweep folder']);
    expect(screen.getByText(/none of them is called Swep/)).toBeTruthy();
    await userEvent.selectOptions(offered, 'Sweep folder');
    expect(draft().clusters[0]?.pollers).toEqual(['Swep']);
    await userEvent.click(screen.getByRole('button', { name: 'It fetches by itself' }));
    await waitFor(() => expect(draft().clusters[0]?.pollers).toEqual(['Swep', 'Sweep folder']));
    expect(within(offered).queryByRole('option', { name: 'Sweep folder' })).toBeNull();
  });
});
