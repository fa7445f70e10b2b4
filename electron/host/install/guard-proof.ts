import * as z from 'zod/mini';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { outputOf, type ServerConnection } from '../ssh/server-connection.ts';
import type { GuardProof } from './facts.ts';
import { placesOf } from './server-paths.ts';
import type { WantedEngine } from './wanted-server.ts';

/** How long the engine may take to appear before its deadline passes. */
const leadMs = 4_000;

/**
 * Provokes one refusal and one kill on the engine's real unit and prints what was seen as one JSON line.
 * Guards must run; no agent may. Arguments: run folder, unit, lead in ms, D in ms.
 * Ends with the engine stopped and no deadline set, however it ends.
 */
const proofScript = String.raw`set -u
run=$1 unit=$2 lead=$3 kill_ms=$4
now() { local up; read -r up _ < /proc/uptime; now_ms=$((10#${'${up/./}'} * 10)); }
show() { systemctl show -p "$1" --value -- "$unit"; }
cleanup() { rm -f -- "$run/deadline" "$run/deadline.new"; systemctl reset-failed -- "$unit" 2>/dev/null; }
trap cleanup EXIT
answer() { printf '{"outcome":"%s","result":"%s","state":"%s","killMs":%s}\n' "$1" "$(show Result)" "$(show ActiveState)" "${'${2:-0}'}"; exit 0; }
nap() { read -r -t "$1" -u 9 _; }
exec 9<> <(:)
systemctl stop -- "$unit"
systemctl reset-failed -- "$unit" 2>/dev/null
for number in 1 2; do
  for try in {1..100}; do
    beat=0; read -r beat 2>/dev/null < "$run/beat-$number"; now
    [[ $beat =~ ^[0-9]+$ ]] && ((now_ms - 10#$beat < 1000)) && continue 2
    nap 0.1
  done
  answer no-beat
done
rm -f -- "$run/deadline"
systemctl start -- "$unit"
[[ $(show ActiveState) == inactive && $(show Result) == exec-condition ]] || answer not-refused
rm -f -- "$run/kill-1" "$run/kill-2"
now; deadline=$((now_ms + lead))
printf '0 %s\n' "$deadline" > "$run/deadline.new" && mv -- "$run/deadline.new" "$run/deadline"
systemctl start --no-block -- "$unit"
group=
while now; ((now_ms < deadline - 200)); do
  path=$(show ControlGroup)
  if [[ -n $path ]]; then
    while read -r _ mount type _; do
      [[ $type == cgroup2 && -e $mount$path/cgroup.events ]] && group=$mount$path
    done < /proc/mounts
  fi
  [[ -n $group ]] && grep -q '^populated 1' "$group/cgroup.events" 2>/dev/null && break
  group=; nap 0.05
done
[[ -n $group ]] || answer not-started
while now; ((now_ms < deadline)); do
  grep -q '^populated 1' "$group/cgroup.events" 2>/dev/null || answer ended-early
  nap 0.02
done
while grep -q '^populated 1' "$group/cgroup.events" 2>/dev/null; do
  now; ((now_ms - deadline > kill_ms + 5000)) && answer not-killed
  nap 0.01
done
now; took=$((now_ms - deadline))
[[ -e $run/kill-1 || -e $run/kill-2 ]] || answer not-by-guard "$took"
nap 1
[[ $(show ActiveState) == active || $(show ActiveState) == activating ]] && answer came-back "$took"
answer proven "$took"`;

const Seen = z.object({
  outcome: z.enum([
    'no-beat',
    'not-refused',
    'not-started',
    'ended-early',
    'not-killed',
    'not-by-guard',
    'came-back',
    'proven',
  ]),
  result: z.string(),
  state: z.string(),
  killMs: z.int(),
});
type Seen = z.infer<typeof Seen>;

const sentences: Record<Exclude<Seen['outcome'], 'proven'>, string> = {
  'no-beat': 'a guard does not beat',
  'not-refused': 'the gate did not refuse a start without a deadline',
  'not-started': 'the engine did not start within 4 s with a deadline ahead',
  'ended-early': 'the engine ended by itself before the deadline',
  'not-killed': 'the engine still ran long after its deadline',
  'not-by-guard': 'the engine ended at the deadline, but not by a guard',
  'came-back': 'the service manager started the engine again after the kill',
};

/**
 * Proves gate and guards on the real service of one member. The engine runs for about four seconds, so
 * it must be stopped on both members and no agent of the cluster may run.
 * Errors: install.guard-test-failed with what was seen; ssh and server errors.
 */
export async function proveGuards(
  server: ServerConnection,
  engine: WantedEngine,
  scripts: string,
): Promise<Result<GuardProof, ProductError>> {
  const argv = [
    'bash',
    '-c',
    proofScript,
    'ixha-proof',
    engine.run,
    engine.unit,
    String(leadMs),
    String(engine.killMs),
  ];
  const what = `the guard test of ${engine.unit}`;
  const printed = await outputOf(server, argv, { what, privileged: true, timeoutMs: 120_000 });
  if (!printed.ok) return printed;
  const seen = z.safeParse(Seen, parseJson(printed.value));
  if (!seen.success)
    return fail(failed(server, engine, 'its result cannot be read', printed.value.split('\n')));
  const { outcome, killMs, state, result } = seen.data;
  const evidence = [`state ${state}, result ${result}`, `control group empty after ${killMs} ms`];
  if (outcome !== 'proven') return fail(failed(server, engine, sentences[outcome], evidence));
  if (killMs > engine.killMs) {
    const why = `the kill took ${killMs} ms, longer than the ${engine.killMs} ms of this timing`;
    return fail(failed(server, engine, why, evidence));
  }
  const proof = { unit: engine.unit, killMs, scripts, wallTime: new Date().toISOString() };
  const { guardProof } = placesOf(engine.cluster);
  const kept = await server.upload(
    { kind: 'content', content: `${JSON.stringify(proof)}\n` },
    { path: guardProof, mode: '0644', owner: 'root:root' },
  );
  return kept.ok ? succeed(proof) : kept;
}

function failed(
  server: ServerConnection,
  engine: WantedEngine,
  why: string,
  evidence: string[],
): ProductError {
  const said = `${server.name}: ${engine.unit} of ${engine.cluster}: ${why}.`;
  return productError('install.guard-test-failed', said, evidence);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
