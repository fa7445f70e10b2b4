import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { fixtures } from '../screens/fixtures.ts';
import { serversFixtures } from '../screens/servers-fixtures.ts';
import { openPage } from './open-page.tsx';

/** Goal: a Passive that has nothing mounted says so, as what should be. Method: the page before a host that the test plays. */
const words = /rightly not mounted/i;

describe('a directory that is mounted on the Active only', () => {
  it('is told as rightly not mounted', async () => {
    openPage({ snapshot: fixtures.mounted(), hash: '#/cluster/WK1/topology' });
    expect((await screen.findAllByText(words)).length).toBeGreaterThan(0);
  });

  it('is proven on a server where another member is Active beside it', async () => {
    openPage({
      snapshot: fixtures.mounted(),
      hash: '#/servers',
      answers: { getServers: () => serversFixtures.rest },
    });
    const table = await screen.findByRole('region', { name: 'Servers and what they run' });
    const row = within(table).getByRole('row', { name: /ig-south/ });
    expect(row.textContent).toContain('proven');
    expect(row.textContent).not.toContain('not proven');
  });
});
