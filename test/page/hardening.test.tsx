import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { CallFailure } from '../../renderer/ipc/console-client.ts';
import { productError } from '../../shared/errors.ts';
import type { HardeningRequest } from '../../shared/servers/hardening.ts';
import type { ServersView } from '../../shared/servers/servers-view.ts';
import { fixtures } from '../screens/fixtures.ts';
import { hardeningFixture } from '../screens/hardening-fixture.ts';
import { serversFixtures } from '../screens/servers-fixtures.ts';
import { openPage } from './open-page.tsx';

/** Goal: each unit's mark stands there with its age, and what is not known with its reason. Method: the page before a host that the test plays. */
describe('the hardening of the servers', () => {
  function openHardening(
    answer: (server: string) => unknown = hardeningFixture,
    view: ServersView = serversFixtures.signedIn,
  ) {
    const asked: string[] = [];
    const bench = openPage({
      snapshot: fixtures.healthy(),
      hash: '#/servers',
      answers: {
        getServers: () => view,
        readServerHardening: (request) => {
          const { server } = request as HardeningRequest;
          asked.push(server);
          return answer(server);
        },
      },
    });
    return { ...bench, asked };
  }
  const card = () => screen.findByRole('region', { name: 'Hardening' });
  const read = async () => userEvent.click(await screen.findByRole('button', { name: 'Read the hardening' }));
  const rows = async () =>
    within(await card())
      .getAllByRole('row')
      .slice(1)
      .map(({ textContent }) => textContent);

  it('is read only when asked for, of every server, and tells how old it is', async () => {
    const { asked, pass } = openHardening();
    await card();
    expect(asked).toEqual([]);
    expect((await rows()).every((row) => row.includes('not read yet'))).toBe(true);
    await read();
    await waitFor(async () => expect((await rows()).join()).toContain('3.6 of 10, OK'));
    expect(asked.length).toBe(new Set(asked).size);
    expect(asked.length).toBeGreaterThan(1);
    pass(65_000);
    expect((await card()).textContent).toContain('65 s ago');
  });

  it('marks what is more open than installed, and what is not known with its reason', async () => {
    openHardening();
    await read();
    await waitFor(async () => expect((await rows()).join()).toContain('6.4 of 10'));
    const told = await rows();
    expect(told.find((row) => row.includes('6.4'))).toContain(
      'caution: 6.4 of 10, MEDIUM; installed it has 3.6: look for a drop-in',
    );
    expect(told.find((row) => row.includes('ixha-guard-2'))).toContain(
      'unknown: not known: this unit is not on the server',
    );
  });

  it('keeps what was read of a server that is not reached any more, and says why nothing newer is known', async () => {
    let gone = false;
    openHardening((server) => {
      if (gone) throw new CallFailure(productError('server.unreachable', `${server} does not answer.`));
      return hardeningFixture(server);
    });
    await read();
    await screen.findByRole('button', { name: 'Read it again' });
    gone = true;
    await userEvent.click(screen.getByRole('button', { name: 'Read it again' }));
    await waitFor(async () => expect((await rows()).join()).toContain('does not answer.'));
    expect((await rows()).join()).toContain('3.6 of 10, OK');
  });

  it('is not asked of a server that nobody can sign in to yet', async () => {
    const { asked } = openHardening(undefined, serversFixtures.rest);
    expect((await rows()).join()).toContain('a password for ig-north is needed');
    await read();
    expect(asked.some((server) => server.includes('north'))).toBe(false);
  });
});
