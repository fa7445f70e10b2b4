import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { productError } from '../../shared/errors.ts';
import type { ServersAction, ServersView } from '../../shared/servers/servers-view.ts';
import { fixtures } from '../screens/fixtures.ts';
import { serversFixtures } from '../screens/servers-fixtures.ts';
import { openPage } from './open-page.tsx';

/** Goal: what servers run is seen, and what is done on them is explained, asked for and followed. Method: the page before a host that the test plays. */
function openServers(view: ServersView, snapshot = fixtures.healthy()) {
  const acts: ServersAction[] = [];
  openPage({
    snapshot,
    hash: '#/servers',
    answers: {
      getServers: () => view,
      actOnServers: (request) => {
        acts.push((request as { action: ServersAction }).action);
        return view;
      },
    },
  });
  return acts;
}

/** The table of what runs where; the marks of the units stand in one of their own. */
const what = () => screen.getByRole('region', { name: 'Servers and what they run' });

describe('the servers of a site', () => {
  it('tells of each what it carries, runs and how old that is', async () => {
    openServers(serversFixtures.rest);
    const row = await within(what()).findByRole('row', { name: /ig-north/ });
    expect(within(row).getByText('4 of 4 beat')).toBeTruthy();
    expect(within(row).getByText('proven')).toBeTruthy();
    expect(screen.getByText('All agents answer and run one version.')).toBeTruthy();
  });

  it('names the server that runs an older version, and one that is silent', async () => {
    const snapshot = fixtures.healthy();
    const old = snapshot.site!.clusters[0]!.members.find(({ server }) => server.includes('south'))!;
    const other = snapshot.site!.clusters[1]!.members.find(({ server }) => server.includes('south'))!;
    other.snapshot = { ...other.snapshot!, certificateEndsInMs: 300 * 86_400_000 + 1 };
    old.snapshot = { ...old.snapshot!, productVersion: '0.0.9', certificateEndsInMs: 3 * 86_400_000 + 1 };
    openServers(serversFixtures.rest, snapshot);
    expect(await screen.findByText(/has an older version than the others/)).toBeTruthy();
    const row = within(what()).getByRole('row', { name: /ig-south/ });
    const days = within(row)
      .getAllByRole('listitem')
      .map(({ textContent }) => textContent);
    expect(days).toContainEqual(expect.stringContaining('3 days left'));
    expect(days).toContainEqual(expect.stringContaining('300 days left'));
    expect(screen.getByText(/They work together and a failover is possible/)).toBeTruthy();
  });

  it('says why nothing can be done in the demo', async () => {
    openServers(serversFixtures.demo);
    expect(await screen.findByText(/demo site are processes on this machine/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: /Compare with/ })).toBeNull();
  });

  it('asks for what is needed to sign in, and hands a secret over only then', async () => {
    const acts = openServers(serversFixtures.rest);
    const button = await screen.findByRole('button', { name: 'Compare with the installation' });
    expect(button.getAttribute('aria-disabled')).toBe('true');
    await userEvent.type(screen.getByLabelText(/Password of the engines/), 'secret');
    await userEvent.tab();
    await waitFor(() =>
      expect(acts).toContainEqual({ act: 'secret', server: '', kind: 'engine-password', value: 'secret' }),
    );
    await userEvent.click(button);
    expect(acts.some(({ act }) => act === 'begin')).toBe(false);
  });

  it('begins what was chosen, where it was chosen', async () => {
    const acts = openServers(serversFixtures.signedIn);
    await userEvent.click(await screen.findByRole('radio', { name: 'Repair' }));
    await userEvent.selectOptions(screen.getByLabelText('Where'), 'ig-north');
    await userEvent.click(screen.getByRole('checkbox', { name: 'WK2' }));
    await userEvent.click(screen.getByRole('button', { name: 'Mend what differs' }));
    await waitFor(() =>
      expect(acts.at(-1)).toMatchObject({ act: 'begin', work: 'repair', unprotected: ['WK2'] }),
    );
  });

  it('removes nothing before the name of the site is typed', async () => {
    const acts = openServers(serversFixtures.signedIn);
    const { name } = fixtures.healthy().site!;
    await userEvent.click(await screen.findByRole('radio', { name: 'Remove' }));
    const button = screen.getByRole('button', { name: 'Remove everything from all servers' });
    await userEvent.click(button);
    expect(acts).toEqual([]);
    await userEvent.type(screen.getByLabelText(/Type the name of the site/), name);
    await userEvent.click(button);
    await waitFor(() => expect(acts).toEqual([{ act: 'remove', engines: 'keep', typedName: name }]));
  });

  it('takes everything off the others once a server is stated to be lost', async () => {
    const silent = productError('install.leaver-silent', 'ig-south (short name south) cannot be reached.');
    const work = { state: 'failed' as const, sinceMs: 1_000, awaits: '', errors: [silent] };
    const acts = openServers({ ...serversFixtures.signedIn, kind: 'remove', work });
    const { name } = fixtures.healthy().site!;
    await userEvent.type(
      await screen.findByLabelText('Short names of servers that are lost for good'),
      'south',
    );
    await userEvent.type(screen.getByLabelText(/Type the name of the site/), name);
    await userEvent.click(screen.getByRole('button', { name: 'Remove everything from all servers' }));
    await waitFor(() =>
      expect(acts).toEqual([{ act: 'remove', engines: 'keep', typedName: name, gone: ['south'] }]),
    );
  });

  it('says that servers only observe and what is missing, and arms only after a look at the changes', async () => {
    const acts = openServers(serversFixtures.signedIn, fixtures.observing());
    const row = await within(what()).findByRole('row', { name: /ig-north/ });
    expect(within(row).getByText('observes only')).toBeTruthy();
    const missing = screen.getByRole('list', { name: 'What is still missing' });
    expect(within(missing).getByText(/is not mounted/)).toBeTruthy();
    expect(within(missing).getByText('WK2').parentElement?.textContent).toContain('can be armed');
    await userEvent.click(screen.getByRole('button', { name: 'Arm the site' }));
    expect(acts).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Look what it changes' }));
    await waitFor(() => expect(acts).toEqual([{ act: 'arm', plan: true }]));
  });

  it('shows what arming would change, and arms', async () => {
    const acts = openServers(serversFixtures.armPlan, fixtures.observing());
    expect(await screen.findByText('What arming would change')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Arm the site' }));
    await waitFor(() => expect(acts).toEqual([{ act: 'arm', plan: false }]));
  });

  it('offers a protected site to be observed only, with its name typed', async () => {
    const acts = openServers(serversFixtures.signedIn);
    const { name } = fixtures.healthy().site!;
    expect(screen.queryByRole('radio', { name: 'Arm' })).toBeNull();
    await userEvent.click(await screen.findByRole('radio', { name: 'Observe only' }));
    const button = screen.getByRole('button', { name: 'Take the protection off' });
    await userEvent.click(button);
    expect(acts).toEqual([]);
    await userEvent.type(screen.getByLabelText(/Type the name of the site/), name);
    await userEvent.click(button);
    await waitFor(() => expect(acts).toEqual([{ act: 'observe', typedName: name }]));
  });

  it('moves the lease store only after a look at what that changes', async () => {
    const acts = openServers(serversFixtures.signedIn);
    await userEvent.click(await screen.findByRole('radio', { name: 'Move lease store' }));
    expect(screen.getByText(/no server is chosen yet/)).toBeTruthy();
    await userEvent.click(screen.getByRole('radio', { name: 'An etcd that you have' }));
    await userEvent.type(screen.getByLabelText(/Endpoints/), '10.20.9.5:2379');
    for (const label of [/etcd’s authority/, /Client certificate/, /Its private key/])
      await userEvent.type(screen.getByLabelText(label), '/etcd.pem');
    await userEvent.click(screen.getByRole('button', { name: 'Move the lease store' }));
    expect(acts).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Look what it changes' }));
    await waitFor(() =>
      expect(acts).toMatchObject([{ act: 'move', plan: true, target: { store: { kind: 'etcd' } } }]),
    );
  });

  it('leads on, or back, where a move of the lease store has stopped', async () => {
    const acts = openServers(serversFixtures.moveStopped);
    expect(await screen.findByText(/it has not answered since its restart/)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Go on to the etcd below /ixha/clinic' }));
    await userEvent.click(screen.getByRole('button', { name: 'Go back to the witness on ig-witness' }));
    await waitFor(() =>
      expect(acts).toEqual([
        { act: 'move', target: { to: 'goal' }, plan: false },
        { act: 'move', target: { to: 'start' }, plan: false },
      ]),
    );
  });

  it('follows a work step by step, and tells how it ended', async () => {
    openServers(serversFixtures.upgrading);
    expect(await screen.findByText(/Upgrading for/)).toBeTruthy();
    expect(within(screen.getByRole('list', { name: 'Steps on ig-north' })).getByText('now')).toBeTruthy();
    expect(screen.getByText(/another work on the servers goes on/)).toBeTruthy();
  });

  it('tells an outcome line by line, and a failure with its next step', async () => {
    openServers(serversFixtures.compared);
    expect(await screen.findByText('ig-north: /etc/ixha/WK2/member.json has other content')).toBeTruthy();
  });
});
