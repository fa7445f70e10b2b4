import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { productError, type ProductError } from '../../shared/errors.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { Identity } from '../../shared/site/identity.ts';
import { MemberConfig } from '../../shared/site/member-config.ts';
import { SiteDocument } from '../../shared/site/site-document.ts';
import { memberPorts } from '../../shared/site/site-rules.ts';
import { nodeFiles } from '../durable/files.ts';
import type { Credentials } from '../tls/credentials.ts';
import { durableRevocations, profileRevocations } from '../tls/revocation-files.ts';
import { Revocations } from '../tls/revocations.ts';
import { TargetsRefused, usableCredentials } from './usable-credentials.ts';

/** One agent to speak to, and as whom. */
export interface Target {
  readonly cluster: string;
  readonly server: string;
  readonly address: string;
  readonly port: number;
  readonly expected: Identity;
  readonly credentials: Credentials;
  readonly revocations: Revocations;
  /** On a server: who the person there says to be. */
  readonly administrator?: string;
}

const serverFolder = '/etc/ixha';

/**
 * Which agents a call speaks to: with a profile every member of the site, on a server its own members and,
 * where they can be reached with the member's certificate, nothing else.
 */
export function openTargets(
  profile: string | undefined,
  only: { readonly cluster: string | undefined; readonly server: string | undefined },
): Result<readonly Target[], ProductError> {
  let found: readonly Target[];
  try {
    found = profile === undefined ? ownTargets() : profileTargets(profile);
  } catch (error) {
    if (error instanceof TargetsRefused) return fail(error.error);
    return fail(
      productError('site.damaged', `The site's files cannot be used: ${(error as Error).message}.`),
    );
  }
  const wanted = found.filter(
    (target) =>
      (only.cluster === undefined || target.cluster === only.cluster) &&
      (only.server === undefined || target.server === only.server),
  );
  if (wanted.length > 0) return succeed(wanted);
  const known = [...new Set(found.map((target) => `${target.cluster} on ${target.server}`))];
  const asked = [only.cluster, only.server].filter((name) => name !== undefined).join(' on ');
  const next = `Use one of the members of this site: ${known.join(', ') || 'there is none'}.`;
  return fail(productError('request.invalid', `There is no member ${asked} here.`, [], next));
}

function readJson(path: string): unknown {
  // A pipe or a device in its place could be awaited for ever.
  if (!statSync(path).isFile()) throw new Error(`${path} is not a file`);
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path} is not readable JSON (${(error as Error).message})`, { cause: error });
  }
}

function profileTargets(profile: string): Target[] {
  const path = join(profile, 'site.json');
  if (!existsSync(path)) throw new TargetsRefused(productError('site.missing', `${path} does not exist.`));
  const parsed = SiteDocument.safeParse(readJson(path));
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new TargetsRefused(
      productError('site.damaged', `${path} is not a site document.`, fields.slice(0, 20)),
    );
  }
  const site = parsed.data;
  const credentials = usableCredentials(join(profile, 'console'), site.id);
  const revocations = new Revocations(credentials, profileRevocations(profile), sayAside);
  return site.clusters.flatMap((cluster) =>
    cluster.members.map((member): Target => {
      const server = site.servers.find((candidate) => candidate.id === member.server);
      return {
        cluster: cluster.id,
        server: member.server,
        address: server?.address ?? '',
        port: memberPorts(cluster, member).api,
        expected: { kind: 'member', site: site.id, cluster: cluster.id, server: member.server },
        credentials,
        revocations,
      };
    }),
  );
}

function ownTargets(): Target[] {
  if (!existsSync(serverFolder)) {
    throw new TargetsRefused(
      productError(
        'site.missing',
        `There is no agent on this machine (${serverFolder} does not exist) and no --profile was given.`,
      ),
    );
  }
  return readdirSync(serverFolder).flatMap((name) => {
    const path = join(serverFolder, name, 'member.json');
    if (!existsSync(path)) return [];
    return [memberTarget(MemberConfig.parse(readJson(path)))];
  });
}

/** The agent of one member on this machine, asked with that member's own certificate. Throws `TargetsRefused`. */
export function memberTarget({ siteId: site, cluster, server, listen, paths }: MemberConfig): Target {
  const credentials = usableCredentials(paths.certificates, site);
  return {
    cluster,
    server,
    address: listen.address,
    port: listen.apiPort,
    expected: { kind: 'member', site, cluster, server },
    credentials,
    revocations: new Revocations(credentials, durableRevocations(paths.state, nodeFiles), sayAside),
  };
}

/** Beside what is asked for, where whoever reads the output of a command does not look for it. */
const sayAside = (sentence: string) => console.error(sentence);
