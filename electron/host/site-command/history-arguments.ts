import { fail, succeed, type Result } from '../../../shared/result.ts';
import { readSince } from '../../../shared/support/server-logs.ts';
import type { SiteCommand } from './commands.ts';
import type { Values } from './options.ts';
import { wrongOptions } from './wrong-options.ts';

const formatsKnown = ['json', 'csv'] as const;

/** What a person wants of the past, from the words of `site history`. The error is one line. Pure but for the clock. */
export function historyCommand(
  file: string | undefined,
  rest: readonly string[],
  values: Values,
  nowMs = Date.now(),
): Result<SiteCommand, string> {
  const { profile, json = false, ask = false, out, cluster = null, bundle = null } = values;
  const places = [file, profile, values.bundle].filter((place) => place !== undefined);
  if (rest.length > 0 || places.length === 0 || (bundle !== null && places.length > 1))
    return fail('history needs exactly one FILE, or --profile DIR, or --bundle BUNDLE');
  const wrong = wrongOptions('history', values) ?? wrongTogether(values);
  if (wrong !== undefined) return fail(wrong);
  const named = values.format === undefined ? [] : values.format.split(',');
  const formats = named.flatMap((name) => formatsKnown.find((one) => one === name) ?? []);
  if (formats.length < named.length) return fail(`--format ${values.format} is not known; choose json, csv`);
  const times = { at: values.at, and: values.and, from: values.from, to: values.to };
  const read = Object.entries(times).map(([name, text]) => [name, timeOf(text, nowMs)] as const);
  const [unread] = read.filter(([, time]) => time === undefined);
  if (unread !== undefined) {
    const said = times[unread[0] as keyof typeof times];
    return fail(`--${unread[0]} ${said} is no time; say 2026-05-01T08:00Z, or 10min, 2h, 3d for so long ago`);
  }
  const { at, and, from, to } = Object.fromEntries(read) as Record<keyof typeof times, string | null>;
  const common = { file: file ?? '', profile, json, ask, breakLock: undefined };
  const asked = { bundle, at, and, from, to, cluster, formats: [...new Set(formats)], out };
  return succeed({ ...common, verb: 'history', ...asked });
}

function wrongTogether({ at, and, from, to, format, cluster, out }: Values): string | undefined {
  const ofExport = [from, to, cluster, out].some((value) => value !== undefined);
  if (ofExport && format === undefined) return '--from, --to, --cluster and --out need --format json,csv';
  if (format !== undefined && (at !== undefined || and !== undefined))
    return '--at and --and look at instants; an export has --from and --to';
  return and !== undefined && at === undefined ? '--and needs --at TIME' : undefined;
}

/** ISO 8601 in UTC to the millisecond; null: nothing was said; undefined: it is no time. */
function timeOf(text: string | undefined, nowMs: number): string | null | undefined {
  if (text === undefined) return null;
  const since = readSince(text);
  if (since === null) return undefined;
  const ms = since.kind === 'ago' ? nowMs - since.seconds * 1000 : Date.parse(text);
  return new Date(ms).toISOString();
}
