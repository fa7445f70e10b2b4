import { setTimeout as pause } from 'node:timers/promises';
import { formatProductError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { Server, SiteDocument } from '../../../shared/site/site-document.ts';
import { logText, type LogLine } from '../../../shared/support/server-logs.ts';
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
  readonly connection: ServerConnection;
  cursor: string | null;
}

/**
 * `site logs`: what agents, guards and witness have written on one server or on all, by time, and what comes when it is
 * followed. Errors: request.invalid (no such server), ssh.*, logs.not-told.
 */
export async function logsVerb(
  command: Extract<SiteCommand, { verb: 'logs' }>,
  site: SiteDocument,
  ports: LogsPorts,
): Promise<Result<string[], ProductError[]>> {
  const servers = chosenServers(site, command.server);
  if (!servers.ok) return fail([servers.error]);
  const opened: ServerConnection[] = [];
  try {
    const first = await Promise.all(
      servers.value.map(async (server) => {
        const connection = await connectTo(server, ports);
        if (!connection.ok) return connection;
        opened.push(connection.value);
        return look({ server, connection: connection.value, cursor: null }, command);
      }),
    );
    const seen = first.flatMap((one) => (one.ok ? [one.value] : []));
    const errors = first.flatMap((one) => (one.ok ? [] : [one.error]));
    if (seen.length === 0) return fail(errors);
    tellByTime(seen, ports);
    for (const error of errors) ports.warn(formatProductError(error));
    const cut = seen.filter(({ isCut }) => isCut).map(({ followed }) => followed.server.name);
    if (command.follow)
      return succeed(
        await follow(
          seen.map(({ followed }) => followed),
          command,
          ports,
        ),
      );
    const count = seen.reduce((sum, { lines }) => sum + lines.length, 0);
    return succeed([
      count === 0 ? `Nothing was written in that time.` : `${count} lines.`,
      ...(cut.length > 0 ? [`Older lines of ${cut.join(', ')} were left out: --lines gives more.`] : []),
    ]);
  } finally {
    for (const connection of opened) connection.close();
  }
}

interface Look {
  readonly followed: Followed;
  readonly lines: readonly LogLine[];
  readonly isCut: boolean;
}

async function look(
  followed: Followed,
  { since, lines }: Pick<Extract<SiteCommand, { verb: 'logs' }>, 'since' | 'lines'>,
): Promise<Result<Look, ProductError>> {
  const told = await logsOf(followed.connection, { since, lines, after: followed.cursor });
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

/** Until it is called off, or no server answers any more. */
async function follow(
  servers: readonly Followed[],
  command: Extract<SiteCommand, { verb: 'logs' }>,
  ports: LogsPorts,
): Promise<string[]> {
  let open = servers;
  while (open.length > 0) {
    const goesOn = await pause(followEveryMs, true, { signal: ports.signal }).catch(() => false);
    if (!goesOn) return ['Called off.'];
    const looks = await Promise.all(open.map(async (one) => ({ one, told: await look(one, command) })));
    tellByTime(
      looks.flatMap(({ told }) => (told.ok ? [told.value] : [])),
      ports,
    );
    for (const { told } of looks) if (!told.ok) ports.warn(formatProductError(told.error));
    open = looks.flatMap(({ one, told }) => (told.ok ? [one] : []));
  }
  return ['No server answers any more.'];
}
