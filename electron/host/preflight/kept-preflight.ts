import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { parseJson } from '../../../shared/parse-json.ts';
import type { PreflightCheck } from '../../../shared/preflight/preflight-check.ts';
import { KeptPreflight } from '../../../shared/readiness/kept-preflight.ts';
import { writeWhole } from '../write-whole.ts';

const fileName = 'preflight.json';

/** Keeps what a preflight found in the profile folder of its site: readiness is judged by it. */
export async function keepPreflight(
  profileDirectory: string,
  checks: readonly PreflightCheck[],
  wallTime: string,
): Promise<void> {
  await write(profileDirectory, { wallTime, checks: checks.map(keptForm) });
}

/** Puts findings that were looked at by themselves into what is kept, in place of the older ones of the same. */
export async function keepFindings(
  profileDirectory: string,
  checks: readonly PreflightCheck[],
  wallTime: string,
): Promise<void> {
  const before = (await keptPreflight(profileDirectory)) ?? { wallTime, checks: [] };
  const others = before.checks.filter(
    ({ id, what }) => !checks.some((check) => check.id === id && check.what === what),
  );
  const found = checks.map((check) => ({ ...keptForm(check), wallTime }));
  await write(profileDirectory, { ...before, checks: [...others, ...found] });
}

function keptForm({ id, server, subject, what, verdict, finding, remedy }: PreflightCheck) {
  return { id, server, subject, what, verdict, finding, remedy };
}

async function write(profileDirectory: string, kept: KeptPreflight): Promise<void> {
  await mkdir(profileDirectory, { recursive: true, mode: 0o700 });
  await writeWhole(join(profileDirectory, fileName), `${JSON.stringify(kept, null, 2)}\n`);
}

/** The last one that was kept; null: none, or it cannot be read. Then nothing counts as seen over SSH. */
export async function keptPreflight(profileDirectory: string): Promise<KeptPreflight | null> {
  const text = await readFile(join(profileDirectory, fileName), 'utf8').catch(() => '');
  const parsed = z.safeParse(KeptPreflight, parseJson(text));
  return parsed.success ? parsed.data : null;
}
