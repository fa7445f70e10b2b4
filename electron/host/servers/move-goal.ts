import * as z from 'zod/mini';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { MoveTarget } from '../../../shared/servers/servers-view.ts';
import type { DraftServer } from '../../../shared/setup/draft.ts';
import { documentLeaseStore, idFromName } from '../../../shared/setup/site-from-draft.ts';
import { SiteDocument } from '../../../shared/site/site-document.ts';
import { siteRefusals } from '../../../shared/site/site-rules.ts';
import { serversInUse, siteDescription, waysOf, type SiteDescription } from '../install/install-file.ts';
import { SiteAccessFile } from '../install/server-access.ts';
import type { MoveRecord } from '../move-store/move-record.ts';
import type { ConsoleProfile } from '../profile/console-profile.ts';
import { draftSignIn } from '../setup/draft-target.ts';
import { fieldsInError } from '../zod-fields.ts';

type Before = Pick<ConsoleProfile, 'site' | 'access'>;

/**
 * The site as it shall be after a move of its lease store, with the ways to its servers. Errors: move.refused (no move is
 * under way, or the new store cannot be described), site.unsafe. Pure.
 */
export function moveGoal(
  before: Before,
  target: MoveTarget,
  open: MoveRecord | null,
): Result<SiteDescription, ProductError> {
  if (target.to === 'store') return withStore(before, target);
  if (open === null) return fail(productError('move.refused', 'No move of the lease store is under way.'));
  const end = target.to === 'goal' ? open.to : open.from;
  return succeed(siteDescription(end.site, end.ways));
}

function withStore(
  { site, access }: Before,
  { store, machine }: Extract<MoveTarget, { to: 'store' }>,
): Result<SiteDescription, ProductError> {
  const added = store.kind === 'witness' ? machine : null;
  const id = added === null ? null : machineId(added, site);
  const servers = added === null ? site.servers : [...site.servers, { id, ...placeOf(added) }];
  const leaseStore = documentLeaseStore(store, (chosen) => id ?? chosen);
  const parsed = z.safeParse(SiteDocument, { ...site, version: site.version + 1, servers, leaseStore });
  if (!parsed.success) {
    const said = 'The new lease store is not described completely.';
    return fail(productError('move.refused', said, fieldsInError(parsed.error)));
  }
  const goal = withoutIdle(site, parsed.data);
  const refusals = siteRefusals(goal);
  if (refusals.length > 0) {
    return fail(productError('site.unsafe', 'The lease store cannot be there.', refusals));
  }
  const { etcd: _before, ...kept } = access;
  const described = siteDescription(goal, {
    ...kept,
    access: {
      ...Object.fromEntries(Object.entries(kept.access).filter(([one]) => hasServer(goal, one))),
      ...(added !== null && id !== null && { [id]: { ...draftSignIn(added), sudo: added.ssh.sudo } }),
    },
    ...(store.kind === 'etcd' && { etcd: filesOf(store) }),
  });
  const ways = z.safeParse(SiteAccessFile, waysOf(described));
  if (ways.success) return succeed(described);
  const said = 'How the new machine is reached is not described completely.';
  return fail(productError('move.refused', said, fieldsInError(ways.error)));
}

/** Short name of a machine that the site does not have yet. Pure. */
export function machineId({ name }: Pick<DraftServer, 'name'>, site: SiteDocument): string {
  return idFromName(
    name,
    site.servers.map((server) => server.id),
  );
}

function placeOf({ name, address }: DraftServer) {
  return { name, address };
}

/** The server that kept the leases stays in the site only where it carries something else. */
function withoutIdle(before: SiteDocument, goal: SiteDocument): SiteDocument {
  const { leaseStore } = before;
  if (leaseStore.kind !== 'witness' || serversInUse(goal).includes(leaseStore.server)) return goal;
  return { ...goal, servers: goal.servers.filter(({ id }) => id !== leaseStore.server) };
}

function hasServer({ servers }: SiteDocument, id: string): boolean {
  return servers.some((server) => server.id === id);
}

function filesOf({
  authorityFile,
  certificateFile,
  keyFile,
}: Extract<Extract<MoveTarget, { to: 'store' }>['store'], { kind: 'etcd' }>) {
  return { authorityFile, certificateFile, keyFile };
}
