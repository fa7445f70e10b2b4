import { setTimeout as pause } from 'node:timers/promises';
import { formatProductError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { Server, SiteDocument } from '../../../shared/site/site-document.ts';
import { logText, stillSince, type LogLine } from '../../../shared/support/server-logs.ts';
import type { ServerConnection } from '../ssh/server-connection.ts';
import { connectTo, logsOf } from '../support/read-logs.ts';
import type { ReachServer } from '../support/server-part.ts';
import { chosenServers } from './chosen-servers.ts';
import type { SiteCommand } from './commands.ts';

const followEveryMs = 2_000;

interface LogsPorts extends ReachServer {
  readonly signal: AbortSignal;
  /** One line of one server. */
  readonly say: (server: string, line: LogLine, text: string) => void;
  /** Something that could not be had while it goes on. */
  readonly warn: (text: string) => void;
}

/** One server while its logs are read. */
interface Followed {
  readonly server: Server;
  readonly beganMs: number;
  /** Null: there is none now. */
  connection: ServerConnection | null;
  cursor: string | null;
  /** It was told that nothing can be had. */
  isSilent: boolean;
  isDialling: boolean;
}

/**
 * `site logs`: what agents, guards and witness have written on one server or on all, by time, and what comes when it is
 * followed. A server that stops answering is told of, and followed again once it answers. Errors: request.invalid (no
 * such server), ssh.*, logs.not-told.
 */
export async function logsVerb(
  command: LogsCommand,
  site: SiteDocument,
  ports: LogsPorts,
): Promise<Result<string[], ProductError[]>> {
  const servers = chosenServers(site, command.server);
  if (!servers.ok) return fail([servers.error]);
  const all = servers.value.map(notReached);
  try {
    const first = await Promise.all(
      all.map(async (one) => {
        const reached = await connectTo(one.server, ports);
        if (!reached.ok) return reached;
        one.connection = reached.value;
        return look(one, reached.value, command);
      }),
    );
    const seen = first.flatMap((one) => (one.ok ? [one.value] : []));
    const errors = first.flatMap((one) => (one.ok ? [] : [one.error]));
    if (seen.length === 0) return fail(errors);
    tellByTime(seen, ports);
    for (const error of errors) ports.warn(formatProductError(error));
    for (const one of all) one.isSilent = !seen.some(({ followed }) => followed === one);
    return succeed(command.follow ? await follow(all, command, ports) : summary(seen));
  } finally {
    for (const { connection } of all) connection?.close();
  }
}

type LogsCommand = Extract<SiteCommand, { verb: 'logs' }>;

function notReached(server: Server): Followed {
  return {
    ...{ server, beganMs: performance.now() },
    ...{ connection: null, cursor: null, isSilent: false, isDialling: false },
  };
}

function summary(seen: readonly Look[]): string[] {
  const cut = seen.filter(({ isCut }) => isCut).map(({ followed }) => followed.server.name);
  const count = seen.reduce((sum, { lines }) => sum + lines.length, 0);
  return [
    count === 0 ? `Nothing was written in that time.` : `${count} lines.`,
    ...(cut.length > 0 ? [`Older lines of ${cut.join(', ')} were left out: --lines gives more.`] : []),
  ];
}

interface Look {
  readonly followed: Followed;
  readonly lines: readonly LogLine[];
  readonly isCut: boolean;
}

/** What came since the look before, or since the same beginning where nothing has come yet. */
async function look(
  followed: Followed,
  connection: ServerConnection,
  { since, lines }: Pick<LogsCommand, 'since' | 'lines'>,
): Promise<Result<Look, ProductError>> {
  const { cursor, beganMs } = followed;
  const from = stillSince(since, performance.now() - beganMs);
  const told = await logsOf(connection, { since: from, lines, after: cursor });
  if (!told.ok) return told;
  followed.cursor = told.value.cursor;
  return succeed({ followed, lines: told.value.lines, isCut: told.value.isCut });
}

/** Lines of several servers as one story. */
function tellByTime(looks: readonly Look[], { say }: Pick<LogsPorts, 'say'>): void {
  const all = looks.flatMap(({ followed: { server }, lines }) => lines.map((line) => ({ server, line })));
  for (const { server, line } of all.toSorted((one, other) => one.line.at.localeCompare(other.line.at))) {
    say(server.id, line, logText(line, server.name));
  }
}

/** Until it is called off. */
async function follow(
  servers: readonly Followed[],
  command: LogsCommand,
  ports: LogsPorts,
): Promise<string[]> {
  while (await pause(followEveryMs, true, { signal: ports.signal }).catch(() => false)) {
    const looks = await Promise.all(servers.map((one) => lookAgain(one, command, ports)));
    tellByTime(looks.flat(), ports);
  }
  return ['Called off.'];
}

async function lookAgain(one: Followed, command: LogsCommand, ports: LogsPorts): Promise<Look[]> {
  const { connection, server, isSilent } = one;
  if (connection === null) {
    void dial(one, ports);
    return [];
  }
  const told = await look(one, connection, command);
  one.isSilent = !told.ok;
  if (told.ok) {
    if (isSilent) ports.warn(`${server.name} tells its logs again.`);
    return [told.value];
  }
  if (!isSilent) ports.warn(formatProductError(told.error));
  connection.close();
  one.connection = null;
  return [];
}

/** Beside the looks at others, which do not wait for a server that is gone. */
async function dial(one: Followed, ports: LogsPorts): Promise<void> {
  if (one.isDialling) return;
  one.isDialling = true;
  const reached = await connectTo(one.server, ports);
  one.isDialling = false;
  if (!reached.ok) return;
  if (ports.signal.aborted) reached.value.close();
  else one.connection = reached.value;
}
