import {
  configurationDifference,
  differenceSum,
  differenceWords,
  isSameConfiguration,
  type ConfigurationDifference,
  type ConfigurationListing,
} from '../engine/configuration-difference.ts';
import { inStorageWords } from '../engine/configuration-place.ts';
import { isWithin } from '../site/plain-path.ts';
import type { ExpectedEngine } from './expected-server.ts';
import { passed, toLookAt, unknownCheck, type PreflightCheck } from './preflight-check.ts';

/** One member's engine, and what was read of its configuration; null: nothing had to be read, or it could not. */
export interface LookedEngine {
  readonly server: string;
  readonly engine: ExpectedEngine;
  readonly listing: ConfigurationListing | null;
}

/** Whether nothing has to be read of it. Pure. */
export function liesInStorage({ workingDirectory, storage }: ExpectedEngine): boolean {
  return isWithin(workingDirectory, storage.directory);
}

/** By what the finding of a cluster is known among those of a preflight. */
export function configurationCheckName(cluster: string) {
  return { id: 'engine-configuration', what: `configuration of the engines of ${cluster}` };
}

/** Whether both members of a cluster would run with the same configuration. Pure. */
export function configurationCheck(
  cluster: string,
  [one, other]: readonly [LookedEngine, LookedEngine],
): PreflightCheck {
  const subject = `${one.server}, ${other.server}`;
  const name = { ...configurationCheckName(cluster), subject };
  if (liesInStorage(one.engine) && liesInStorage(other.engine))
    return passed(name, inStorageWords({ isCopied: one.engine.storage.copied !== undefined }));
  const lacks = [one, other].flatMap(({ server, listing }) =>
    listing === null
      ? [`${server} did not tell it`]
      : listing.lack === null
        ? []
        : [`${server}: ${listing.lack}`],
  );
  if (lacks.length > 0 || one.listing === null || other.listing === null)
    return unknownCheck(name, lacks.join('; '), 'Compare the working directories of both engines by hand.');
  const difference = configurationDifference(one.listing, other.listing);
  return differenceCheck(cluster, difference, { first: one.server, other: other.server });
}

/** The finding of two configurations that were both read. Pure. */
export function differenceCheck(
  cluster: string,
  difference: ConfigurationDifference,
  names: { readonly first: string; readonly other: string },
): PreflightCheck {
  const name = { ...configurationCheckName(cluster), subject: `${names.first}, ${names.other}` };
  if (isSameConfiguration(difference))
    return passed(
      name,
      `${difference.same === 1 ? '1 file is' : `${difference.same} files are`} the same on both`,
    );
  const remedy =
    'Look whose is the right one, then copy it from the Active: npm run site -- configuration FILE --cluster ID --copy.';
  const evidence = differenceWords(difference, names);
  return toLookAt(name, `on ${names.other}, beside ${names.first}: ${differenceSum(difference)}`, remedy, {
    evidence,
  });
}
