import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { productError } from '../../shared/errors.ts';
import { formatMeasured } from '../../shared/fleet/age.ts';
import type { PatchAction, PatchView } from '../../shared/patching/patch-view.ts';
import { fixtures, type FixtureName } from '../screens/fixtures.ts';
import { patchFixtures, patchRun } from '../screens/patch-fixtures.ts';
import { serversFixtures } from '../screens/servers-fixtures.ts';
import { usualFixture } from '../screens/usual-fixture.ts';
import { openPage } from './open-page.tsx';

/** Goal: a person takes a server out, knows when it may be patched, and brings it back. Method: the page before a host that the test plays. */
function openPatch(fixture: FixtureName, view: PatchView = patchFixtures.none, act?: () => PatchView) {
  const acts: PatchAction[] = [];
  const page = openPage({
    snapshot: fixtures[fixture](),
    hash: '#/patch/ig-north',
    answers: {
      getServers: () => serversFixtures.rest,
      getPatch: () => view,
      readUsualTimes: usualFixture,
      actOnPatch: (request) => {
        acts.push((request as { action: PatchAction }).action);
        return act?.() ?? view;
      },
    },
  });
  return { acts, ...page };
}
const press = (name: string | RegExp) => userEvent.click(screen.getByRole('button', { name }));
const title = () => screen.getByRole('heading', { level: 1 }).textContent?.trim();
const step = () => document.querySelector('[aria-current="step"]')?.textContent;

describe('taking a server out of service', () => {
  it('is found from the servers, shows the plan of all clusters, and begins only with a reason', async () => {
    const running = patchFixtures.running;
    const { acts, go } = openPatch('healthy', patchFixtures.none, () => running);
    go('#/servers');
    await userEvent.click(screen.getByRole('link', { name: 'Patch ig-north' }));
    go('#/patch/ig-north');
    expect(title()).toBe('Take ig-north out of service, to patch it');
    expect(screen.getByText('Switch WK1 over to ig-south')).toBeTruthy();
    expect(screen.getByText('See that no engine runs on ig-north')).toBeTruthy();
    await press('Continue to confirm');
    await press('Take ig-north out of service');
    expect(acts).toEqual([]);
    await userEvent.type(screen.getByLabelText('Reason'), 'kernel patch');
    await press('Take ig-north out of service');
    await waitFor(() =>
      expect(acts).toEqual([
        { act: 'begin', server: 'ig-north', direction: 'out', minutes: 60, reason: 'kernel patch' },
      ]),
    );
    await waitFor(() => expect(title()).toBe('Taking ig-north out of service'));
    expect(step()).toContain('Moving away');
  });

  it('plans with the times that are usual on this site', async () => {
    const { calls } = openPatch('healthy');
    const { steps } = usualFixture().planned;
    const usual = formatMeasured(steps.reduce((sum, { medianMs }) => sum + medianMs, 0));
    expect(await screen.findByRole('cell', { name: usual })).toBeTruthy();
    for (const cluster of ['WK1', 'WK2'])
      expect(calls).toContainEqual({ name: 'readUsualTimes', request: { cluster, except: null } });
  });

  it('lists the blockers of every cluster and cannot be begun', async () => {
    const { acts } = openPatch('dead-server');
    expect(screen.getByText(/Where WK1 is Active is not known/)).toBeTruthy();
    await press('Continue to confirm');
    expect(step()).toContain('Blockers');
    expect(acts).toEqual([]);
  });

  it('tells why the host refused', async () => {
    openPatch('healthy', patchFixtures.none, () => {
      throw Object.assign(new Error(), {
        error: productError('patch.refused', 'ig-north cannot be taken out of service now.'),
      });
    });
    await press('Continue to confirm');
    await userEvent.type(screen.getByLabelText('Reason'), 'kernel patch');
    await press('Take ig-north out of service');
    expect(await screen.findByRole('alert')).toBeTruthy();
  });

  it('can be left and found again while it runs, and ended after its step', async () => {
    const { acts, go } = openPatch('healthy', patchFixtures.running);
    await waitFor(() => expect(title()).toBe('Taking ig-north out of service'));
    go('#/');
    go('#/patch/ig-north');
    expect(title()).toBe('Taking ig-north out of service');
    expect(screen.getByRole('link', { name: 'its steps' }).getAttribute('href')).toBe(
      '#/cluster/WK1/operation/op-20260314-0431',
    );
    await press('End after this step');
    expect(acts).toEqual([{ act: 'stop' }]);
  });

  it('says clearly that it may be patched, also to a console that did not do it, and while it is down', async () => {
    openPatch('patch-out-down');
    expect(title()).toBe('ig-north may be patched now');
    expect(screen.getByText('Asked for by admin-1: kernel patch')).toBeTruthy();
    expect(step()).toContain('Patch it');
    await press('Bring ig-north back…');
    expect(title()).toBe('Bring ig-north back');
    expect(screen.getByText('ig-north does not answer for WK1.')).toBeTruthy();
    await userEvent.keyboard('{Escape}');
    expect(title()).toBe('ig-north may be patched now');
  });

  it('never says so while only a part of it was done, and offers both ways on', async () => {
    openPatch('patch-part');
    expect(title()).toBe('ig-north is partly held out');
    expect(screen.queryByText(/may be patched now/)).toBeNull();
    await press('Go on taking it out…');
    const rows = within(screen.getByRole('table')).getAllByRole('row');
    expect(rows.map((row) => row.textContent).join()).not.toContain('Switch WK1 over');
  });

  it('says where it stopped and what stands, and goes on from there', async () => {
    openPatch('patch-moved', patchFixtures.stopped);
    await waitFor(() => expect(title()).toBe('Taking ig-north out of service has stopped'));
    expect(screen.getByRole('alert').textContent).toContain('WK1 is Active on ig-south');
    await press('Go on taking it out…');
    expect(title()).toBe('Take ig-north out of service, to patch it');
  });

  it('never calls an unknown outcome failed', async () => {
    const run = {
      ...patchRun(fixtures.healthy(), 'out', 0),
      state: 'unknown' as const,
      sentence: 'No answer.',
    };
    openPatch('healthy', { run });
    await waitFor(() => expect(title()).toBe('Taking ig-north out of service: outcome unknown'));
    expect(screen.getByText('Still watching')).toBeTruthy();
  });
});

describe('bringing a server back', () => {
  it('plans it, asks for it, and says when it is in service', async () => {
    const { acts } = openPatch('patch-out', patchFixtures.none, () => patchFixtures.back);
    await press('Bring ig-north back…');
    expect(screen.getByText('Move WK1 back to ig-north')).toBeTruthy();
    await press('Continue to confirm');
    await userEvent.type(screen.getByLabelText('Reason'), 'patched');
    await press('Bring ig-north back');
    await waitFor(() => expect(acts).toMatchObject([{ act: 'begin', direction: 'back', reason: 'patched' }]));
    await waitFor(() => expect(title()).toBe('ig-north is back in service'));
  });

  it('a viewer is shown the state, and no way to change it', () => {
    const snapshot = fixtures['patch-out']();
    snapshot.me = { name: 'viewer-1', role: 'viewer' };
    openPage({ snapshot, hash: '#/patch/ig-north' });
    expect(title()).toBe('ig-north may be patched now');
    expect(screen.queryByRole('button', { name: /Bring ig-north back/ })).toBeNull();
  });

  it('a server without members leads nowhere', () => {
    openPage({ snapshot: fixtures.healthy(), hash: '#/patch/ig-witness' });
    expect(title()).toBe('No cluster has a member on ig-witness');
  });
});
