import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import { SiteDocument } from '../../../shared/site/site-document.ts';
import { SiteAccessFile, type SiteAccess } from '../install/server-access.ts';
import { writeWhole } from '../write-whole.ts';

/** A move of the lease store, kept in the profile folder until the next one: what an interrupted one goes on from. */
const MoveRecord = z.object({
  schema: z.literal(1),
  from: z.object({ site: SiteDocument, ways: SiteAccessFile }),
  to: z.object({ site: SiteDocument, ways: SiteAccessFile }),
  begunAt: z.string(),
  /** Null: it is under way, or was interrupted. */
  endedAt: z.nullable(z.string()),
  /** What became of it, line by line. */
  lines: z.array(z.string()),
});
export type MoveRecord = z.infer<typeof MoveRecord>;

const fileOf = (directory: string) => join(directory, 'store-move.json');

/** The last move from this profile folder; null: none is known. */
export async function readMove(directory: string): Promise<MoveRecord | null> {
  const text = await readFile(fileOf(directory), 'utf8').catch(() => '');
  const parsed = MoveRecord.safeParse(parseJson(text));
  return parsed.success ? parsed.data : null;
}

/** The move that has not ended; null: there is none. */
export async function openMove(directory: string): Promise<MoveRecord | null> {
  const last = await readMove(directory);
  return last?.endedAt === null ? last : null;
}

/** Why the servers are left to a move of the lease store that has not ended; null: there is none. */
export async function moveUnderWay(directory: string): Promise<ProductError | null> {
  const open = await openMove(directory);
  if (open === null) return null;
  const said = `A move of the lease store of ${open.to.site.id}, begun at ${open.begunAt}, has not ended: its servers look to different stores.`;
  return productError(
    'move.refused',
    said,
    [],
    'Go on with that move, or back, before anything else is changed.',
  );
}

/** Both ends of a move that has not ended, with the ways to their servers; empty: there is none. */
export async function endsOfOpenMove(
  directory: string,
): Promise<{ readonly site: SiteDocument; readonly ways: SiteAccess }[]> {
  const open = await openMove(directory);
  return open === null ? [] : [open.from, open.to];
}

/** The site of the last move is taken away: nothing of it is gone on with. */
export async function forgetMove(directory: string): Promise<void> {
  await rm(fileOf(directory), { force: true });
}

export async function writeMove(directory: string, record: MoveRecord): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeWhole(fileOf(directory), `${JSON.stringify(record, null, 2)}\n`);
}
