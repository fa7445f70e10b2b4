import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { parseJson } from '../../../shared/parse-json.ts';
import { Server } from '../../../shared/site/site-document.ts';
import { writeWhole } from '../write-whole.ts';
import { usedServers, waysOf, type SiteDescription } from './install-file.ts';
import { siteAccessFields, type SiteAccess } from './server-access.ts';

const fileName = 'install-began.json';

const Touched = z.strictObject({ servers: z.array(Server), ...siteAccessFields });

/** Servers that an installation has begun to change and not yet ended, with the ways to them. */
export interface TouchedServers {
  readonly servers: readonly Server[];
  readonly ways: SiteAccess;
}

/** What earlier installations from this profile have left half-done; a damaged note is no note. */
export async function readTouched(profileDirectory: string): Promise<TouchedServers> {
  const text = await readFile(join(profileDirectory, fileName), 'utf8').catch(() => '');
  const touched = z.safeParse(Touched, parseJson(text));
  if (!touched.success) return { servers: [], ways: { access: {} } };
  const { servers, ...ways } = touched.data;
  return { servers, ways };
}

/** Notes every server of the site before it is changed, beside those that are noted already. */
export async function noteTouched(profileDirectory: string, document: SiteDescription): Promise<void> {
  const before = await readTouched(profileDirectory);
  const now = usedServers(document.site);
  const others = before.servers.filter(({ id }) => !now.some((server) => server.id === id));
  const ways = waysOf(document);
  const jumpHosts = { ...before.ways.jumpHosts, ...ways.jumpHosts };
  const touched: z.infer<typeof Touched> = {
    servers: [...others, ...now],
    access: { ...before.ways.access, ...ways.access },
    ...(Object.keys(jumpHosts).length > 0 && { jumpHosts }),
    ...(ways.revokedHostKeys && { revokedHostKeys: [...ways.revokedHostKeys] }),
  };
  await writeWhole(join(profileDirectory, fileName), `${JSON.stringify(touched, null, 2)}\n`);
}

/** The installation has come to its end: the site document tells the same. */
export async function forgetTouched(profileDirectory: string): Promise<void> {
  await rm(join(profileDirectory, fileName), { force: true });
}

/** Nothing of the product lies on these servers any more: without any other the installation is as if it had never begun. */
export async function forgetTakenBack(profileDirectory: string, bare: readonly string[]): Promise<void> {
  const { servers } = await readTouched(profileDirectory);
  if (servers.every(({ id }) => bare.includes(id))) await forgetTouched(profileDirectory);
}
