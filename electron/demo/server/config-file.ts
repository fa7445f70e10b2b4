import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';

/**
 * Reads the JSON file named after `--config` on the command line. Throws with the broken fields: these
 * files are written by the program that starts this one, so a broken one is a mistake, not a bad day.
 */
export function configFromCommandLine<Schema extends z.core.$ZodType>(
  schema: Schema,
  argv: readonly string[],
): z.output<Schema> {
  const flag = argv.indexOf('--config');
  const path = flag >= 0 ? argv[flag + 1] : undefined;
  if (path === undefined) throw new Error('usage: --config FILE');
  const parsed = z.safeParse(schema, JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success) throw new Error(`${path}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
