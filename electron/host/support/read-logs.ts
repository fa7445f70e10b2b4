import * as z from 'zod/mini';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { Server } from '../../../shared/site/site-document.ts';
import { logLimits, ServerLogs, sinceWord, type LogsSince } from '../../../shared/support/server-logs.ts';
import { serverPaths } from '../install/server-paths.ts';
import type { CommandRunner, ServerConnection } from '../ssh/server-connection.ts';
import type { ReachServer } from './server-part.ts';

const usualMs = 30_000;
/** A line is at most so long in UTF-8 as JSON. */
const lineBytes = 4 * logLimits.characters;

/** What of a server's logs is asked for. */
export interface LogsOrder {
  readonly since: LogsSince;
  /** Where the last answer ended: only what came after it. */
  readonly after: string | null;
  readonly lines: number;
  /** How long its program there may take; 30 s when absent. */
  readonly withinMs?: number;
}

/**
 * The logs of the product's units on one server, over a connection of its own. Errors: ssh.*, server.*, logs.not-told
 * (nothing is installed there, or a version that cannot tell).
 */
export async function readServerLogs(
  server: Server,
  { connect, target }: ReachServer,
  order: LogsOrder,
): Promise<Result<ServerLogs, ProductError>> {
  const connection = await connectTo(server, { connect, target });
  if (!connection.ok) return connection;
  try {
    return await logsOf(connection.value, order);
  } finally {
    connection.value.close();
  }
}

/** The way to a server. Errors: ssh.*, server.*. */
export async function connectTo(
  server: Server,
  { connect, target }: ReachServer,
): Promise<Result<ServerConnection, ProductError>> {
  const reached = await target(server);
  return reached.ok ? connect(reached.value) : reached;
}

/** The same over a connection that is open. */
export async function logsOf(
  connection: CommandRunner,
  { since, after, lines, withinMs = usualMs }: LogsOrder,
): Promise<Result<ServerLogs, ProductError>> {
  const program = [`${serverPaths.currentLink}/node`, `${serverPaths.currentLink}/ixha.cjs`];
  // With the equals sign: a word that begins with a dash would be taken for an option.
  const asked = [
    `--since=${sinceWord(since)}`,
    `--lines=${lines}`,
    ...(after === null ? [] : [`--after=${after}`]),
  ];
  const done = await connection.run([...program, 'collect-logs', ...asked], {
    privileged: true,
    timeoutMs: withinMs,
    maxOutputBytes: (lines + 100) * lineBytes,
  });
  if (!done.ok) return done;
  const { exitCode, stdout, truncated } = done.value;
  const told = z.safeParse(ServerLogs, exitCode !== 0 || truncated ? undefined : parseJson(stdout));
  if (!told.success) {
    const said = `${connection.name} tells no logs: nothing is installed there, or a version that cannot tell them.`;
    return fail(productError('logs.not-told', said));
  }
  const [missing] = told.data.missing;
  if (missing === undefined || told.data.lines.length > 0) return succeed(told.data);
  return fail(productError('logs.not-told', `${connection.name}: ${missing.what}: ${missing.why}`));
}
