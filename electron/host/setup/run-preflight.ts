import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import {
  foundEngines,
  preflightChecks,
  seenServers,
  type LookedServer,
  type PathLook,
} from '../../../shared/setup/preflight-checks.ts';
import { readServerLook, type CronLine } from '../../../shared/setup/server-look.ts';
import type { ConnectServer } from '../install/server-work.ts';
import { outputOf, runChecked, type ServerConnection } from '../ssh/server-connection.ts';
import { closeScript, listenScript, lookScript, pathScript } from './look-script.ts';
import type { Findings, PreflightPorts, PreflightServer } from './setup-preflight.ts';

const lookWithinMs = 30_000;
const pathsWithinMs = 60_000;

/** A port that has to be reached on a server, before anything of ours listens there. */
interface NeededPort {
  readonly to: PreflightServer;
  readonly port: number;
  readonly purpose: string;
}

interface Inputs {
  readonly connect: ConnectServer;
  /** This workstation's wall clock, in milliseconds since 1970. */
  readonly now: () => number;
}

/** The preflight over SSH: looks at all servers at once, then tries every way between them. */
export function sshPreflight(inputs: Inputs): PreflightPorts {
  return {
    run: (run) => runPreflight(inputs, run),
    fix: (servers, check) => fixOne(inputs, servers, check),
  };
}

type Run = Parameters<PreflightPorts['run']>[0];

async function runPreflight(
  inputs: Inputs,
  { site, servers, ports, tell, signal }: Run,
): Promise<Result<Findings, ProductError[]>> {
  const open = new Map<string, ServerConnection>();
  const closeAll = () => {
    for (const connection of open.values()) connection.close();
  };
  signal.addEventListener('abort', closeAll, { once: true });
  try {
    const looked = await Promise.all(servers.map((server) => lookAt(inputs, server, open)));
    const findings = (paths: readonly PathLook[]): Findings => ({
      seen: seenServers(looked, paths),
      checks: preflightChecks(site, looked, paths),
      engines: foundEngines(looked),
    });
    tell(findings([]), 'Trying the ways from each server to each other');
    const paths = await tryPaths(servers, looked, open, ports);
    return succeed(findings(paths));
  } finally {
    signal.removeEventListener('abort', closeAll);
    closeAll();
  }
}

async function lookAt(
  { connect, now }: Inputs,
  { server, target }: PreflightServer,
  open: Map<string, ServerConnection>,
): Promise<LookedServer> {
  const connected = await connect(target);
  if (!connected.ok) return { server, look: null, why: connected.error.message, clockMs: null };
  open.set(server.id, connected.value);
  const before = now();
  const what = 'looking at the server';
  const options = { what, privileged: true, timeoutMs: lookWithinMs };
  const said = await outputOf(connected.value, ['sh', '-c', lookScript, 'ixha-look'], options);
  if (!said.ok) return { server, look: null, why: said.error.message, clockMs: null };
  const look = readServerLook(said.value);
  if (!look) return { server, look: null, why: 'it gave half an answer', clockMs: null };
  // The clock was read somewhere between sending and answer.
  const middle = (before + now()) / 2;
  return { server, look, why: null, clockMs: look.clock === null ? null : look.clock * 1_000 - middle };
}

/** Opens what has to be reached and is not open yet, tries every pair, and closes again. */
async function tryPaths(
  servers: readonly PreflightServer[],
  looked: readonly LookedServer[],
  open: ReadonlyMap<string, ServerConnection>,
  ports: Run['ports'],
): Promise<PathLook[]> {
  const needed = servers.flatMap((to) => ports(to.server).map((one): NeededPort => ({ to, ...one })));
  const lookOf = (id: string) => looked.find(({ server }) => server.id === id)?.look ?? null;
  const toOpen = [...open].flatMap(([id, connection]) => {
    const wanted = needed
      .filter(({ to, port }) => to.server.id === id && !(lookOf(id)?.listening.includes(port) ?? true))
      .map(({ port }) => String(port));
    return wanted.length === 0 ? [] : [{ id, connection, wanted }];
  });
  const opened = new Map([...open.keys()].map((id) => [id, new Set(lookOf(id)?.listening ?? [])]));
  try {
    await Promise.all(
      toOpen.map(async ({ id, connection, wanted }) => {
        const options = { what: 'opening ports for a moment', privileged: true, timeoutMs: pathsWithinMs };
        const argv = ['sh', '-c', listenScript, 'ixha-listen', ...wanted];
        const said = await outputOf(connection, argv, options);
        for (const line of said.ok ? said.value.split('\n') : []) {
          if (line.trim() !== '') opened.get(id)!.add(Number(line));
        }
      }),
    );
    const tried = await Promise.all(
      servers.map((from) => tryFrom(from, needed, open.get(from.server.id), opened)),
    );
    return tried.flat();
  } finally {
    await Promise.all(
      toOpen.map(({ connection, wanted }) =>
        connection.run(['sh', '-c', closeScript, 'ixha-close', ...wanted], {
          privileged: true,
          timeoutMs: pathsWithinMs,
        }),
      ),
    );
  }
}

