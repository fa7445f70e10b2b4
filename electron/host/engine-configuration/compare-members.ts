import {
  configurationDifference,
  type ConfigurationDifference,
  type ConfigurationListing,
} from '../../../shared/engine/configuration-difference.ts';
import type { ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { Cluster, Member } from '../../../shared/site/site-document.ts';
import type { CommandRunner } from '../ssh/server-connection.ts';
import { readListing } from './read-listing.ts';

/** A member with the way to its server. */
export interface ReachedMember<Connection extends CommandRunner = CommandRunner> {
  readonly member: Member;
  readonly connection: Connection;
}

/** Both members of a cluster; `first` is the one whose configuration is the right one. */
export interface ReachedPair<Connection extends CommandRunner = CommandRunner> {
  readonly cluster: Cluster;
  readonly first: ReachedMember<Connection>;
  readonly other: ReachedMember<Connection>;
}

export interface Compared {
  readonly difference: ConfigurationDifference;
  readonly listing: ConfigurationListing;
  /** Why it is not known whether they are equal, as a clause; null: it is. */
  readonly lack: string | null;
}

/** Reads both at once and compares them. Errors: ssh.*, server.*. */
export async function compareMembers({
  first,
  other,
}: ReachedPair): Promise<Result<Compared, ProductError[]>> {
  const listings = await Promise.all(
    [first, other].map(({ member, connection }) => readListing(connection, member.engine.workingDirectory)),
  );
  const errors = listings.flatMap((one) => (one.ok ? [] : [one.error]));
  const [own, others] = listings.flatMap((one) => (one.ok ? [one.value] : []));
  if (own === undefined || others === undefined) return fail(errors);
  const lacks = [
    ...(own.lack === null ? [] : [`${first.connection.name}: ${own.lack}`]),
    ...(others.lack === null ? [] : [`${other.connection.name}: ${others.lack}`]),
  ];
  return succeed({
    difference: configurationDifference(own, others),
    listing: own,
    lack: lacks.length === 0 ? null : lacks.join('; '),
  });
}
