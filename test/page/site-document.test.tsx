import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { ServersAction, ServersView } from '../../shared/servers/servers-view.ts';
import { fixtures } from '../screens/fixtures.ts';
import { serversFixtures } from '../screens/servers-fixtures.ts';
import { openPage } from './open-page.tsx';

vi.mock('../../renderer/components/save-file.ts', () => ({
  saveFile: (name: string) => saved.push(name),
  bytesOf: () => [],
}));
const saved: string[] = [];

/** Goal: what others have installed is seen before it is taken over, and nothing is revoked by mistake. Method: the page before a host that the test plays. */
async function openWork(title: string, view: ServersView = serversFixtures.signedIn) {
  const acts: ServersAction[] = [];
  openPage({
    snapshot: fixtures.healthy(),
    hash: '#/servers',
    answers: {
      getServers: () => view,
      actOnServers: (request) => {
        acts.push((request as { action: ServersAction }).action);
        return view;
      },
      exportSiteFile: () => ({
        fingerprint: '4F:1D:9A',
        fileName: 'clinic.json',
        text: '{}',
        lacks: ['Name the file with the password.'],
      }),
    },
  });
  await userEvent.click(await screen.findByRole('radio', { name: title }));
  return acts;
}

describe('the site document of the servers', () => {
  it('is taken over only after a look at what it changes', async () => {
    const acts = await openWork('Site document');
    await userEvent.click(screen.getByRole('button', { name: 'Take it over on this workstation' }));
    expect(acts).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Look what they carry' }));
    await waitFor(() => expect(acts).toEqual([{ act: 'pull', plan: true }]));
  });

  it('is shown with who made it and every field, and taken over then', async () => {
    const acts = await openWork('Site document', serversFixtures.pulled);
    expect(screen.getByText(/number 7, made 2026-05-01 08:00 UTC by owner-2 on desk-2/)).toBeTruthy();
    expect(screen.getByText('name: "Clinic" → "Clinic North"')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Take it over on this workstation' }));
    await waitFor(() => expect(acts).toEqual([{ act: 'pull', plan: false }]));
  });

  it('is looked at from the very refusal that names it, and comes to the front then', async () => {
    const acts = await openWork('Upgrade', serversFixtures.newer);
    await userEvent.click(screen.getByRole('button', { name: 'Look what the servers carry' }));
    await waitFor(() => expect(acts).toEqual([{ act: 'pull', plan: true }]));
  });

  it('is taken over by whoever may only look, since the agents tell it', async () => {
    const acts: ServersAction[] = [];
    const view = serversFixtures.viewer;
    openPage({
      snapshot: fixtures.healthy(),
      hash: '#/servers',
      answers: {
        getServers: () => view,
        actOnServers: (request) => {
          acts.push((request as { action: ServersAction }).action);
          return serversFixtures.pulled;
        },
      },
    });
    expect(await screen.findByText('Only an administrator may work on the servers.')).toBeTruthy();
    expect(screen.queryByRole('radio', { name: 'Upgrade' })).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Look what they carry' }));
    await waitFor(() => expect(acts).toEqual([{ act: 'pull', plan: true }]));
    expect(await screen.findByText('name: "Clinic" → "Clinic North"')).toBeTruthy();
  });

  it('is saved as a site file, with what it lacks', async () => {
    await openWork('Site document');
    await userEvent.click(screen.getByRole('button', { name: 'Save the site file' }));
    const lacks = await screen.findByRole('list', { name: 'What the site file lacks' });
    expect([saved, lacks.textContent]).toEqual([['clinic.json'], 'Name the file with the password.']);
    expect(screen.getByText('4F:1D:9A')).toBeTruthy();
  });
});

describe('revoking certificates', () => {
  it('needs a server, a reason and the name of the site', async () => {
    const acts = await openWork('Revoke');
    const button = screen.getByRole('button', { name: 'Revoke' });
    await userEvent.click(button);
    expect(screen.getByText(/no server is chosen yet/)).toBeTruthy();
    await userEvent.selectOptions(
      screen.getByLabelText('Server', { selector: 'select:not([aria-label])' }),
      'ig-north',
    );
    expect(screen.getByText(/the reason is not given yet/)).toBeTruthy();
    await userEvent.type(screen.getByLabelText(/^Why/), 'disk was sold');
    await userEvent.click(button);
    expect(acts).toEqual([]);
    const { name, servers } = fixtures.healthy().site!;
    await userEvent.type(screen.getByLabelText(/Type the name of the site/), name);
    await userEvent.click(button);
    const north = servers.find((server) => server.name === 'ig-north')!.id;
    await waitFor(() =>
      expect(acts).toEqual([
        {
          act: 'revoke',
          order: { kind: 'server', server: north, lost: false },
          why: 'disk was sold',
          unprotected: [],
          typedName: name,
        },
      ]),
    );
  });
});

describe('the configuration of the engines', () => {
  it('is copied for one cluster, and only after it was compared', async () => {
    const acts = await openWork('Configuration');
    await userEvent.click(screen.getByRole('button', { name: 'Copy from Active to Passive' }));
    expect(acts).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Compare the configuration' }));
    await waitFor(() => expect(acts).toEqual([{ act: 'configuration', cluster: null, copy: false }]));
  });

  it('shows every file that differs, and is copied then', async () => {
    const acts = await openWork('Configuration', serversFixtures.configurationDiffers);
    const lines = screen.getByRole('list', { name: /^Outcome of/ });
    expect(within(lines).getByText(/config\/comps\/ADT in\/component\.json differs/)).toBeTruthy();
    await userEvent.selectOptions(screen.getByLabelText('Cluster'), 'WK1');
    await userEvent.click(screen.getByRole('button', { name: 'Copy from Active to Passive' }));
    await waitFor(() => expect(acts).toEqual([{ act: 'configuration', cluster: 'WK1', copy: true }]));
  });
});
