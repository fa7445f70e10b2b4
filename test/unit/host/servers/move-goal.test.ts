import { describe, expect, it } from 'vitest';
import type { SiteAccess } from '../../../../electron/host/install/server-access.ts';
import { moveRefusals } from '../../../../electron/host/move-store/move-refusals.ts';
import { moveGoal } from '../../../../electron/host/servers/move-goal.ts';
import { emptyMoveForm, moveTargetOf, type MoveForm } from '../../../../shared/servers/move-form.ts';
import type { SiteDocument } from '../../../../shared/site/site-document.ts';
import { sampleSite } from '../install/install-samples.ts';

/** Goal: what a person says of the next store becomes a site that differs in nothing else. Method: forms and their goals. */
const site: SiteDocument = sampleSite();
const way = { user: 'root', port: 22, sudo: 'root', identityFile: '/key' } as const;
const access: SiteAccess = { access: Object.fromEntries(site.servers.map(({ id }) => [id, way])) };
const fingerprint = `SHA256:${'A'.repeat(43)}`;

function goalOf(part: Partial<MoveForm>) {
  return moveGoal({ site, access }, moveTargetOf({ ...emptyMoveForm(site.id), ...part }), null);
}

function machine(hostKey: string | null): MoveForm['machine'] {
  const empty = emptyMoveForm(site.id).machine;
  const login = { kind: 'key', file: '/home/me/key' } as const;
  return { ...empty, name: 'New witness', address: '192.0.2.77', ssh: { ...empty.ssh, login, hostKey } };
}

describe('where a lease store moves to', () => {
  it('is another server of the site, and nothing else changes', () => {
    const goal = goalOf({ kind: 'server', server: 'lb' });
    expect(goal).toMatchObject({
      ok: true,
      value: {
        site: { version: site.version + 1, leaseStore: { kind: 'witness', server: 'lb', port: 7660 } },
      },
    });
    if (goal.ok) expect(moveRefusals(site, goal.value.site)).toEqual([]);
  });

  it('is a machine that the site did not have, reached by the key that was compared', () => {
    const goal = goalOf({ kind: 'machine', machine: machine(fingerprint) });
    if (!goal.ok) throw new Error(goal.error.message);
    const { servers, leaseStore } = goal.value.site;
    expect(leaseStore).toEqual({ kind: 'witness', server: 'New-witness', port: 7660 });
    expect(servers.at(-1)).toEqual({ id: 'New-witness', name: 'New witness', address: '192.0.2.77' });
    expect(servers.some(({ id }) => id === 'third')).toBe(false);
    expect(goal.value.access['New-witness']).toMatchObject({
      hostKey: fingerprint,
      identityFile: '/home/me/key',
    });
    expect(goal.value.access['third']).toBeUndefined();
    expect(moveRefusals(site, goal.value.site)).toEqual([]);
  });

  it('is never a machine whose key nobody has compared, or one at the address of a member', () => {
    expect(goalOf({ kind: 'machine', machine: machine(null) })).toMatchObject({
      error: { code: 'move.refused' },
    });
    const twin = { ...machine(fingerprint), address: site.servers[0]!.address };
    expect(goalOf({ kind: 'machine', machine: twin })).toMatchObject({ error: { code: 'site.unsafe' } });
  });

  it('is never a member of a cluster', () => {
    expect(goalOf({ kind: 'server', server: 'north' })).toMatchObject({ error: { code: 'site.unsafe' } });
  });

  it('is an etcd, with its files', () => {
    const etcd = {
      ...emptyMoveForm(site.id).etcd,
      ...{ authorityFile: '/a', certificateFile: '/c', keyFile: '/k' },
    };
    const goal = goalOf({ kind: 'etcd', etcd, endpoints: '192.0.2.51:2379' });
    expect(goal).toMatchObject({
      ok: true,
      value: {
        site: { leaseStore: { kind: 'etcd', prefix: `/ixha/${site.id}` } },
        etcd: { authorityFile: '/a', certificateFile: '/c', keyFile: '/k' },
      },
    });
  });

  it('leads nowhere while no move is under way', () => {
    expect(moveGoal({ site, access }, { to: 'goal' }, null)).toMatchObject({
      error: { code: 'move.refused' },
    });
  });
});
