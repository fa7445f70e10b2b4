import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { productError } from '../../shared/errors.ts';
import { CallFailure } from '../../renderer/ipc/console-client.ts';
import type { ChosenFile } from '../../shared/site-file/site-file-view.ts';
import { siteFileView } from '../screens/site-file-fixtures.ts';
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
    const card = screen.getByRole('region', { name: 'Open a profile folder' });
    await userEvent.click(within(card).getByRole('button', { name: 'Open the folder' }));
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

  it('open a recovery kit after a look inside, and never show the passphrase again', async () => {
    const { page } = await choose('kit');
    expect(screen.getByText('Clinic North (clinic)')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Open the site' })).toBeNull();
    await userEvent.type(screen.getByLabelText('Its passphrase'), 'planted-secret{Enter}');
    await userEvent.click(await screen.findByRole('button', { name: 'Open the site' }));
    const file = { text: 'kit', passphrase: 'planted-secret' };
    await waitFor(() => expect(named(page, 'importSite')).toEqual([{ file, key: null, into: null }]));
    await waitFor(() => expect(window.location.hash).toBe('#/'));
    expect(document.body.innerHTML).not.toContain('planted-secret');
  });

  it('show a site file with who exported it before it is taken over into what is here', async () => {
    const { page } = await choose('newer');
    const facts = screen.getByLabelText('What is in the file');
    for (const words of ['by admin on desk-2', 'number 7', '4F:1D:9A', 'ig-south (10.20.4.12)'])
      expect(facts.textContent).toContain(words);
    expect(screen.getByText(/name: "Clinic" → "Clinic North"/)).toBeTruthy();
    expect(named(page, 'importSite')).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Take the file over and open' }));
    const into = '/home/ada/.config/ixha/sites/clinic';
    const file = { text: 'newer', passphrase: '' };
    await waitFor(() => expect(named(page, 'importSite')).toEqual([{ file, key: null, into }]));
  });

  it('take nothing over of another authority, and open what is here as it is', async () => {
    const { page } = await choose('other-authority');
    expect(screen.getByText(/The file is of another authority/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: /Take the file over/ })).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Open what is here' }));
    const directory = '/home/ada/.config/ixha/sites/clinic';
    await waitFor(() => expect(named(page, 'openSite')).toEqual([{ directory }]));
    expect(named(page, 'importSite')).toEqual([]);
  });

  it('open a site file with an invitation beside it where nothing of the site is here', async () => {
    const { page } = await choose('alone');
    expect(screen.getByText('A site file holds no certificate')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Open the site' }));
    expect(named(page, 'importSite')).toEqual([]);
    const key = new File(['sealed'], 'desk.invitation');
    await userEvent.upload(screen.getByLabelText('Choose kit or invitation…', { selector: 'input' }), key);
    await userEvent.type(screen.getByLabelText('Passphrase of kit or invitation'), 'planted-secret{Enter}');
    await waitFor(() =>
      expect(named(page, 'importSite')).toEqual([
        {
          file: { text: 'alone', passphrase: '' },
          key: { text: 'sealed', passphrase: 'planted-secret' },
          into: null,
        },
      ]),
    );
  });

  it('say why a file is refused, and that nothing was changed', async () => {
    const error = productError('import.altered', 'The site file was changed since it was exported.');
    await choose('newer', {
      lookIntoSiteFile: () => {
        throw new CallFailure(error);
      },
    });
    expect(await screen.findByText('The site file was changed since it was exported.')).toBeTruthy();
    expect(screen.getByText(/The file was not used, and nothing was changed/)).toBeTruthy();
    expect(screen.queryByLabelText('What is in the file')).toBeNull();
  });

  it('send an empty file nowhere', async () => {
    const { page } = await choose('');
    expect(await screen.findByText('clinic.json is empty.')).toBeTruthy();
    expect(named(page, 'lookIntoSiteFile')).toEqual([]);
  });
});

async function choose(text: string, answers: Record<string, (request: unknown) => unknown> = {}) {
  const page = openPage({
    snapshot: fixtures.healthy(),
    hash: '#/welcome',
    answers: { lookIntoSiteFile: (request) => siteFileView(request as ChosenFile), ...answers },
  });
  const chosen = new File([text], 'clinic.json');
  await userEvent.upload(screen.getByLabelText('Choose a file…', { selector: 'input' }), chosen);
  if (text !== '' && answers['lookIntoSiteFile'] === undefined)
    await screen.findByLabelText('What is in the file');
  return { page };
}
