import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { productError } from '../../shared/errors.ts';
import { fixtures } from '../screens/fixtures.ts';
import { openPage } from './open-page.tsx';

const region = (name: string) => screen.getByRole('region', { name });
const topBar = () => screen.getAllByRole('banner')[0]!;

describe('overview', () => {
  it('says its state in one sentence and shows crossed roles', () => {
    openPage({ snapshot: fixtures.healthy() });
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Both clusters can fail over now');
    const rows = within(region('Servers and clusters')).getAllByRole('row');
    expect(rows[1]!.textContent).toMatch(/ig-north.*Active.*epoch 47.*Passive/);
    expect(rows[2]!.textContent).toMatch(/ig-south.*Passive.*Active.*epoch 31/);
    expect(screen.getByText('Nothing asks for attention.')).toBeTruthy();
  });

  it('tells how the last drill of a cluster ended, with the way to it, and nothing where none was made', () => {
    openPage({ snapshot: fixtures.reminded() });
    const link = screen.getByRole('link', { name: 'Switchover and back passed, 5.9 s without service' });
    expect(link.getAttribute('href')).toBe('#/drills');
    expect(screen.getAllByText('Last drill')).toHaveLength(1);
  });

  it('marks the demo and shows its message counters', () => {
    openPage({ snapshot: fixtures.healthy() });
    expect(within(topBar()).getByText('Demo')).toBeTruthy();
    expect(screen.getAllByText(/0 lost, 0 out of order, 0 sent again/)).toHaveLength(2);
  });

  it('shows a silent server as unknown with what it was, and folds what follows', async () => {
    openPage({ snapshot: fixtures['dead-server']() });
    expect(screen.getAllByText('Unknown, was Active').length).toBeGreaterThan(0);
    expect(screen.getAllByText('Unknown, was Passive').length).toBeGreaterThan(0);
    const problems = region('Problems');
    expect(within(problems).getAllByRole('listitem').length).toBeGreaterThan(0);
    expect(within(topBar()).getByText('1 problem')).toBeTruthy();
    await userEvent.click(within(problems).getByText(/Show what follows/));
    expect(within(problems).getByText(/Nobody who could take WK2 over is seen/)).toBeTruthy();
  });

  it('does not call a site able to fail over that is only observed', () => {
    openPage({ snapshot: fixtures.observing() });
    expect(within(region('Problems')).getByText('3 to look at')).toBeTruthy();
    expect(screen.queryByText(/none stops a failover/)).toBeNull();
    expect(screen.getByRole('button', { name: 'Show WK1' })).toBeTruthy();
  });

  it('says that a cluster has no Active', () => {
    openPage({ snapshot: fixtures['no-active']() });
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('WK1 has no Active');
    expect(screen.getByText('No Active')).toBeTruthy();
  });

  it('says that the host is gone and lets every value grow stale', () => {
    const page = openPage({ snapshot: fixtures.healthy() });
    page.disconnect();
    page.pass(12_000);
    expect(screen.getByRole('alert').textContent).toBe('The console host does not answer.');
    expect(screen.getByText(/Everything shown is at least 12 s old/)).toBeTruthy();
    expect(screen.getAllByText('12 s ago').length).toBeGreaterThan(0);
    expect(screen.queryByText('Can fail over now')).toBeNull();
    expect(screen.getAllByText('Unknown, was Active')).toHaveLength(4);
  });

  it('says what is awaited and since when while nothing is known', () => {
    const page = openPage({ snapshot: null });
    page.pass(3_200);
    expect(screen.getByText('Waiting for the first snapshot for 3.2 s')).toBeTruthy();
    page.say(fixtures.waiting());
    expect(screen.getByText(/Waiting for the site/)).toBeTruthy();
  });

  it('shows the trouble of the host with its meaning and the next step', () => {
    const trouble = productError('demo.failed', 'Port 7670 is taken.');
    openPage({ snapshot: { ...fixtures.waiting(), awaiting: null, trouble } });
    expect(screen.getByText('Port 7670 is taken.')).toBeTruthy();
    expect(screen.getByText(/No real server is involved/)).toBeTruthy();
  });
});

describe('a site that cannot be opened', () => {
  it('ends the waiting: code, meaning and next step stand there once', () => {
    const page = openPage({ snapshot: fixtures['not-opened']() });
    page.pass(60_000);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toContain('could not be opened');
    const alert = screen.getByRole('alert');
    expect(alert.textContent).toContain('site.damaged');
    expect(alert.textContent).toContain('Next: Restore the file from its previous copy');
    expect(document.body.textContent).not.toMatch(/Waiting/);
  });

  it('is not awaited for ever when the host says what the page cannot read', () => {
    const page = openPage({ snapshot: null });
    page.fail(
      productError('agent.nonsense', 'The console host answered getSnapshot with something unexpected.'),
    );
    expect(screen.getByRole('heading', { level: 1 }).textContent).toContain('could not be read');
    expect(screen.getByRole('alert').textContent).toContain('agent.nonsense');
    page.say(fixtures.healthy());
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Both clusters can fail over now');
  });

  it('is told apart from one that is still awaited', () => {
    openPage({ snapshot: fixtures.waiting() });
    expect(screen.getByText('Waiting for the site for 2.4 s')).toBeTruthy();
    expect(screen.getByText('The demo site starts: Booting the servers.')).toBeTruthy();
    expect(screen.queryByRole('alert')).toBeNull();
  });
});

