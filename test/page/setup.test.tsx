import { screen, waitFor, within } from '@testing-library/react';
import { productError } from '../../shared/errors.ts';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { siteFromDraft } from '../../shared/setup/site-from-draft.ts';
import { fixtures } from '../screens/fixtures.ts';
import { setupFixtures } from '../screens/setup-fixtures.ts';
import { openPage } from './open-page.tsx';
import { acted, openSetup } from './open-setup.tsx';

describe('the setup of a site', () => {
  it('offers to observe first where an engine runs, and then stops none', async () => {
    const engine = {
      ...{ server: 'north', unit: 'iguanax-wk1.service', product: 'IguanaX', version: null },
      ...{ workingDirectory: '/share/wk1', apiPort: 6543, running: true, components: null },
    };
    const { whole } = setupFixtures;
    const first = { ...whole, preflight: { ...whole.preflight, engines: [engine] } };
    const { view } = openSetup('preflight', first);
    await userEvent.click(await screen.findByRole('radio', { name: /Observe first/ }));
    await waitFor(() => expect(view().draft.observe).toBe(true));
    expect(siteFromDraft(view().draft)?.mode).toBe('observe');
  });

  it('begins with nothing, keeps every word, and says what is missing', async () => {
    const { view } = openSetup('servers', setupFixtures.empty);
    expect(await screen.findByText(/Give the site a name/)).toBeTruthy();
    await userEvent.type(screen.getByLabelText('Name'), 'Clinic North');
    await waitFor(() => expect(view().draft.site).toEqual({ name: 'Clinic North', id: 'Clinic-North' }));
    await userEvent.click(screen.getByRole('button', { name: 'Add a server with IguanaX' }));
    await waitFor(() => expect(view().draft.servers.length).toBe(1));
    await userEvent.click(screen.getByRole('button', { name: 'Preflight' }));
    expect(await screen.findByText(/A numeric address is needed/)).toBeTruthy();
    expect(document.activeElement?.getAttribute('aria-invalid')).toBe('true');
    expect(window.location.hash).toBe('#/setup/servers');
  });

  it('shows a key to be compared, and trusts it only by a click', async () => {
    const { acts } = openSetup('servers', setupFixtures.key);
    expect(await screen.findByText('Is this the key of ig-witness?')).toBeTruthy();
    expect(acted(acts)).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: /trust this key/ }));
    await waitFor(() => expect(acted(acts)).toEqual(['pin']));
  });

  it('shows a changed key as a refusal that offers no way around it', async () => {
    openSetup('servers', setupFixtures.key);
    expect(await screen.findByText(/presents a changed host key/)).toBeTruthy();
    expect(screen.getAllByRole('button', { name: /trust this key/ }).length).toBe(1);
  });

  it('shows the key of a jump host as its own, and which servers are reached over it', async () => {
    const { acts } = openSetup('servers', setupFixtures['jump-host']);
    expect(await screen.findByText('Is this the key of gate?')).toBeTruthy();
    expect(screen.getAllByDisplayValue('over gate').length).toBe(3);
    await userEvent.click(screen.getByRole('button', { name: /trust this key/ }));
    await waitFor(() => expect(acts.find(({ act }) => act === 'pin')).toMatchObject({ server: 'jump' }));
  });

  it('keeps servers from going on behind a jump host that was taken out', async () => {
    openSetup('servers', setupFixtures['jump-host']);
    const card = await screen.findByRole('region', { name: 'gate' });
    await userEvent.click(within(card).getByRole('button', { name: 'Take it out' }));
    await userEvent.click(screen.getByRole('button', { name: 'Preflight' }));
    expect((await screen.findAllByText(/Its jump host was taken out/)).length).toBeGreaterThan(0);
    expect(window.location.hash).toBe('#/setup/servers');
  });

  it('puts the question of a server before the person, and sends the answer once', async () => {
    const { acts } = openSetup('servers', setupFixtures.question);
    const dialog = await screen.findByRole('dialog', { name: 'ig-north asks admin' });
    expect(within(dialog).getByText('Clinic North, second factor')).toBeTruthy();
    await userEvent.type(within(dialog).getByLabelText('Verification code:'), '123456{Enter}');
    await waitFor(() =>
      expect(acts.filter(({ act }) => act === 'answer')).toEqual([
        { act: 'answer', question: 'q1', answers: ['123456'] },
      ]),
    );
  });

  it('sends no answer where the person gives none', async () => {
    const { acts } = openSetup('servers', setupFixtures.question);
    await userEvent.click(await screen.findByText('Do not answer'));
    await waitFor(() =>
      expect(acts.find(({ act }) => act === 'answer')).toMatchObject({ question: 'q1', answers: null }),
    );
  });

  it('takes keys over from known_hosts, and says first where it contradicts', async () => {
    const { acts } = openSetup('servers', setupFixtures['known-hosts']);
    const card = await screen.findByRole('region', { name: 'Host keys that this workstation knows' });
    const lines = within(card)
      .getAllByRole('listitem')
      .map(({ textContent }) => textContent);
    expect(lines[0]).toContain('another key than the trusted one for ig-south');
    await userEvent.click(within(card).getByRole('button', { name: 'Take its keys over' }));
    await waitFor(() =>
      expect(acts.find(({ act }) => act === 'known-hosts')).toMatchObject({ file: '~/.ssh/known_hosts' }),
    );
  });

  it('says exactly what has to be allowed where there is no sudo', async () => {
    openSetup('servers', setupFixtures['no-sudo']);
    expect(await screen.findByText(/visudo -f \/etc\/sudoers.d\/ixha/)).toBeTruthy();
  });

  it('never shows a secret again, and sends it once', async () => {
    const { acts } = openSetup('review', setupFixtures.whole);
    const field = await screen.findByLabelText('Password');
    await userEvent.type(field, 'planted-secret{Enter}');
    await waitFor(() => expect(acts.some(({ act }) => act === 'secret')).toBe(true));
    await waitFor(() => expect((field as HTMLInputElement).value).toBe(''));
    expect(document.body.innerHTML).not.toContain('planted-secret');
  });

  it('puts failed checks first and shows a change before it is made', async () => {
    const { acts } = openSetup('preflight', setupFixtures.whole);
    const lines = await screen.findAllByRole('listitem');
    const texts = lines.map((line) => line.textContent).filter((text) => /failed|unknown|caution/.test(text));
    expect(texts[0]).toContain('failed');
    await userEvent.click(screen.getByRole('button', { name: 'Disable the line…' }));
    expect(acted(acts)).toEqual([]);
    const effects = screen.getByRole('group', { name: 'What the change does' });
    await userEvent.click(within(effects).getByRole('button', { name: 'Disable the line' }));
    await waitFor(() => expect(acted(acts)).toEqual(['fix']));
  });

  it('counts what only a person can answer in its sentence until it was confirmed', async () => {
    openSetup('preflight', setupFixtures.whole);
    expect(await screen.findByText('Preflight: two things to fix, three things to look at')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Confirm' }));
    expect(await screen.findByText('Preflight: two things to fix, two things to look at')).toBeTruthy();
  });

  it('takes over one directory for both members and the storage, until another one is written', async () => {
    const { view } = openSetup('clusters', setupFixtures.whole);
    await userEvent.click(await screen.findByRole('button', { name: 'Add a cluster' }));
    const card = await screen.findByRole('region', { name: 'WK3' });
    const [first, second] = within(card).getAllByLabelText('Working directory');
    await userEvent.type(first!, '/iguana/wk3');
    await userEvent.type(second!, 'b');
    await userEvent.type(first!, 'a');
    await waitFor(() => {
      const added = view().draft.clusters[2]!;
      expect(added.members.map(({ workingDirectory }) => workingDirectory)).toEqual([
        '/iguana/wk3a',
        '/iguana/wk3b',
      ]);
      expect(added.directory).toBe('/iguana/wk3a');
    });
  });

  it('gives the engines of a second cluster a port of their own', async () => {
    const { view } = openSetup('clusters', setupFixtures.whole);
    await userEvent.click(await screen.findByRole('button', { name: 'Add a cluster' }));
    await waitFor(() => expect(view().draft.clusters.length).toBe(3));
    const ports = view().draft.clusters.map(({ members }) => members.map(({ apiPort }) => apiPort));
    expect(ports).toEqual([
      [6543, 6543],
      [6553, 6553],
      [6563, 6563],
    ]);
  });

  it('shows the recipe of a balancer that is kept by people as soon as its address is said', async () => {
    const { view } = openSetup('balancer', setupFixtures.whole);
    await userEvent.click(await screen.findByRole('radio', { name: /F5 BIG-IP/ }));
    expect(screen.getByText(/It is made from the clusters and the address/)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Storage' }));
    expect(screen.getAllByText(/The numeric address that the senders know is needed/).length).toBe(2);
    await userEvent.type(screen.getByLabelText('Address of the balancer'), '10.20.9.100');
    const recipe = await screen.findByRole('region', { name: 'Text: Objects of the site' });
    expect(recipe.textContent).toContain('destination /Common/10.20.9.100:7001');
    expect(screen.getByRole('button', { name: 'Copy Objects of the site' })).toBeTruthy();
    expect(screen.getByText(/Never at stake/)).toBeTruthy();
    await waitFor(() => expect(view().draft.balancer).toMatchObject({ kind: 'f5', address: '10.20.9.100' }));
  });

  it('lets an etcd keep the leases, and asks for what it needs', async () => {
    const { view, acts } = openSetup('lease-store', setupFixtures.whole);
    await userEvent.click(await screen.findByRole('radio', { name: /An etcd that you have/ }));
    await waitFor(() =>
      expect(view().draft.leaseStore).toMatchObject({ kind: 'etcd', prefix: '/ixha/clinic-north' }),
    );
    await userEvent.click(screen.getByRole('button', { name: 'Timing' }));
    expect(screen.getAllByText(/a renewal never waits for a name look-up/).length).toBeGreaterThan(0);
    await userEvent.type(screen.getByLabelText('User, where etcd has users'), 'ixha');
    await userEvent.type(screen.getByLabelText('Password of that user'), 'planted-secret{Enter}');
    await waitFor(() =>
      expect(acts.find(({ act }) => act === 'secret')).toMatchObject({ kind: 'etcd-password' }),
    );
    await userEvent.click(screen.getByRole('button', { name: 'Try it' }));
    await waitFor(() => expect(acted(acts)).toContain('check-etcd'));
  });

  it('shows what keeps an etcd from keeping the leases before what is well', async () => {
    openSetup('lease-store', setupFixtures['etcd-tried']);
    const card = await screen.findByRole('region', { name: 'Is it fit?' });
    const lines = within(card)
      .getAllByRole('listitem')
      .map(({ textContent }) => textContent);
    expect(lines[0]).toContain('that is no quorum');
    expect(lines.join('\n')).toContain('a confirmed write and read in 6 ms');
  });

  it('says that a balancer was not verified until somebody has done it', async () => {
    const { acts } = openSetup('baseline', setupFixtures.installed);
    expect(await screen.findByText('not verified yet')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Verify from outside' }));
    await waitFor(() => expect(acted(acts)).toEqual(['verify-balancer']));
  });

  it('shows whom the balancer does not send to the Active, with what to do', async () => {
    openSetup('baseline', setupFixtures['verified-balancer']);
    expect(await screen.findByText(/although its \/active says 503/)).toBeTruthy();
    expect(screen.getByText(/compare its health check with the recipe/)).toBeTruthy();
    expect(screen.getByText(/verified 90 s ago/)).toBeTruthy();
  });

  it('refuses the timing that was measured to be too fast, with its formula', async () => {
    openSetup('timing', setupFixtures.whole);
    expect(await screen.findByText('Refused here')).toBeTruthy();
    expect(screen.getByText('kill ≤ D')).toBeTruthy();
    expect(screen.queryByRole('radio', { name: 'Rapid' })).toBeNull();
    expect(screen.getByRole('button', { name: 'Use Normal' })).toBeTruthy();
  });

  it('never says that something took no time at all', async () => {
    const { measured } = setupFixtures.whole;
    const kill = { best: 0.0002, typical: 0.0003, worst: 0.0004 };
    openSetup('timing', {
      ...setupFixtures.whole,
      measured: { ...measured, times: { ...measured.times, kill } },
    });
    expect(await screen.findByText('< 1 ms')).toBeTruthy();
  });

  it('names each proof with its server once', async () => {
    const { installed } = setupFixtures;
    const titles = ['ig-north (WK1) answers over mutual TLS', 'refusal and kill of iguanax.service'];
    const steps = titles.map((title) => ({ ...installed.install.steps[0]!, server: 'ig-north', title }));
    openSetup('baseline', { ...installed, install: { ...installed.install, steps } });
    expect(await screen.findByText('ig-north (WK1) answers over mutual TLS')).toBeTruthy();
    expect(screen.getByText('ig-north: refusal and kill of iguanax.service')).toBeTruthy();
  });

  it('says of an unmeasured time that it is at least so long', async () => {
    openSetup('timing', setupFixtures.unmeasured);
    expect((await screen.findAllByText(/^≥ /)).length).toBeGreaterThan(0);
    expect(screen.getByText(/Nothing was measured on these servers yet/)).toBeTruthy();
  });

  it('keeps the lease store off the servers, with the reason beside them', async () => {
    openSetup('lease-store', setupFixtures.whole);
    expect((await screen.findAllByText(/the lease store dies with it/)).length).toBe(2);
    const machines = screen.getByRole('radiogroup', { name: 'Lease store' });
    const radios = within(machines).getAllByRole('radio');
    expect(radios.map((radio) => (radio as HTMLInputElement).disabled)).toEqual([true, true, false]);
  });

  it('asks what shall become of running engines before it takes everything off', async () => {
    const { acts } = openSetup('install', setupFixtures.stopped);
    await userEvent.click(await screen.findByRole('button', { name: 'Take everything off the servers…' }));
    expect(acted(acts)).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Stop them' }));
    await waitFor(() => expect(acted(acts)).toEqual(['remove']));
  });

  it('asks for a statement that a server which it cannot take anything off is lost, and removes with it', async () => {
    const silent = productError('install.leaver-silent', 'ig-south (short name south) cannot be reached.');
    const work = { ...setupFixtures.stopped.removal.work, state: 'failed' as const, errors: [silent] };
    const { acts } = openSetup('install', { ...setupFixtures.stopped, removal: { work, removed: [] } });
    await userEvent.click(await screen.findByRole('button', { name: 'Take everything off the servers…' }));
    await userEvent.click(screen.getByRole('button', { name: 'Let them run without protection' }));
    await userEvent.type(screen.getByLabelText('Short name of the server that is lost for good'), 'south');
    await userEvent.click(screen.getByRole('button', { name: 'It is lost for good' }));
    await waitFor(() => expect(acts.at(-1)).toEqual({ act: 'remove', engines: 'keep', gone: 'south' }));
  });

  it('shows exactly what a roll back of one server changes, and does it when its name is typed', async () => {
    const { stopped } = setupFixtures;
    const lines = ['removed: the program, /etc/ixha and /var/lib/ixha'];
    const plan = { ...stopped.removal.work, state: 'done' as const };
    const rollback = { ...stopped.rollback, server: 'north', lines, plan };
    const { acts } = openSetup('install', { ...stopped, rollback });
    expect(await screen.findByText(lines[0]!)).toBeTruthy();
    const button = screen.getByRole('button', { name: 'Put north back' });
    await userEvent.click(button);
    expect(acted(acts)).toEqual([]);
    await userEvent.type(screen.getByLabelText(/to confirm/), 'north');
    await userEvent.click(button);
    await waitFor(() => expect(acts.at(-1)).toEqual({ act: 'rollback', server: 'north' }));
  });

  it('tells of a first installation that was begun, what lies where, and both ways out of it', async () => {
    const servers = [
      {
        server: 'north',
        name: 'ig-north',
        placed: ['file /usr/bin/ixha'],
        stoppedAt: 'guard ixha-guard-1@WK1',
      },
      { server: 'south', name: 'ig-south', placed: [], stoppedAt: null },
    ];
    const begun = { at: '2026-03-14T04:31:24.000Z', servers };
    const { acts } = openSetup('balancer', { ...setupFixtures.resumed, begun });
    expect(await screen.findByText(/A first installation of Clinic North was begun/)).toBeTruthy();
    expect(screen.getByText('file /usr/bin/ixha')).toBeTruthy();
    expect(screen.getByText(/it stopped at: guard ixha-guard-1@WK1/)).toBeTruthy();
    expect(screen.getByRole('button', { name: /^Go on at/ })).toBeTruthy();
    const link = screen.getByRole('link', { name: 'Take everything off again, or one server back' });
    expect(link.getAttribute('href')).toBe('#/setup/install');
    window.location.hash = '#/setup/install';
    await userEvent.click(await screen.findByRole('button', { name: 'Take everything off the servers…' }));
    await userEvent.click(screen.getByRole('button', { name: 'Stop them' }));
    await waitFor(() => expect(acts.at(-1)).toEqual({ act: 'remove', engines: 'stop' }));
  });

  it('shows the servers in the order of the setup while they are installed, and that one has to wait', async () => {
    const { installing } = setupFixtures;
    const steps = installing.install.steps.toReversed();
    openSetup('install', { ...installing, install: { ...installing.install, steps } });
    await screen.findByText(/the installation is under way/);
    const servers = screen.getAllByRole('heading', { level: 2 }).map(({ textContent }) => textContent);
    expect(servers.filter((name) => name?.startsWith('ig-'))).toEqual(['ig-north', 'ig-south', 'ig-witness']);
  });

  it('shows where an installation stopped, and runs it again', async () => {
    const { acts } = openSetup('install', setupFixtures.stopped);
    expect(await screen.findByText(/the connection broke during the transfer/)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Run it again' }));
    await waitFor(() => expect(acted(acts)).toEqual(['install']));
  });

  it('goes on where it was left, and says that nothing is known of the servers', async () => {
    openSetup('', setupFixtures.resumed);
    await screen.findByText('What stands before the servers?');
    expect(window.location.hash).toBe('#/setup/balancer');
    expect(screen.getByText('The setup of Clinic North goes on where it was left')).toBeTruthy();
    expect(screen.getByText(/^Saved 2 h ago/)).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Reach them again' }).getAttribute('href')).toBe(
      '#/setup/servers',
    );
  });

  it('is offered by name from everywhere while it is not finished', async () => {
    const { page } = openSetup('', setupFixtures.resumed);
    await screen.findByText('What stands before the servers?');
    page.go('#/');
    expect(screen.getByRole('link', { name: 'Go on with the setup' }).getAttribute('href')).toBe('#/setup');
  });

  it('forgets what was said only after a second click, and begins with the servers', async () => {
    const { acts } = openSetup('storage', setupFixtures.resumed);
    await userEvent.click(await screen.findByRole('button', { name: 'Begin anew…' }));
    await userEvent.click(screen.getByRole('button', { name: 'Keep it' }));
    await userEvent.click(screen.getByRole('button', { name: 'Begin anew…' }));
    expect(acted(acts)).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Forget it, begin anew' }));
    await waitFor(() => expect(window.location.hash).toBe('#/setup/servers'));
    expect(acted(acts)).toEqual(['discard']);
  });

  it('puts the focus where one goes on: the first field of a new server, the sentence of a new step', async () => {
    const { page } = openSetup('servers', setupFixtures.whole);
    await userEvent.click(await screen.findByRole('button', { name: 'Add a server with IguanaX' }));
    const added = await screen.findByRole('region', { name: 'Server 4' });
    await waitFor(() => expect(document.activeElement).toBe(within(added).getByLabelText('Name')));
    page.go('#/setup/preflight');
    await waitFor(() => expect(document.activeElement?.textContent).toMatch(/^Preflight: /));
  });

  it('is reached from the navigation and from the command palette', async () => {
    openPage({ snapshot: fixtures.healthy(), answers: { getSetup: () => setupFixtures.empty } });
    await userEvent.click(screen.getByRole('link', { name: 'Set up a site' }));
    await waitFor(() => expect(window.location.hash).toBe('#/setup/servers'));
  });
});
