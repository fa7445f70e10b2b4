import { productError, type ProductError } from '../../../shared/errors.ts';
import { copyVerdicts, refusalIn } from '../../../shared/copying/copy-verdict.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { outputOf, runChecked } from '../ssh/server-connection.ts';
import { placesOf, serverPaths } from './server-paths.ts';
import { inOrder, inParallel, type ServerWork } from './server-work.ts';
import { recorded, type RecordProgress } from './transcript.ts';
import type { WantedCopy, WantedEngine } from './wanted-server.ts';

/** One member whose directory is copied. */
interface CopyMember {
  readonly work: ServerWork;
  readonly engine: WantedEngine;
  readonly copied: WantedCopy;
}

interface MemberKeys extends CopyMember {
  readonly publicKey: string;
  readonly hostKeys: readonly string[];
}

/**
 * Lets the members of every cluster with a copied directory reach each other: a key pair of their own, made on the
 * server and never leaving it; on the other side a line of authorized_keys that lets it do nothing but bring the copy;
 * and the host keys pinned, as the servers themselves tell them over the connection that was proven already. Then both
 * ways are tried.
 */
export async function connectCopies(
  works: readonly ServerWork[],
  record: RecordProgress,
): Promise<Result<void, ProductError[]>> {
  const members = works.flatMap((work) =>
    work.wanted.engines.flatMap((engine): CopyMember[] =>
      engine.storage.copied === undefined ? [] : [{ work, engine, copied: engine.storage.copied }],
    ),
  );
  const keys: MemberKeys[] = [];
  const made = await inParallel(members, (member) =>
    told(member, record, 'key', async () => {
      const own = await makeKeys(member);
      if (!own.ok) return own;
      keys.push(own.value);
      return succeed(false);
    }),
  );
  if (!made.ok) return made;
  // One after the other: two clusters of a server have their lines in the same file.
  const letInThere = await inOrder(keys, (member) =>
    told(member, record, 'way in for the other member', () => letIn(member, keys)),
  );
  if (!letInThere.ok) return letInThere;
  const tried = await inParallel(keys, (member) =>
    told(member, record, 'reaches the other member', () => tryWay(member)),
  );
  return tried.ok ? succeed(undefined) : tried;
}

function told(
  { work, engine }: CopyMember,
  record: RecordProgress,
  what: string,
  action: () => Promise<Result<boolean, ProductError>>,
): Promise<Result<boolean, ProductError>> {
  return recorded(record, work.wanted.server.id, `copy of ${engine.cluster}: ${what}`, action);
}

const keyScript = `set -eu
umask 077
[ -s "$1/key" ] || ssh-keygen -q -t ed25519 -N '' -C "$2" -f "$1/key"
ssh-keygen -y -f "$1/key" | cut -d' ' -f1,2
cat -- $(sshd -T 2>/dev/null | sed -n 's/^hostkey //p' | sed 's/$/.pub/') /dev/null 2>/dev/null || cat /etc/ssh/ssh_host_*_key.pub`;

async function makeKeys(member: CopyMember): Promise<Result<MemberKeys, ProductError>> {
  const { work, engine } = member;
  const folder = placesOf(engine.cluster).copy;
  const argv = ['sh', '-c', keyScript, 'ixha-copy-key', folder, markOf(engine)];
  const what = `making the key in ${folder}`;
  const said = await outputOf(work.connection, argv, { what, privileged: true });
  if (!said.ok) return said;
  const [publicKey, ...hostKeys] = said.value.split('\n').flatMap((line) => {
    const found = /^([a-z0-9@.-]+ [A-Za-z0-9+/=]+)( .*)?$/.exec(line.trim());
    return found ? [found[1]!] : [];
  });
  if (publicKey !== undefined && hostKeys.length > 0) return succeed({ ...member, publicKey, hostKeys });
  return fail(productError('ssh.command-failed', `${work.connection.name}: ${what} told no keys.`));
}

/** How the line is told from others in authorized_keys, and removed. */
function markOf({ storage }: WantedEngine): string {
  return `ixha-copy ${storage.mark.trim()}`;
}

const letInScript = `set -eu
umask 077
printf '%s\\n' "$4" > "$1/known_hosts.new"
mv -f -- "$1/known_hosts.new" "$1/known_hosts"
home=$(getent passwd root | cut -d: -f6)
mkdir -p -- "$home/.ssh"
touch -- "$home/.ssh/authorized_keys"
file=$(readlink -f -- "$home/.ssh/authorized_keys")
grep -qxF -- "$3" "$file" && exit 0
# 1: no other line. Anything else is an error, and the file that lets people in stays as it is.
grep -vE -- " $2\\$" "$file" > "$file.ixha-new" || [ $? -eq 1 ]
printf '%s\\n' "$3" >> "$file.ixha-new"
sync -- "$file.ixha-new"
mv -f -- "$file.ixha-new" "$file"
restorecon -- "$file" 2>/dev/null || true
echo changed`;

async function letIn(
  { work, engine, copied }: MemberKeys,
  all: readonly MemberKeys[],
): Promise<Result<boolean, ProductError>> {
  const other = all.find(
    (one) => one.engine.cluster === engine.cluster && one.work.wanted.server.id === copied.peer.id,
  );
  if (other === undefined) {
    const said = `${copied.peer.name} is not part of this installation, so the copy of ${engine.cluster} cannot reach it.`;
    return fail(productError('site.unsafe', said));
  }
  const folder = placesOf(engine.cluster).copy;
  const command = `${serverPaths.currentLink}/scripts/copy.sh receive ${folder}/receive`;
  const line = `restrict,command="${command}" ${other.publicKey} ${markOf(engine)}`;
  const known = other.hostKeys.map((key) => `ixha-peer ${key}`).join('\n');
  const argv = ['sh', '-c', letInScript, 'ixha-copy-let-in', folder, markOf(engine), line, known];
  const what = `letting the copy of ${engine.cluster} in`;
  const said = await runChecked(work.connection, argv, { what, privileged: true });
  return said.ok ? succeed(said.value.stdout.includes('changed')) : said;
}

async function tryWay({ work, engine, copied }: MemberKeys): Promise<Result<boolean, ProductError>> {
  const { address, name } = copied.peer;
  const script = `${serverPaths.currentLink}/scripts/copy.sh`;
  const way = [placesOf(engine.cluster).copy, address, String(copied.sshPort), 'root'];
  const tried = await work.connection.run(['bash', script, 'try', ...way], { privileged: true });
  if (!tried.ok) return tried;
  if (tried.value.exitCode === 0) return succeed(false);
  const refusal = refusalIn(tried.value.stderr);
  const said = `${work.connection.name} cannot send the copy of ${engine.cluster} to ${name}: ${refusal?.seen ?? 'no answer'}.`;
  return fail(
    productError(
      'ssh.command-failed',
      said,
      [],
      refusal === null ? undefined : copyVerdicts[refusal.code].next,
    ),
  );
}
