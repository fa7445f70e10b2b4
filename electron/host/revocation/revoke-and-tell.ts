import type { ProductError } from '../../../shared/errors.ts';
import { succeed, type Result } from '../../../shared/result.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import type { InstallInputs } from '../install/prepare-site.ts';
import type { RevokeOrder } from './revoke-order.ts';
import { revocationLines, revokeInSite, type RevokeChoice } from './revoke-site.ts';

/** Revokes certificates in the whole site; lines tell where the list is now. Errors: those of `revokeInSite`. */
export async function revokeAndTell(
  inputs: InstallInputs,
  { order, why, unprotected }: RevokeChoice,
): Promise<Result<string[], ProductError[]>> {
  const revoked = await revokeInSite(inputs, { order, why, unprotected });
  if (!revoked.ok) return revoked;
  return succeed([...revocationLines(revoked.value), ...beyondLines(inputs.document.site, order)]);
}

/** What else a server can prove itself with, which the site's authority has not issued. */
function beyondLines(site: SiteDocument, order: RevokeOrder): string[] {
  if (order.kind !== 'server') return [];
  const runs = site.clusters.filter(({ members }) => members.some(({ server }) => server === order.server));
  const copied = runs.filter(({ storage }) => storage.kind === 'copied').map(({ id }) => id);
  return [
    ...(site.leaseStore.kind === 'etcd' && runs.length > 0
      ? [
          `What ${order.server} signs in to the etcd with is not ended by this: etcd judges its clients itself. Revoke it there, put a new one into the site file, and install again.`,
        ]
      : []),
    ...(copied.length > 0 && order.lost
      ? [
          `The SSH key with which ${order.server} sends its copy of ${copied.join(', ')} is not ended by this: remove its line (ixha-copy ${site.id}) from authorized_keys of root on the other member.`,
        ]
      : []),
  ];
}
