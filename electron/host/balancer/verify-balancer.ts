import { get } from 'node:http';
import { connect as connectSocket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { balancedListeners, type BalancedListener } from '../../../shared/balancer/balanced-site.ts';
import {
  judgeListener,
  type BalancerCheck,
  type OwnConnection,
  type SeenAtMember,
} from '../../../shared/balancer/balancer-check.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import { outputOf, type CommandRunner } from '../ssh/server-connection.ts';

const answerMs = 3_000;
/** A balancer that has nobody to send to ends a connection within this time. */
const holdMs = 700;
/** How long a member may need to see that our connection has ended. */
const goneMs = 4_000;
const betweenMs = 300;

/** Established sessions of a port, one remote end a line, as the kernel writes them. */
const sessionsScript =
  'p=$(printf ":%04X" "$1"); awk -v p="$p" \'$4 == "01" && substr($2, length($2) - 4) == p { print $3 }\' /proc/net/tcp /proc/net/tcp6 2>/dev/null; echo end';

/** Connections to the members by server id; one that is missing could not be reached. */
export type MemberRunners = ReadonlyMap<string, CommandRunner>;

/**
 * Comes in through the balancer's address as a sender does, says nothing, and looks on both members who got the
 * connection. One listener after the other, so that no session is taken for another one. Never rejects.
 */
export async function verifyBalancer(site: SiteDocument, members: MemberRunners): Promise<BalancerCheck[]> {
  const checks: BalancerCheck[] = [];
  for (const listener of balancedListeners(site)) checks.push(await verifyListener(listener, members));
  return checks;
}

async function verifyListener(listener: BalancedListener, members: MemberRunners): Promise<BalancerCheck> {
  const look = () =>
    Promise.all(listener.members.map(({ server, port }) => sessionsOf(members.get(server), port)));
  const before = await look();
  const own = await openConnection(listener.address, listener.port);
  if (own.kind !== 'held') return judgeListener(listener, own, []);
  const during = await look();
  own.end();
  const seen = await Promise.all(
    listener.members.map(async ({ server, port, address, activePort }, index): Promise<SeenAtMember> => {
      const [was, is] = [before[index], during[index]];
      const came = was && is ? is.filter((remote) => !was.includes(remote)) : [];
      const after = await afterwards(() => sessionsOf(members.get(server), port), came);
      const sessions = was && is && after ? { before: was, during: is, after } : null;
      return { server, sessions, active: await askActive(address, activePort) };
    }),
  );
  return judgeListener(listener, own, seen);
}

/** Looks until what came has gone again, or for the longest that this may take. */
async function afterwards(
  look: () => Promise<readonly string[] | null>,
  came: readonly string[],
): Promise<readonly string[] | null> {
  const until = performance.now() + goneMs;
  while (true) {
    const now = await look();
    if (now === null || came.length === 0 || came.some((remote) => !now.includes(remote))) return now;
    if (performance.now() > until) return now;
    await pause(betweenMs);
  }
}

async function sessionsOf(server: CommandRunner | undefined, port: number): Promise<string[] | null> {
  if (!server) return null;
  const argv = ['sh', '-c', sessionsScript, 'ixha-sessions', String(port)];
  const said = await outputOf(server, argv, { what: 'looking at its sessions' });
  const lines = said.ok ? said.value.trim().split('\n') : [];
  return lines.at(-1) === 'end' ? lines.slice(0, -1) : null;
}

/** Connects and says nothing: a message of ours must never reach an engine. */
function openConnection(
  address: string,
  port: number,
): Promise<Exclude<OwnConnection, { kind: 'held' }> | { readonly kind: 'held'; readonly end: () => void }> {
  return new Promise((resolve) => {
    const socket = connectSocket({ host: address, port, timeout: answerMs });
    const refuse = (why: string) => {
      socket.destroy();
      resolve({ kind: 'refused', why });
    };
    socket.once('error', (error: NodeJS.ErrnoException) => refuse(error.code ?? error.message));
    socket.once('timeout', () => refuse('no answer in time'));
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.removeAllListeners('error').on('error', () => undefined);
      // Without a reader the end of the other side would not be heard.
      socket.resume();
      const held = setTimeout(() => resolve({ kind: 'held', end: () => void socket.destroy() }), holdMs);
      socket.once('close', () => {
        clearTimeout(held);
        resolve({ kind: 'ended' });
      });
    });
  });
}

function askActive(address: string, port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const request = get(
      { host: address, port, path: '/active', timeout: answerMs, agent: false },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? null);
      },
    );
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(null));
  });
}