async function tryFrom(
  from: PreflightServer,
  needed: readonly NeededPort[],
  connection: ServerConnection | undefined,
  opened: ReadonlyMap<string, ReadonlySet<number>>,
): Promise<PathLook[]> {
  const others = needed.filter(({ to }) => to.server.id !== from.server.id);
  const open = others.filter(({ to, port }) => opened.get(to.server.id)?.has(port) ?? false);
  const results = new Map<string, string>();
  if (connection && open.length > 0) {
    const pairs = open.flatMap(({ to, port }) => [to.server.address, String(port)]);
    const options = { what: 'trying the ways to the others', timeoutMs: pathsWithinMs };
    const said = await outputOf(connection, ['bash', '-c', pathScript, 'ixha-path', ...pairs], options);
    for (const line of said.ok ? said.value.split('\n') : []) {
      const [address, port, ...how] = line.trim().split(' ');
      if (how.length > 0) results.set(`${address} ${port}`, how.join(' '));
    }
  }
  return others.map(({ to, port, purpose }) => {
    const said = results.get(`${to.server.address} ${port}`) ?? '';
    const took = /^ok (\d+)$/.exec(said);
    const result = took ? 'ok' : said === 'refused' || said === 'silent' ? said : 'not-tried';
    const rttMs = took ? Number(took[1]) / 1_000 : null;
    return { from: from.server.id, to: to.server.id, port, purpose, result, rttMs };
  });
}

/** Makes the change that a check offers. Errors: request.invalid, those of the connection, ssh.command-failed. */
async function fixOne(
  { connect }: Inputs,
  servers: readonly PreflightServer[],
  check: string,
): Promise<Result<void, ProductError>> {
  const [id, serverId] = check.split('@');
  const one = servers.find(({ server }) => server.id === serverId);
  if (!one) return fail(productError('request.invalid', 'This check belongs to no server of the setup.'));
  const connected = await connect(one.target);
  if (!connected.ok) return connected;
  const connection = connected.value;
  try {
    const options = { what: 'making the change', privileged: true };
    if (id === 'synchronised') {
      const set = await runChecked(connection, ['timedatectl', 'set-ntp', 'true'], options);
      return set.ok ? succeed(undefined) : set;
    }
    const place = /^autostart-(\d+)$/.exec(id ?? '')?.[1];
    if (place === undefined) return fail(productError('request.invalid', 'This check offers no change.'));
    return await disableCronLine(connection, Number(place));
  } finally {
    connection.close();
  }
}

/** Looks again before it changes: the line must still be the one that was shown. */
async function disableCronLine(
  connection: ServerConnection,
  place: number,
): Promise<Result<void, ProductError>> {
  const what = 'disabling the line';
  const said = await outputOf(connection, ['sh', '-c', lookScript, 'ixha-look'], {
    what,
    privileged: true,
    timeoutMs: lookWithinMs,
  });
  if (!said.ok) return said;
  const line: CronLine | undefined = readServerLook(said.value)?.cron[place];
  if (!line) return fail(productError('request.invalid', 'The line is not there any more. Look again.'));
  const script =
    'cp -p -- "$1" "$1.ixha-before" && sed -i "$2s/^/# disabled for high availability: /" -- "$1"';
  const argv = ['sh', '-c', script, 'ixha-cron', line.file, String(line.line)];
  const changed = await runChecked(connection, argv, { what, privileged: true });
  return changed.ok ? succeed(undefined) : changed;
}