describe('a conflict', () => {
  it.each([
    ['conflict', 'an engine runs without the lease', /Its agent stops it at once/],
    ['conflict-outside', 'an engine runs outside its service', /end it by hand/],
    ['conflict-two-active', 'two look Active', /stop the engine on ig-north/],
  ] as const)('of the kind %s is called so on its card, with the next step', (name, short, next) => {
    openPage({ snapshot: fixtures[name]() });
    const card = screen.getByRole('region', { name: 'WK1' });
    expect(within(card).getByText(short)).toBeTruthy();
    expect(within(card).getByText(next)).toBeTruthy();
  });
});

describe('an address that names nothing', () => {
  it.each([
    ['#/somewhere', 'There is no such page', 'Show the overview', '#/'],
    ['#/cluster/WK1/nothing', 'There is no such page', 'Show the overview', '#/'],
    ['#/cluster/WK9/topology', 'This site has no cluster WK9', 'Show all clusters', '#/clusters'],
    [
      '#/cluster/WK1/operation/op-9',
      'This operation is not known here',
      'Show the journal',
      '#/cluster/WK1/journal',
    ],
  ])('%s is said to be not found, with a way back', (hash, title, back, to) => {
    openPage({ snapshot: fixtures.healthy(), hash });
    expect(screen.getByRole('heading', { level: 1 }).textContent).toContain(title);
    expect(screen.getByRole('link', { name: back }).getAttribute('href')).toBe(to);
  });
});

describe('switching over from the overview', () => {
  const button = () => screen.getByRole('button', { name: 'Switch over…' });

  it('is open while any cluster has a target', async () => {
    openPage({ snapshot: fixtures.healthy() });
    await userEvent.click(button());
    expect(window.location.hash).toBe('#/clusters');
  });

  it('gives way to a look at the cluster that is in danger', async () => {
    openPage({ snapshot: fixtures['taken-over']() });
    expect(screen.queryByRole('button', { name: 'Switch over…' })).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Show WK1' }));
    expect(window.location.hash).toBe('#/cluster/WK1/topology');
  });
});

describe('command palette', () => {
  it('finds an act by its words in any order', async () => {
    openPage({ snapshot: fixtures.healthy() });
    await userEvent.click(screen.getByRole('button', { name: /Search or do/ }));
    await userEvent.type(await screen.findByPlaceholderText('Search or do…'), 'south wk1 switch');
    const dialog = screen.getByRole('dialog');
    expect(within(dialog).getByText('Switch WK1 over to ig-south…')).toBeTruthy();
    expect(within(dialog).queryByText(/WK2/)).toBeNull();
  });

  it('offers no switchover that has no target', async () => {
    openPage({ snapshot: fixtures['taken-over']() });
    await userEvent.click(screen.getByRole('button', { name: /Search or do/ }));
    await userEvent.type(await screen.findByPlaceholderText('Search or do…'), 'switch');
    expect(screen.queryAllByText(/Switch WK/)).toEqual([]);
  });
});

describe('demo faults', () => {
  it('are injected with exactly what they need, and healed', async () => {
    const page = openPage({ snapshot: fixtures.healthy() });
    await userEvent.click(screen.getByRole('button', { name: 'Faults…' }));
    await userEvent.selectOptions(screen.getByLabelText('What'), 'Cut a link');
    await userEvent.selectOptions(screen.getByLabelText('Link'), 'ig-north – ig-witness');
    await userEvent.click(screen.getByRole('button', { name: 'Cut ig-north from ig-witness' }));
    await userEvent.click(screen.getByRole('button', { name: 'Heal all, boot what was killed' }));
    expect(page.calls).toEqual([
      {
        name: 'injectFault',
        request: { kind: 'cut-link', server: 'ig-north', cluster: null, other: 'ig-witness' },
      },
      { name: 'healAll', request: {} },
    ]);
  });

  it('in force are listed with since when', async () => {
    openPage({ snapshot: fixtures.split() });
    await userEvent.click(screen.getByRole('button', { name: 'Faults: 2 in force' }));
    expect(screen.getByText('ig-north cut from ig-witness')).toBeTruthy();
    expect(screen.getAllByText('for 9.4 s')).toHaveLength(2);
  });

  it('do not exist on a real site', () => {
    const snapshot = fixtures.healthy();
    snapshot.site!.demo = false;
    openPage({ snapshot });
    expect(screen.queryByRole('button', { name: /Faults/ })).toBeNull();
    expect(screen.queryByText('Demo')).toBeNull();
  });
});

describe('appearance', () => {
  it('is chosen by the person and kept by the host', async () => {
    const page = openPage({ snapshot: fixtures.healthy() });
    await userEvent.click(screen.getByRole('button', { name: /admin-1/ }));
    await userEvent.click(await screen.findByText('Dark'));
    expect(page.calls).toEqual([{ name: 'setTheme', request: { theme: 'dark' } }]);
    expect(document.documentElement.getAttribute('data-mantine-color-scheme')).toBe('dark');
  });
});
