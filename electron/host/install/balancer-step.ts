import type { ProductError } from '../../../shared/errors.ts';
import { succeed, type Result } from '../../../shared/result.ts';
import { runChecked } from '../ssh/server-connection.ts';
import { haproxyPending, serverPaths } from './server-paths.ts';
import type { ServerWork } from './server-work.ts';

/** Exchanges the configuration only when HAProxy itself accepts it; the one before stays beside it. */
const exchangeScript = `set -eu
haproxy -c -f "$1.ixha-new-config"
[ -e "$1.ixha-previous" ] || [ ! -e "$1" ] || cp -p -- "$1" "$1.ixha-previous"
cp -p -- "$1.ixha-new-config" "$1.ixha-next"
sync -- "$1.ixha-next"
mv -T -- "$1.ixha-next" "$1"
sync -- "$(dirname -- "$1")"
systemctl enable --quiet haproxy.service
systemctl reload-or-restart haproxy.service
rm -f -- "$1.ixha-new-config"`;

/** The configuration that differs from the one running there, as far as files tell; undefined: none does. */
export function differingBalancerFile({
  wanted,
  facts,
}: Pick<ServerWork, 'wanted' | 'facts'>): string | undefined {
  const file = wanted.files.find(({ path }) => path === serverPaths.haproxy);
  if (!file) return undefined;
  const same = facts.files.get(file.path)?.sha256 === file.sha256 && !facts.files.has(haproxyPending);
  return same ? undefined : file.path;
}

/** Installs the generated HAProxy configuration on the balancer. Answers whether it changed. */
export async function configureBalancer(work: ServerWork): Promise<Result<boolean, ProductError>> {
  const wanted = work.wanted.files.find((file) => file.path === serverPaths.haproxy);
  if (!wanted) return succeed(false);
  const server = work.connection;
  if (differingBalancerFile(work) === undefined) {
    const up = await server.run(['systemctl', 'is-active', '--quiet', 'haproxy.service']);
    if (!up.ok || up.value.exitCode === 0) return up.ok ? succeed(false) : up;
  }
  const fresh = { path: haproxyPending, mode: wanted.mode, owner: wanted.owner };
  const uploaded = await server.upload(wanted.source, fresh);
  if (!uploaded.ok) return uploaded;
  const argv = ['sh', '-c', exchangeScript, 'ixha-balancer', wanted.path];
  const exchanged = await runChecked(server, argv, { what: 'configuring HAProxy', privileged: true });
  return exchanged.ok ? succeed(true) : exchanged;
}
