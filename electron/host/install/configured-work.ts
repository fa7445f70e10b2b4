import type { ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import {
  keepConfiguration,
  keptConfiguration,
  signedConfiguration,
  type SignedConfiguration,
} from '../configuration/kept-configuration.ts';
import { nextConfiguration } from '../configuration/next-configuration.ts';
import type { KeyPairPem } from '../authority/site-authority.ts';
import type { InstallInputs } from './prepare-site.ts';
import { serverPaths } from './server-paths.ts';
import { inParallel, type ServerWork } from './server-work.ts';
import { aloneOnServers, workerName } from './site-lock.ts';
import { recorded, type RecordProgress } from './transcript.ts';

/** One work on servers that carry the site's configuration. */
export interface ConfiguredWork {
  /** For whoever else wants to work there. */
  readonly what: string;
  readonly works: readonly ServerWork[];
  readonly authority: KeyPairPem;
  readonly record: RecordProgress;
}

/** Writes down, here and on every server, which configuration the servers have from now on. */
export type PlaceConfiguration = () => Promise<Result<unknown, ProductError[]>>;

/**
 * Does a work while nobody else works on these servers, and only if nobody else has installed another site document
 * since the one that this workstation builds upon. Errors: site.locked, site.newer with the fields that differ, ssh.*.
 */
export function onConfiguredServers<Value>(
  inputs: InstallInputs,
  { what, works, authority, record }: ConfiguredWork,
  work: (place: PlaceConfiguration) => Promise<Result<Value, ProductError[]>>,
): Promise<Result<Value, ProductError[]>> {
  const { profileDirectory, document, breakLock } = inputs;
  const connections = works.map(({ connection }) => connection);
  return aloneOnServers(connections, what, breakLock, async () => {
    const numbered = await numberedConfiguration({ profileDirectory, document }, works, authority);
    if (!numbered.ok) return numbered;
    const { kept, next } = numbered.value;
    return work(async () => {
      if (kept?.text !== next.text) await keepConfiguration(profileDirectory, next);
      return inParallel(works.filter(carries), (one) => place(one, next, record));
    });
  });
}

/** What the servers would carry after this work, and what this workstation builds upon. Only looks. Errors: site.newer, ssh.*. */
export async function numberedConfiguration(
  { profileDirectory, document }: Pick<InstallInputs, 'profileDirectory' | 'document'>,
  works: readonly ServerWork[],
  authority: KeyPairPem,
): Promise<
  Result<{ readonly kept: SignedConfiguration | null; readonly next: SignedConfiguration }, ProductError[]>
> {
  const carried = await carriedConfigurations(works, document.site.id, authority.certificatePem);
  if (!carried.ok) return carried;
  const kept = await keptConfiguration(profileDirectory, document.site.id, authority.certificatePem);
  const maker = { made: new Date().toISOString(), by: workerName() };
  const next = nextConfiguration({ wanted: document.site, kept, carried: carried.value }, authority, maker);
  return next.ok ? succeed({ kept, next: next.value }) : fail([next.error]);
}

/** What the servers carry; a file that is none of this site's authority counts as none. Errors: ssh.*. */
export async function carriedConfigurations(
  works: readonly ServerWork[],
  site: string,
  authorityPem: string,
): Promise<Result<SignedConfiguration[], ProductError[]>> {
  const seen = await inParallel(works.filter(carries), async ({ connection }) => {
    const read = await connection.run(['cat', '--', serverPaths.siteConfiguration], { privileged: true });
    return read.ok ? succeed(signedConfiguration(read.value.stdout, site, authorityPem)) : read;
  });
  return seen.ok ? succeed(seen.value.filter((one) => one !== null)) : seen;
}

/** A balancer has no files of ours that know of the site. */
function carries({ wanted }: ServerWork): boolean {
  return wanted.units.length > 0;
}

function place(
  { connection, wanted }: ServerWork,
  { text, configuration: { number } }: SignedConfiguration,
  record: RecordProgress,
): Promise<Result<boolean, ProductError>> {
  const path = serverPaths.siteConfiguration;
  return recorded(record, wanted.server.id, `configuration ${number} of the site`, async () => {
    const present = await connection.run(['cat', '--', path], { privileged: true });
    if (!present.ok) return present;
    if (present.value.stdout === text) return succeed(false);
    const placed = await connection.upload(
      { kind: 'content', content: text },
      { path, mode: '0644', owner: 'root:root' },
    );
    return placed.ok ? succeed(true) : placed;
  });
}
