import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { BalancerVerification } from '../../../shared/balancer/balancer-check.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import { writeWhole } from '../write-whole.ts';

const fileName = 'balancer-check.json';

/** Keeps what was seen through the balancer in the profile folder of its site. */
export async function keepVerification(
  profileDirectory: string,
  verification: BalancerVerification,
): Promise<void> {
  await mkdir(profileDirectory, { recursive: true, mode: 0o700 });
  await writeWhole(join(profileDirectory, fileName), `${JSON.stringify(verification, null, 2)}\n`);
}

/** The last one that was kept; null: none, or it cannot be read. Then the balancer counts as not verified. */
export async function keptVerification(profileDirectory: string): Promise<BalancerVerification | null> {
  const text = await readFile(join(profileDirectory, fileName), 'utf8').catch(() => '');
  const parsed = z.safeParse(BalancerVerification, parseJson(text));
  return parsed.success ? parsed.data : null;
}
