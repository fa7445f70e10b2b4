import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { productError } from '../../shared/errors.ts';
import { CallFailure } from '../../renderer/ipc/console-client.ts';
import { fixtures } from '../screens/fixtures.ts';
import { setupFixtures } from '../screens/setup-fixtures.ts';
import { openPage } from './open-page.tsx';

/** The first start on a workstation: the host says that nobody has put the ways to begin away. */
function firstStart() {
  const page = openPage({ snapshot: fixtures.healthy(), answers: { getSetup: () => setupFixtures.empty } });
  act(() => page.console.ui.getState().setWelcomed(false));
  return page;
}

const named = (page: ReturnType<typeof openPage>, call: string) =>
  page.calls.filter(({ name }) => name === call).map(({ request }) => request);

describe('the first start', () => {
  it('shows the demo with the ways to begin above it, until they are put away', async () => {
    const page = firstStart();
    expect(screen.getByText('Welcome: this is the demo site')).toBeTruthy();
    expect(screen.getByRole('heading', { level: 1 }).textContent).not.toContain('Welcome');
    await userEvent.click(screen.getByRole('button', { name: 'Try the demo site' }));
    expect(screen.queryByText('Welcome: this is the demo site')).toBeNull();
    expect(named(page, 'setWelcomed').length).toBe(1);
  });

  it('leads to the setup and to the sites that exist', async () => {
    firstStart();
    await userEvent.click(screen.getByRole('button', { name: 'Open or join one that exists' }));
    expect(await screen.findByText('How do you want to begin?')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Begin the setup' }));
    expect(window.location.hash).toMatch(/^#\/setup/);
  });

  it('says nothing of it above a real site, or before the host has answered', () => {
    const healthy = fixtures.healthy();
    const page = openPage({ snapshot: { ...healthy, site: { ...healthy.site!, demo: false } } });
    act(() => page.console.ui.getState().setWelcomed(false));
    expect(screen.queryByText(/Welcome/)).toBeNull();
  });
});

describe('the ways to begin', () => {
  it('open a profile folder and show its site', async () => {
    const page = openPage({ snapshot: fixtures.healthy(), hash: '#/welcome' });
    const card = screen.getByRole('region', { name: 'Import a site' });
    await userEvent.click(within(card).getByRole('button', { name: 'Open the site' }));
    expect(named(page, 'openSite')).toEqual([]);
    await userEvent.type(within(card).getByLabelText('Profile folder'), '~/sites/clinic{Enter}');
    await waitFor(() => expect(named(page, 'openSite')).toEqual([{ directory: '~/sites/clinic' }]));
    await waitFor(() => expect(window.location.hash).toBe('#/'));
  });

  it('say why a folder cannot be opened, and stay', async () => {
    const error = productError('site.missing', '/nowhere/site.json is not there.');
    openPage({
      snapshot: fixtures.healthy(),
      hash: '#/welcome',
      answers: {
        openSite: () => {
          throw new CallFailure(error);
        },
      },
    });
    await userEvent.type(screen.getByLabelText('Profile folder'), '/nowhere{Enter}');
    expect(await screen.findByText('/nowhere/site.json is not there.')).toBeTruthy();
    expect(window.location.hash).toBe('#/welcome');
  });

  it('join a site by its recovery kit, and never show the passphrase again', async () => {
    const page = openPage({ snapshot: fixtures.healthy(), hash: '#/welcome' });
    await userEvent.type(screen.getByLabelText('File on this workstation'), '/media/clinic.kit');
    await userEvent.type(screen.getByLabelText('Its passphrase'), 'planted-secret{Enter}');
    await waitFor(() =>
      expect(named(page, 'joinSite')).toEqual([{ kit: '/media/clinic.kit', passphrase: 'planted-secret' }]),
    );
    await waitFor(() => expect(window.location.hash).toBe('#/'));
    expect(document.body.innerHTML).not.toContain('planted-secret');
  });
});
