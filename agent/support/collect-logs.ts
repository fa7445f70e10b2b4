import { parseArgs } from 'node:util';
import { allowText, wordsOf, type AllowedWords } from '../../shared/support/allowed-text.ts';
import { siteNames } from '../../shared/support/config-fields.ts';
import { logLimits, type LogLine, type ServerLogs } from '../../shared/support/server-logs.ts';
import { parseJson } from '../../shared/parse-json.ts';
import { productVersion } from '../version.ts';
import { engineUnits, ownUnits } from './collect-support.ts';
import { ownParts } from './own-members.ts';
import { whyNot, type SupportMeans } from './support-scene.ts';

/** From when on, or after which line, and how many at most. */
interface LogOrder {
  /** As `journalctl --since` reads it: `-600s` or `@SECONDS`. */
  readonly since: string;
  /** Lines after this one; it wins over `since`. */
  readonly after: string | undefined;
  readonly lines: number;
}

/** `--since -600s|@SECONDS --after CURSOR --lines N`; null: used wrongly. */
export function logOrderOf(args: readonly string[]): LogOrder | null {
  try {
    const options = {
      since: { type: 'string' },
      after: { type: 'string' },
      lines: { type: 'string' },
    } as const;
    const { values } = parseArgs({ args: [...args], options, strict: true });
    const { since = '-600s', after, lines = '500' } = values;
    const isRight =
      /^(-\d{1,9}s|@-?\d{1,12})$/.test(since) &&
      /^\d{1,4}$/.test(lines) &&
      (after === undefined || /^[A-Za-z0-9=;:_-]{1,500}$/.test(after));
    if (!isRight) return null;
    return { since, after, lines: Math.min(Number(lines), logLimits.lines) };
  } catch {
    return null;
  }
}

/**
 * The logs of agents, guards and witness on this server, in the order of their journal, and of engines what the service
 * manager says: an engine's own output may hold messages. Every line is let through word by word, as in a support
 * bundle. Only looks.
 *
 * @param programText the text of the product's own program, whose words may leave the server
 */
export async function collectLogs(
  means: SupportMeans,
  programText: string,
  order: LogOrder,
): Promise<ServerLogs> {
  const own = ownParts(means);
  const allowed = { words: wordsOf(programText), names: siteNames(own) };
  const [units, engines] = [ownUnits(own), engineUnits(own)];
  const about = { schema: 1, productVersion, wallTime: new Date().toISOString() } as const;
  const none = { ...about, units: [...units, ...engines], lines: [], cursor: null, isCut: false };
  if (units.length === 0) return { ...none, missing: [...own.missing] };
  const from = order.after === undefined ? ['--since', order.since] : ['--after-cursor', order.after];
  // One more than wanted tells whether there are more.
  const limits = ['-n', String(order.lines + 1), '-o', 'json', '--no-pager', '-q'];
  try {
    const told = await means.run('journalctl', [...from, ...limits, ...matches(units, engines)]);
    const entries = told.split('\n').flatMap((line) => entryOf(parseJson(line)));
    const kept = entries.slice(-order.lines);
    return {
      ...none,
      lines: kept.map((entry) => lineOf(entry, allowed)),
      cursor: kept.at(-1)?.cursor ?? order.after ?? null,
      isCut: entries.length > kept.length,
      missing: [...own.missing],
    };
  } catch (error) {
    return { ...none, missing: [...own.missing, { what: 'the logs of its units', why: whyNot(error) }] };
  }
}

/** Our units whole, with what the service manager says of them; of engines only the latter. */
function matches(units: readonly string[], engines: readonly string[]): string[] {
  const alternatives = [
    ...units.map((unit) => [`_SYSTEMD_UNIT=${unit}`]),
    ...[...units, ...engines].map((unit) => [`UNIT=${unit}`, '_PID=1']),
  ];
  return alternatives.flatMap((match, index) => (index === 0 ? match : ['+', ...match]));
}

interface Entry {
  readonly cursor: string;
  readonly microseconds: number;
  readonly unit: string;
  readonly priority: number | null;
  readonly pid: number | null;
  readonly message: string | null;
}

function entryOf(value: unknown): Entry[] {
  if (typeof value !== 'object' || value === null) return [];
  const field = (name: string) => (value as Record<string, unknown>)[name];
  const [cursor, microseconds] = [field('__CURSOR'), Number(field('__REALTIME_TIMESTAMP'))];
  const unit = field('UNIT') ?? field('_SYSTEMD_UNIT');
  if (typeof cursor !== 'string' || typeof unit !== 'string' || !Number.isFinite(microseconds)) return [];
  const [priority, pid, message] = [Number(field('PRIORITY')), Number(field('_PID')), field('MESSAGE')];
  return [
    {
      ...{ cursor, microseconds, unit },
      priority: field('PRIORITY') !== undefined && Number.isFinite(priority) ? priority : null,
      pid: pid || null,
      message: typeof message === 'string' ? message : null,
    },
  ];
}

function lineOf({ microseconds, unit, priority, pid, message }: Entry, allowed: AllowedWords): LogLine {
  return {
    at: new Date(microseconds / 1000).toISOString(),
    ...{ unit, priority, pid },
    // A line that is no text, or none at all, is still seen to be there.
    text: message === null ? '' : allowText(message.slice(0, logLimits.characters), allowed),
  };
}
