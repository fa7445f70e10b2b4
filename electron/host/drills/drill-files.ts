import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import {
  DrillRoutine,
  dueDrills,
  withInterval,
  type DrillInterval,
  type DueDrill,
} from '../../../shared/drills/drill-calendar.ts';
import { DrillRecord } from '../../../shared/drills/drill-record.ts';
import { interruptDrill, isLeft } from '../../../shared/drills/drill-verdict.ts';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { authorityMadeAt } from '../authority/site-authority.ts';
import type { ConsoleSite } from '../console-site.ts';
import { readKept, writeKept, type Kept } from '../kept-file.ts';
import { writeWhole } from '../write-whole.ts';

const recordsFolder = 'drills';
const routinesFile = 'drill-routines.json';

const Routines = z.array(DrillRoutine).check(z.maxLength(1_000));

/** Drills of a site, newest first. One that cannot be read is told by its name and left where it is. */
export interface ReadDrills {
  readonly records: DrillRecord[];
  readonly unreadable: readonly string[];
}

/**
 * Reads what is kept in a profile folder. A drill whose console is gone is told as interrupted; its file stays as it
 * was, until whoever runs it says more. Never rejects.
 */
export async function readDrills(profileDirectory: string, now: string): Promise<ReadDrills> {
  const folder = join(profileDirectory, recordsFolder);
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json'));
  const read = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name), 'utf8').catch(() => '');
      const parsed = z.safeParse(DrillRecord, parseJson(text));
      return parsed.success ? asLeft(parsed.data, now) : name;
    }),
  );
  const records = read.filter((one) => typeof one !== 'string');
  return {
    records: records.sort((one, other) => (one.startedAt < other.startedAt ? 1 : -1)),
    unreadable: read.filter((one) => typeof one === 'string'),
  };
}

function asLeft(record: DrillRecord, now: string): DrillRecord {
  if (!isLeft(record, now)) return record;
  return interruptDrill(record, record.aliveAt, 'The console that ran it ended before the drill did.');
}

/** Writes one drill as a whole, durably. Errors: drill.not-kept. */
export async function keepDrill(
  profileDirectory: string,
  record: DrillRecord,
): Promise<Result<void, ProductError>> {
  const folder = join(profileDirectory, recordsFolder);
  return keeping(folder, async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeWhole(join(folder, `${record.id}.json`), `${JSON.stringify(record)}\n`);
  });
}

/** How often drills shall be made, as people have said. */
export function readRoutines(profileDirectory: string, wallTime: string): Promise<Kept<DrillRoutine[]>> {
  return readKept(join(profileDirectory, routinesFile), Routines, { what: 'The plan of drills', wallTime });
}

/** The plan of drills as it stands now, what is due first, and what of it cannot be read. Never rejects. */
export async function readDue(
  profileDirectory: string,
  clusters: readonly string[],
  records: readonly DrillRecord[],
  now: string,
): Promise<{ readonly due: DueDrill[]; readonly trouble: ProductError | null }> {
  const [routines, madeAt] = await Promise.all([
    readRoutines(profileDirectory, now),
    readSiteMadeAt(profileDirectory),
  ]);
  return { due: dueDrills(clusters, routines.value ?? [], records, madeAt, now), trouble: routines.trouble };
}

/** When the site was made, by the certificate of its authority, which every workstation has; null: not known. */
export async function readSiteMadeAt(profileDirectory: string): Promise<string | null> {
  const pem = await readFile(join(profileDirectory, 'console/authority.pem'), 'utf8').catch(() => null);
  return pem === null ? null : authorityMadeAt(pem);
}

/** Keeps how often a drill shall be made, and answers the whole plan. Errors: drill.refused, drill.not-kept. */
export async function planInterval(
  { profileDirectory, watch }: Pick<ConsoleSite, 'profileDirectory' | 'watch'>,
  interval: DrillInterval,
  now: string,
): Promise<Result<DrillRoutine[], ProductError>> {
  const clusters = watch.site.clusters.map(({ id }) => id);
  if (!clusters.includes(interval.cluster)) {
    const said = `The site has no cluster ${interval.cluster}.`;
    return fail(productError('drill.refused', said, [], `Choose one of ${clusters.join(', ')}.`));
  }
  const before = await readRoutines(profileDirectory, now);
  const routines = withInterval(before.value ?? [], interval);
  const path = join(profileDirectory, routinesFile);
  const kept = await keeping(path, () => writeKept(path, routines));
  return kept.ok ? succeed(routines) : kept;
}

async function keeping(path: string, write: () => Promise<void>): Promise<Result<void, ProductError>> {
  try {
    await write();
    return succeed(undefined);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    return fail(productError('drill.not-kept', `${path} could not be written (${code ?? message}).`));
  }
}
