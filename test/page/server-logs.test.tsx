import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { CallFailure } from '../../renderer/ipc/console-client.ts';
import { productError } from '../../shared/errors.ts';
import type { ServersView } from '../../shared/servers/servers-view.ts';
import { fixtures } from '../screens/fixtures.ts';
import { logsFixture } from '../screens/logs-fixture.ts';
import { serversFixtures } from '../screens/servers-fixtures.ts';
import { openPage } from './open-page.tsx';

/** Goal: the logs of a server are read when asked for, and what is looked for is found in them. Method: the page before a host that the test plays. */
describe('the logs of a server', () => {
  function openLogs(answer: () => unknown = () => logsFixture, view: ServersView = serversFixtures.signedIn) {
    const asked: unknown[] = [];
    const bench = openPage({
      snapshot: fixtures.healthy(),
      hash: '#/servers',
      answers: {
        getServers: () => view,
        readServerLogs: (request) => {
          asked.push(request);
          return answer();
        },
      },
    });
    return { ...bench, asked };
  }
  const read = async () => userEvent.click(await screen.findByRole('button', { name: 'Read the logs' }));
  const shown = () =>
    within(screen.getByRole('list', { name: /^Log of/ }))
      .getAllByRole('listitem')
      .map(({ textContent }) => textContent);

  it('are read only when asked for, and tell how old they are', async () => {
    const { asked, pass } = openLogs();
    await screen.findByText('Logs');
    expect(asked).toEqual([]);
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Server' }), 'ig-south');
    await userEvent.click(screen.getByRole('radio', { name: '1 h' }));
    await read();
    await waitFor(() => expect(shown()).toHaveLength(logsFixture.lines.length));
    expect(asked).toEqual([{ server: expect.stringContaining('south') as string, sinceSeconds: 3_600 }]);
    pass(65_000);
    expect(screen.getByRole('region', { name: 'Logs' }).textContent).toContain('65 s ago');
  });

  it('are narrowed by words, by unit and to what is bad', async () => {
    openLogs();
    await read();
    await screen.findByText('9 lines');
    await userEvent.type(screen.getByLabelText('Only lines with'), 'ENGINE');
    expect(screen.getByText('4 of 9 lines')).toBeTruthy();
    await userEvent.click(screen.getByLabelText('Only warnings and errors'));
    expect(shown()).toEqual([
      expect.stringMatching(/caution: .*ixha-agent@WK1The engine has ended by itself/),
    ]);
    await userEvent.clear(screen.getByLabelText('Only lines with'));
    await userEvent.selectOptions(screen.getByLabelText('Unit'), 'iguanax-wk1');
    expect(shown()).toEqual([expect.stringMatching(/failed: .*code=killed/)]);
  });

  it('say why they cannot be had, and keep what was read before', async () => {
    let broken = false;
    openLogs(() => {
      if (broken) throw new CallFailure(productError('logs.not-told', 'ig-north tells no logs.'));
      return logsFixture;
    });
    await read();
    await screen.findByText('9 lines');
    broken = true;
    await userEvent.click(screen.getByRole('button', { name: 'Read again' }));
    expect(await screen.findByText(/ig-north tells no logs\./)).toBeTruthy();
    expect(shown()).toHaveLength(9);
  });

  it('are not asked of a server that nobody can sign in to yet', async () => {
    const { asked } = openLogs(undefined, serversFixtures.rest);
    const card = await screen.findByRole('region', { name: 'Logs' });
    expect(within(card).getByText(/a password for ig-north is needed/)).toBeTruthy();
    await userEvent.click(within(card).getByRole('button', { name: 'Read the logs' }));
    expect(asked).toEqual([]);
  });
});
