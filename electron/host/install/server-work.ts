import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { Server } from '../../../shared/site/site-document.ts';
import type { SshTarget, ServerConnection } from '../ssh/server-connection.ts';
import { outputOf } from '../ssh/server-connection.ts';
import type { ExpectedServer } from '../../../shared/preflight/expected-server.ts';
import type { ServerFacts } from '../../../shared/preflight/server-facts.ts';
import { parseFacts } from './facts.ts';
import { factsCommand } from './facts-script.ts';
import { recorded, type RecordProgress } from './transcript.ts';
import type { WantedServer } from './wanted-server.ts';

export type ConnectServer = (target: SshTarget) => Promise<Result<ServerConnection, ProductError>>;

/** One server during an installation: what it shall be, the way to it, and what was seen there. */
export interface ServerWork {
  readonly wanted: WantedServer;
  readonly connection: ServerConnection;
  readonly facts: ServerFacts;
}

/** Values of all, or every error: each server is told about, not only the first that failed. */
export async function inParallel<Item, Value>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result<Value, ProductError | ProductError[]>>,
): Promise<Result<Value[], ProductError[]>> {
  const results = await Promise.all(items.map(work));
  const errors = results.flatMap((result) => (result.ok ? [] : result.error));
  return errors.length > 0
    ? fail(errors)
    : succeed(results.flatMap((result) => (result.ok ? [result.value] : [])));
}

/** Runs one after the other and stops at the first error. */
export async function inOrder<Item, Value>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result<Value, ProductError>>,
): Promise<Result<Value[], ProductError[]>> {
  const values: Value[] = [];
  for (const item of items) {
    const result = await work(item);
    if (!result.ok) return fail([result.error]);
    values.push(result.value);
  }
  return succeed(values);
}

export interface ConnectInputs {
  readonly wanted: readonly WantedServer[];
  readonly connect: ConnectServer;
  readonly target: (server: Server) => Promise<Result<SshTarget, ProductError>>;
  readonly record: RecordProgress;
  /** Every connection that was opened, also when a later one fails. */
  readonly opened: ServerConnection[];
}

/** Connects to every server with its pinned key and looks at it. Changes nothing. */
export function connectAll(inputs: ConnectInputs): Promise<Result<ServerWork[], ProductError[]>> {
  return inParallel(inputs.wanted, (wanted) => connectOne(inputs, wanted));
}

async function connectOne(
  inputs: ConnectInputs,
  wanted: WantedServer,
): Promise<Result<ServerWork, ProductError>> {
  const { server } = wanted;
  let connection: ServerConnection | undefined;
  const opened = await recorded(inputs.record, server.id, 'connect with the pinned key', async () => {
    const target = await inputs.target(server);
    if (!target.ok) return target;
    const result = await inputs.connect(target.value);
    if (!result.ok) return result;
    connection = result.value;
    inputs.opened.push(connection);
    return succeed(false);
  });
  if (!opened.ok) return opened;
  let facts: ServerFacts | undefined;
  const looked = await recorded(inputs.record, server.id, 'look at the server', async () => {
    const result = await lookAt(connection!, wanted);
    if (!result.ok) return result;
    facts = result.value;
    return succeed(false);
  });
  return looked.ok ? succeed({ wanted, connection: connection!, facts: facts! }) : looked;
}

/** Gathers the facts of one server. */
export async function lookAt(
  connection: ServerConnection,
  expected: ExpectedServer,
): Promise<Result<ServerFacts, ProductError>> {
  const what = 'looking at the server';
  const text = await outputOf(connection, factsCommand(expected), {
    what,
    privileged: true,
    timeoutMs: 60_000,
  });
  if (!text.ok) return text;
  const facts = parseFacts(text.value);
  if (facts) return succeed(facts);
  return fail(productError('ssh.command-failed', `${connection.name}: ${what} gave half an answer.`));
}
