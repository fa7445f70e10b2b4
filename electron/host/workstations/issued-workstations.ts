import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { IssuedWorkstation } from '../../../shared/workstations/workstations-view.ts';
import { writeWhole } from '../write-whole.ts';

const IssuedFile = z.strictObject({ schema: z.literal(1), issued: z.array(IssuedWorkstation) });

/** Whom this workstation has invited, the newest last. Error: site.damaged. */
export async function issuedWorkstations(
  directory: string,
): Promise<Result<IssuedWorkstation[], ProductError>> {
  const text = await readFile(fileOf(directory), 'utf8').catch(() => null);
  if (text === null) return succeed([]);
  const read = IssuedFile.safeParse(parseJson(text));
  if (read.success) return succeed(read.data.issued);
  const next =
    'Restore it from its previous copy, or remove it: certificates stay good or revoked without it.';
  return fail(productError('site.damaged', `${fileOf(directory)} is no list of workstations.`, [], next));
}

export async function keepIssued(directory: string, issued: readonly IssuedWorkstation[]): Promise<void> {
  await writeWhole(fileOf(directory), `${JSON.stringify({ schema: 1, issued }, null, 2)}\n`);
}

function fileOf(directory: string): string {
  return join(directory, 'workstations.json');
}
