import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { secretsLack } from '../../renderer/features/notifications/secrets-form.tsx';
import type {
  NotificationsAction,
  NotificationsView,
} from '../../shared/notifications/notifications-view.ts';
import type { ServersAction, ServersView } from '../../shared/servers/servers-view.ts';
import { fixtures } from '../screens/fixtures.ts';
import { notificationPolicy, notificationsFixtures } from '../screens/notifications-fixture.ts';
import { serversFixtures } from '../screens/servers-fixtures.ts';
import { openPage } from './open-page.tsx';

/** Goal: whom the site tells, what arrived and what did not is seen, tried and changed. Method: the page before a host that the test plays. */
function open(
  view: NotificationsView = notificationsFixtures.some,
  works: ServersView = serversFixtures.signedIn,
  snapshot = fixtures.telling(),
) {
  const acts: NotificationsAction[] = [];
  const changes: ServersAction[] = [];
  openPage({
    snapshot,
    hash: '#/notifications',
    answers: {
      getNotifications: () => view,
      actOnNotifications: (request) => {
        acts.push((request as { action: NotificationsAction }).action);
        return view;
      },
      getServers: () => works,
      actOnServers: (request) => {
        changes.push((request as { action: ServersAction }).action);
        return works;
      },
    },
  });
  return { acts, changes };
}

function fill(field: HTMLElement, value: string): void {
  fireEvent.change(field, { target: { value } });
}

async function rowsOf(target: string): Promise<(string | null)[]> {
  const region = await screen.findByRole('region', { name: `Agents that tell ${target}` });
  return within(region)
    .getAllByRole('row')
    .slice(1)
    .map((row) => row.textContent);
}

describe('the targets of a site', () => {
  it('tell of each agent what it last sent, what waits, and what last failed and why', async () => {
    open();
    const [first, second] = await rowsOf('on-call');
    expect(first).toMatch(/^ig-north WK1nothing yet3 events: \[ALARM\].*tried again in/);
    expect(first).toMatch(/the mail server said 535.*Next: Check user.*auth-refused, 4 attempts/);
    expect(second).toMatch(/all is well.*2 h 31 min ago.*nothing.*none.*password, authority/);
    expect(screen.getByText('What agents tell does not arrive at on-call.')).toBeTruthy();
    expect(screen.getByText(/What happens within 20 s goes into one message$/)).toBeTruthy();
    expect(screen.getByText(/20 messages an hour.*\(usual\)/)).toBeTruthy();
    expect(screen.getByText(/Told every 24 h/)).toBeTruthy();
    expect(screen.queryByText(/in\/7f/)).toBeNull();
  });

  it('that an agent does not have, or that this workstation does not have, are told as such', async () => {
    const snapshot = fixtures.telling();
    const [first, second] = snapshot.site!.clusters[0]!.members;
    delete first!.snapshot!.notifications;
    second!.link = { ...second!.link, state: 'lost', heardMs: null };
    second!.snapshot = null;
    open({ ...notificationsFixtures.some, policy: null }, serversFixtures.signedIn, snapshot);
    const rows = await rowsOf('desk');
    expect(rows).toContainEqual(expect.stringContaining('does not have this target'));
    expect(rows).toContainEqual(expect.stringContaining('not heard'));
    expect(screen.getAllByText(/another administrator has changed it/).length).toBeGreaterThan(0);
  });

  it('are missing: nobody is told, and one can be set up', async () => {
    const { changes } = open(notificationsFixtures.none, serversFixtures.signedIn, fixtures.healthy());
    expect(await screen.findByText(/Nobody is told what happens/)).toBeTruthy();
    await userEvent.click(await screen.findByRole('button', { name: 'Set up a target…' }));
    fill(screen.getByLabelText('Name'), 'desk');
    expect(screen.getAllByText(/the address must begin with https/).length).toBeGreaterThan(0);
    fill(screen.getByLabelText('Address'), 'https://alarms.hospital.example/in');
    await userEvent.click(screen.getByRole('checkbox', { name: 'information' }));
    await userEvent.click(screen.getByRole('button', { name: 'Look what it changes' }));
    const target = {
      ...{ kind: 'webhook', id: 'desk', url: 'https://alarms.hospital.example/in' },
      severities: ['danger', 'warn'],
    };
    expect(changes).toEqual([{ act: 'notify', policy: { targets: [target] }, plan: true }]);
  });
});

