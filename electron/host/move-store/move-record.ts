import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { parseJson } from '../../../shared/parse-json.ts';
import { SiteDocument } from '../../../shared/site/site-document.ts';
import { SiteAccessFile } from '../install/server-access.ts';
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

export async function writeMove(directory: string, record: MoveRecord): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeWhole(fileOf(directory), `${JSON.stringify(record, null, 2)}\n`);
}
