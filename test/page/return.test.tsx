import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { fixtures } from '../screens/fixtures.ts';
import { clusterOf } from '../screens/site-fixture.ts';
import { openPage } from './open-page.tsx';

/** Goal: a member that has come back is shown beside the other one. Method: the page before a host that the test plays. */
test('shows what differs, what it means and what happens, without asking anything of a member that takes part', () => {
  const snapshot = fixtures.healthy();
  clusterOf(snapshot, 'WK1').members[1]!.snapshot!.productVersion = '0.0.9';
  const page = openPage({ snapshot, hash: '#/cluster/WK1/readmit/ig-south' });
  const rows = within(screen.getByRole('table')).getAllByRole('row');
  const agent = rows.find((row) => row.textContent.includes('version 0.0.9'))!;
  expect(agent.textContent).toContain('upgrade the older one');
  expect(screen.getByText(/takes part as Passive again/)).toBeTruthy();
  expect(page.calls.map(({ name }) => name)).not.toContain('readmit');
});

test('stands beside the confirmation of a member that waits for a person', () => {
  const snapshot = fixtures['forced-out']();
  const out = clusterOf(snapshot, 'WK1').members.find((one) => one.snapshot?.forced?.readmission != null)!;
  openPage({ snapshot, hash: `#/cluster/WK1/readmit/${out.server}` });
  expect(screen.getByText('What differs')).toBeTruthy();
  expect(screen.getByText(/Until a person re-admits it/)).toBeTruthy();
});
