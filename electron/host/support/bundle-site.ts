import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import { serverOrder } from '../../../shared/upgrade/upgrade-order.ts';
import { wordsOf } from '../../../shared/support/allowed-text.ts';
import {
  bundleEntries,
  bundleLines,
  type BundleMeans,
  type BundlePart,
} from '../../../shared/support/bundle-entries.ts';
import { tarArchive } from '../../../shared/support/tar.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import { usedServers } from '../install/install-file.ts';
import type { ServerConnection } from '../ssh/server-connection.ts';
import { consolePart } from './console-part.ts';
import { serverPart, type ReachServer } from './server-part.ts';
import { writeNewFile } from '../write-new-file.ts';

export interface SupportInputs extends ReachServer {
  readonly site: SiteDocument;
  readonly ask: AskAgent | null;
  readonly profileDirectory: string;
  readonly productVersion: string;
  /** Text of the agents' program: the words of its sentences may stand in a bundle. */
  readonly programText: string;
  /** Calls the collection off; nothing is written then. */
  readonly signal: AbortSignal;
  /** Called when the part of one server is there. */
  readonly onPart: (part: BundlePart) => void;
}

export interface MadeBundle {
  readonly path: string;
  readonly bytes: number;
  /** For people: what is in it, and what could not be had. */
  readonly lines: readonly string[];
}

const zip = promisify(gzip);

/**
 * Collects from every server of a site at once and writes one archive. What cannot be had is named in it; it is made
 * of whatever there is. Errors: support.not-written.
 */
export async function bundleSite(
  inputs: SupportInputs,
  out: string,
): Promise<Result<MadeBundle, ProductError>> {
  const parts = await collectSite(inputs);
  if (parts === null)
    return fail(productError('support.not-written', 'It was called off. Nothing was written.'));
  const madeAt = new Date().toISOString();
  const about = { site: inputs.site.id, madeAt, productVersion: inputs.productVersion };
  const folder = basename(out).replace(/\.tar\.gz$|\.tgz$/, '');
  const seconds = Math.floor(Date.parse(madeAt) / 1000);
  const archive = await zip(tarArchive(bundleEntries(about, parts, computing), folder, seconds));
  const written = await writeNewFile(out, archive, inputs.signal);
  if (!written.ok) return fail(productError('support.not-written', written.error));
  return succeed({
    path: out,
    bytes: archive.byteLength,
    lines: bundleLines(out, archive.byteLength, parts),
  });
}

/** The parts of the workstation and of every server; null: called off. */
async function collectSite(inputs: SupportInputs): Promise<BundlePart[] | null> {
  const { site, signal } = inputs;
  const allowed = { words: wordsOf(inputs.programText), names: namesOf(site) };
  const opened: ServerConnection[] = [];
  const calledOff = Promise.withResolvers<null>();
  const stop = () => calledOff.resolve(null);
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  const servers = usedServers(site);
  const withAgents = serverOrder(site, new Map());
  const told = async (part: Promise<BundlePart>) => {
    inputs.onPart(await part);
    return part;
  };
  const parts = Promise.all([
    told(consolePart({ ...inputs, allowed })),
    ...servers.map((server) => told(serverPart(server, inputs, opened, withAgents.includes(server.id)))),
  ]);
  try {
    return await Promise.race([parts, calledOff.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
    for (const connection of opened) connection.close();
  }
}

function namesOf(site: SiteDocument): Set<string> {
  return new Set([
    site.id,
    ...site.servers.flatMap(({ id, name, address }) => [id, address, ...name.split(/\s+/)]),
    ...site.clusters.flatMap(({ id, storage, members }) => [
      id,
      storage.directory,
      ...members.map(({ engine }) => engine.service.unit),
    ]),
  ]);
}

const computing: BundleMeans = {
  encode: (text) => Buffer.from(text),
  sha256: (content) => createHash('sha256').update(content).digest('hex'),
};
