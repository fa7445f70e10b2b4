import { randomBytes, randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import * as z from 'zod/mini';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { outputOf, type ServerConnection } from '../ssh/server-connection.ts';
import { hasEnded, processName } from './process-name.ts';

/** Who works on a site's servers, as each of them carries it. */
const LockNote = z.object({
  ...{ id: z.string(), by: z.string(), since: z.string(), what: z.string() },
  /** The process that works, where its system tells: one that has ended here leaves nothing to wait for. */
  process: z.optional(z.string()),
  /** The same process by a name that it has drawn: also where its system tells nothing. */
  session: z.optional(z.string()),
});
type LockNote = z.infer<typeof LockNote>;

/** This process, which may do one work after another, such as a console. */
const session = randomUUID();
/** Ids of the locks whose works go on in this process. Any other of its own was left when a connection was lost. */
const underWay = new Set<string>();

/** Gone with a restart of the server. */
const lockPath = '/run/ixha-installation.lock';
const refreshMs = 20_000;
/** Nobody has refreshed it for so long: its workstation has ended or lost its way. By the server's own clock. */
const staleAfterSeconds = 120;

/** The names under which this workstation writes down what it does. */
export function workerName(): string {
  return `${userInfo().username} on ${hostname()}`.slice(0, 200);
}

/**
 * Takes the lock, or tells whose it is: `taken`, or `held SECONDS NOTE`. Arguments: file, note, id of a lock that a
 * person has decided to break. The file is made by a link, so that it is never seen half-written.
 */
const takeScript = `set -eu
file=$1
own=$file.$$
trap 'rm -f -- "$own"' EXIT
umask 077
printf '%s\\n' "$2" > "$own"
if [ -n "$3" ] && grep -qF -- "\\"id\\":\\"$3\\"" "$file" 2>/dev/null; then rm -f -- "$file"; fi
if ln -- "$own" "$file" 2>/dev/null; then echo taken; exit 0; fi
printf 'held %s %s\\n' "$(( $(date +%s) - $(stat -c %Y -- "$file") ))" "$(head -c 1000 -- "$file")"`;

/** `lost`: another work has taken it meanwhile. One that is gone with a restart of the server was taken by nobody. */
const refreshScript = `if grep -qF -- "\\"id\\":\\"$2\\"" "$1" 2>/dev/null; then touch -- "$1"
elif [ -e "$1" ]; then echo lost; fi`;
const releaseScript = `grep -qF -- "\\"id\\":\\"$2\\"" "$1" 2>/dev/null && rm -f -- "$1"; true`;

/**
 * Does one work on a site's servers while nobody else does one: the lock is taken on each server in the same order
 * everywhere, refreshed while the work goes on, and given back at its end. Where somebody has broken it meanwhile, such as
 * while this workstation slept, the work is ended by closing its connections. Errors: site.locked, site.lock-lost, ssh.*.
 *
 * @param breaking id of a lock that a person has decided to break
 */
export async function aloneOnServers<Value>(
  connections: readonly ServerConnection[],
  what: string,
  breaking: string | undefined,
  work: () => Promise<Result<Value, ProductError[]>>,
): Promise<Result<Value, ProductError[]>> {
  const id = randomBytes(6).toString('hex');
  const by = { by: workerName(), process: processName(), session };
  const note: LockNote = { id, ...by, since: new Date().toISOString(), what };
  const taken: ServerConnection[] = [];
  const giveBack = () => {
    const release = ['sh', '-c', releaseScript, 'ixha-lock-end', lockPath, id];
    return Promise.allSettled(taken.map((connection) => connection.run(release, asRoot)));
  };
  let lostOn: string | null = null;
  const keep = async (one: ServerConnection): Promise<void> => {
    const kept = await one.run(['sh', '-c', refreshScript, 'ixha-lock-keep', lockPath, id], asRoot);
    if (lostOn !== null || !kept.ok || kept.value.stdout.trim() !== 'lost') return;
    lostOn = one.name;
    await giveBack();
    for (const connection of connections) connection.close();
  };
  const refresh = setInterval(() => {
    for (const one of taken) void keep(one);
  }, refreshMs);
  underWay.add(id);
  try {
    for (const connection of connections.toSorted((one, other) => one.name.localeCompare(other.name))) {
      const got = await take(connection, note, breaking);
      if (!got.ok) return fail([got.error]);
      taken.push(connection);
    }
    const done = await work();
    return lostOn === null ? done : fail([lostError(lostOn, what), ...(done.ok ? [] : done.error)]);
  } finally {
    clearInterval(refresh);
    await giveBack();
    underWay.delete(id);
  }
}

const asRoot = { privileged: true } as const;

async function take(
  connection: ServerConnection,
  note: LockNote,
  breaking: string | undefined,
): Promise<Result<void, ProductError>> {
  const argv = ['sh', '-c', takeScript, 'ixha-lock', lockPath, JSON.stringify(note), breaking ?? ''];
  const said = await outputOf(connection, argv, { what: 'taking the lock of the site', privileged: true });
  if (!said.ok) return said;
  const held = /^held (-?\d+) (.*)$/s.exec(said.value.trim());
  if (held === null) return succeed(undefined);
  const holder = LockNote.safeParse(parseJson(held[2]!)).data;
  if (holder !== undefined && isLeftHere(holder) && breaking !== holder.id)
    return take(connection, note, holder.id);
  return fail(lockedError(connection.name, Number(held[1]), holder));
}

/** Whether its work has surely ended: it was done here, by a process that has ended or by this one earlier. */
function isLeftHere({ id, process, session: of }: LockNote): boolean {
  if (of === session) return !underWay.has(id);
  return process !== undefined && hasEnded(process);
}

function lostError(server: string, what: string): ProductError {
  return productError(
    'site.lock-lost',
    `Another work has taken the lock on ${server} while ${what} went on.`,
  );
}

function lockedError(server: string, ageSeconds: number, note: LockNote | undefined): ProductError {
  const { id, by, since, what } = note ?? {
    id: '',
    by: 'somebody',
    since: 'an unknown time',
    what: 'something',
  };
  const said = `${server} is being worked on by ${by}: ${what}, since ${since}.`;
  if (ageSeconds < staleAfterSeconds || id === '') return productError('site.locked', said);
  const quiet = `Nothing was heard of that work for ${Math.floor(ageSeconds / 60)} min.`;
  const next = `If it has surely ended, run the command again with --break-lock ${id}.`;
  return productError('site.locked', `${said} ${quiet}`, [], next);
}
