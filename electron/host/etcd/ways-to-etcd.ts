import type { EtcdEndpoint } from '../../../shared/site/site-document.ts';
import { endpointText } from '../../../shared/site/etcd-rules.ts';
import type { EtcdWay } from '../../../shared/site/etcd-sight.ts';
import { outputOf, type CommandRunner } from '../ssh/server-connection.ts';

const tries = 5;

/** Connects to each of `ADDRESS PORT …` so many times and prints `NUMBER MICROSECONDS` for the quickest; wants bash 5. */
const wayScript = String.raw`n=0
while [ $# -ge 2 ]; do
  best=
  for turn in $(seq ${tries}); do
    took=$(timeout 3 bash -c 'a=${'$'}{EPOCHREALTIME/[.,]/}; { : <>"/dev/tcp/$1/$2"; } 2>/dev/null || exit 1; b=${'$'}{EPOCHREALTIME/[.,]/}; echo $(( b - a ))' _ "$1" "$2" 2>/dev/null) || break
    [ -n "$best" ] && [ "$best" -le "$took" ] || best=$took
  done
  [ -z "$best" ] || echo "$n $best"
  n=$(( n + 1 )); shift 2
done
echo end`;

/** How quickly a member reaches each endpoint. Nothing is sent there. A member that cannot be asked has no ways. */
export async function waysToEtcd(
  member: CommandRunner,
  endpoints: readonly EtcdEndpoint[],
): Promise<EtcdWay[]> {
  const places = endpoints.flatMap(({ address, port }) => [address, String(port)]);
  const argv = ['bash', '-c', wayScript, 'ixha-ways', ...places];
  const timeoutMs = 10_000 + endpoints.length * tries * 3_000;
  const said = await outputOf(member, argv, { what: 'trying the ways to the etcd', timeoutMs });
  const lines = said.ok ? said.value.trim().split('\n') : [];
  if (lines.at(-1) !== 'end') return [];
  const took = new Map(lines.slice(0, -1).map((line) => line.split(' ').map(Number) as [number, number]));
  return endpoints.map((endpoint, index) => {
    const micros = took.get(index);
    return {
      from: member.name,
      endpoint: endpointText(endpoint),
      rttMs: micros === undefined ? null : micros / 1_000,
    };
  });
}
