import * as z from 'zod/mini';
import { parseJson } from '../../../shared/parse-json.ts';
import type { MeasuredTimes } from '../../../shared/setup/measured-times.ts';
import type { NotedTimes } from '../../../shared/preflight/engine-times-check.ts';
import { outputOf, type CommandRunner } from '../ssh/server-connection.ts';
import { spreadOf } from './measure-script.ts';

/** What the service manager notes of a unit in its journal, by its own ids of messages. */
const events = {
  '7d4958e842da4a758f6c1cdc7b36dcc5': 'starting',
  '39f53479d3a045ac8e11786248231fbf': 'started',
  de5b426a63be47a7b6ac3eaac82e2f6f: 'stopping',
  '9d1aaa27d60140bd96365438aad20286': 'stopped',
} as const;

/** The newest ones count: an engine of years ago was another one. */
const newest = 20;

/**
 * Prints of each unit (the arguments) its `Type`, and then the newest notes of the service manager about its starts and
 * stops as JSON. Reads only.
 */
export const engineTimesScript = String.raw`set -u
for unit in "$@"; do
  printf 'unit %s %s\n' "$unit" "$(systemctl show -p Type --value -- "$unit" 2>/dev/null)"
  timeout 20 journalctl --quiet --no-pager --output=json --output-fields=MESSAGE_ID --lines=200 \
    _PID=1 "UNIT=$unit" ${Object.keys(events)
      .map((id) => `MESSAGE_ID=${id}`)
      .join(' ')} 2>/dev/null
done
echo end`;

const Note = z.object({
  MESSAGE_ID: z.string(),
  _BOOT_ID: z.string(),
  __MONOTONIC_TIMESTAMP: z.string().check(z.regex(/^\d{1,18}$/)),
});
type Note = z.infer<typeof Note>;

/** What the journal of a server tells of these units, the newest last; null: it could not be read. */
export async function notedTimes(
  server: CommandRunner,
  units: readonly string[],
): Promise<NotedTimes | null> {
  const told = await outputOf(server, ['sh', '-c', engineTimesScript, 'ixha-engine-times', ...units], {
    what: 'reading how long engines started and stopped',
    privileged: true,
    timeoutMs: 60_000,
  });
  return told.ok && /^end$/m.test(told.value) ? readEngineTimes(told.value) : null;
}

/**
 * The times that the notes of a server tell. A start counts only of a service that says itself when it has started: of
 * any other the service manager notes the start of its program, which is no engine yet. Pure.
 */
export function readEngineTimes(output: string): NotedTimes {
  const times = { starts: [] as number[], stops: [] as number[] };
  let saysWhenStarted = false;
  let before: Note | null = null;
  for (const line of output.split('\n')) {
    const unit = /^unit \S+ ?(.*)$/.exec(line);
    if (unit) {
      saysWhenStarted = /^(?:notify|notify-reload|forking)$/.test(unit[1]!.trim());
      before = null;
      continue;
    }
    const note = z.safeParse(Note, parseJson(line));
    if (!note.success) continue;
    const span = before && spanOf(before, note.data);
    if (span?.what === 'start' && saysWhenStarted) times.starts.push(span.seconds);
    if (span?.what === 'stop') times.stops.push(span.seconds);
    before = note.data;
  }
  return { starts: times.starts.slice(-newest), stops: times.stops.slice(-newest) };
}

/** Two notes that follow each other, where they are the beginning and the end of the same thing. */
function spanOf(from: Note, to: Note): { readonly what: 'start' | 'stop'; readonly seconds: number } | null {
  if (from._BOOT_ID !== to._BOOT_ID) return null;
  const seconds = (Number(to.__MONOTONIC_TIMESTAMP) - Number(from.__MONOTONIC_TIMESTAMP)) / 1_000_000;
  const pair = `${eventOf(from)} ${eventOf(to)}`;
  if (seconds < 0) return null;
  if (pair === 'starting started') return { what: 'start', seconds };
  return pair === 'stopping stopped' ? { what: 'stop', seconds } : null;
}

function eventOf({ MESSAGE_ID }: Note): string | undefined {
  return (events as Readonly<Record<string, string>>)[MESSAGE_ID];
}

/** What all servers tell together, and where it comes from, as a sentence; null: their journals tell nothing. Pure. */
export function engineTimes(all: readonly NotedTimes[]): {
  readonly times: Pick<MeasuredTimes, 'engineStart' | 'engineStop'>;
  readonly source: string | null;
} {
  const starts = all.flatMap((one) => one.starts);
  const stops = all.flatMap((one) => one.stops);
  const times = { engineStart: spreadOf(starts), engineStop: spreadOf(stops) };
  if (starts.length + stops.length === 0) return { times, source: null };
  const said = `From the journals of the service managers: the last ${counted(starts.length, 'start')} and ${counted(stops.length, 'stop')} of these engines.`;
  const silent = ' These services do not say when they have started, so how long a start takes is not known.';
  return { times, source: starts.length > 0 ? said : `${said}${silent}` };
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