describe('a test', () => {
  it('is asked of one agent or of all, and its outcome stands beside the agent', async () => {
    const { acts } = open(notificationsFixtures.tested);
    const [first, second, third] = await rowsOf('on-call');
    expect(first).toMatch(/the mail server said 535.*Next: Check user/);
    expect(second).toContain('arrived after 380 ms');
    expect(third).toContain('the answer is awaited');
    const region = screen.getByRole('region', { name: 'Agents that tell desk' });
    await userEvent.click(within(region).getByRole('button', { name: 'Test from ig-south (WK1)' }));
    await userEvent.click(screen.getAllByRole('button', { name: 'Test from every agent' })[1]!);
    await waitFor(() =>
      expect(acts).toEqual([
        { act: 'test', target: 'desk', from: { cluster: 'WK1', server: 'ig-south' } },
        { act: 'test', target: 'on-call', from: null },
      ]),
    );
  });

  it('is not sent by a viewer, who gives no secrets either', async () => {
    const snapshot = { ...fixtures.telling(), me: { name: 'wall', role: 'viewer' as const } };
    const { acts } = open(notificationsFixtures.some, serversFixtures.signedIn, snapshot);
    expect(await screen.findAllByText(/a viewer sends no tests/)).toHaveLength(2);
    expect(screen.queryByRole('button', { name: /Test from ig/ })).toBeNull();
    await userEvent.click(screen.getAllByRole('button', { name: 'Give secrets…' })[0]!);
    expect(acts).toEqual([]);
    expect(screen.queryByLabelText(/Signing secret/)).toBeNull();
  });
});

describe('secrets', () => {
  it('go to every agent once they fit, and are not shown again', async () => {
    const { acts } = open();
    await userEvent.click((await screen.findAllByRole('button', { name: 'Give secrets…' }))[0]!);
    fill(screen.getByLabelText(/Signing secret/), 'short');
    await userEvent.click(screen.getByRole('button', { name: 'Give them to every agent' }));
    expect(acts).toEqual([]);
    fill(screen.getByLabelText(/Signing secret/), 'short-and-long-enough');
    await userEvent.click(screen.getByRole('button', { name: 'Give them to every agent' }));
    const secrets = { signingSecret: 'short-and-long-enough' };
    await waitFor(() => expect(acts).toEqual([{ act: 'secrets', target: 'desk', secrets }]));
    await waitFor(() => expect(screen.queryByLabelText(/Signing secret/)).toBeNull());
    expect(document.body.textContent).not.toContain('short-and-long');
  });

  it.each([
    [{ signingSecret: 'short' }, 'has 16 characters'],
    [{ bearerToken: 'a b' }, 'no spaces'],
    [{ password: '' }, null],
  ])('%j: %s', (typed, lack) => {
    if (lack === null) expect(secretsLack(typed)).toBeNull();
    else expect(secretsLack(typed)).toContain(lack);
  });
});

describe('a change of the targets', () => {
  it('is carried out only after a look at what it changes', async () => {
    const policy = { ...notificationPolicy, targets: notificationPolicy.targets.slice(0, 1) };
    const looked = { ...serversFixtures.targetsPlan, lookedAtTargets: { policy } };
    const { changes } = open(notificationsFixtures.some, looked);
    expect(await screen.findByText('What the change would do')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Change targets…' }));
    expect(screen.getByText(/nothing is changed yet/)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Remove on-call' }));
    await userEvent.click(screen.getByRole('button', { name: 'Change it on all servers' }));
    await waitFor(() => expect(changes).toEqual([{ act: 'notify', policy, plan: false }]));
  });

  it('says which fields another administrator has changed since', async () => {
    open(notificationsFixtures.some, serversFixtures.targetsNewer);
    expect(await screen.findByText(/carry another configuration than this workstation/)).toBeTruthy();
    expect(screen.getByText('here → there: notifications.quietSeconds: 20 → 60')).toBeTruthy();
  });

  it('is not offered in the demo, and says why', async () => {
    open(notificationsFixtures.some, serversFixtures.demo);
    expect(await screen.findByText(/demo site are processes on this machine/)).toBeTruthy();
  });
});
