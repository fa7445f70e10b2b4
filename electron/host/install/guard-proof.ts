import * as z from 'zod/mini';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { outputOf, type ServerConnection } from '../ssh/server-connection.ts';
import { GuardProof } from '../../../shared/preflight/server-facts.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import { guardProofScript } from './guard-proof-script.ts';
import { placesOf, serverPaths } from './server-paths.ts';
import type { WantedEngine } from './wanted-server.ts';

/** How long the engine may take to appear before its deadline passes. */
const leadMs = 4_000;

const Seen = z.object({
  outcome: z.enum([
    'no-beat',
    'not-gated',
    'not-refused',
    'not-started',
    'ended-early',
    'killed-early',
    'not-killed',
    'not-by-guard',
    'came-back',
    'proven',
  ]),
  how: GuardProof.shape.how,
  result: z.string(),
  state: z.string(),
  exitStatus: z.string(),
  killMs: z.int(),
});
type Seen = z.infer<typeof Seen>;

const sentences: Record<Exclude<Seen['outcome'], 'proven'>, string> = {
  'no-beat': 'a guard does not beat',
  'not-gated': 'the service does not ask the gate, or is restarted by itself',
  'not-refused': 'the gate did not refuse a start without a deadline',
  'not-started': 'the engine did not start within 4 s with a deadline ahead',
  'ended-early': 'the engine ended by itself before the deadline',
  'killed-early': 'a guard killed the engine before its deadline: the server is too busy, or its clock jumps',
  'not-killed': 'the engine still ran long after its deadline',
  'not-by-guard': 'the engine ended at the deadline, but not by a guard',
  'came-back': 'the service manager started the engine again after the kill',
};

/**
 * Proves gate and guards of one member. With `engine` the engine itself runs for about four seconds, so
 * it must be stopped on both members and no agent of the cluster may run; `stand-in` leaves it alone.
 * Errors: install.guard-test-failed with what was seen; ssh and server errors.
 */
export async function proveGuards(
  server: ServerConnection,
  engine: WantedEngine,
  how: GuardProof['how'],
): Promise<Result<boolean, ProductError>> {
  const guard = `${serverPaths.currentLink}/scripts/guard.sh`;
  const times = [String(leadMs), String(engine.killMs)];
  const argv = ['bash', '-c', guardProofScript, 'ixha-proof', how, engine.run, engine.unit, ...times, guard];
  const what = `the guard test of ${engine.unit}`;
  const printed = await outputOf(server, argv, { what, privileged: true, timeoutMs: 120_000 });
  if (!printed.ok) return printed;
  const seen = z.safeParse(Seen, parseJson(printed.value));
  if (!seen.success)
    return fail(failed(server, engine, 'its result cannot be read', printed.value.split('\n')));
  const { outcome, killMs } = seen.data;
  if (outcome !== 'proven') return fail(failed(server, engine, sentences[outcome], evidenceOf(seen.data)));
  if (killMs > engine.killMs) {
    const why = `the kill took ${killMs} ms, longer than the ${engine.killMs} ms of this timing`;
    return fail(failed(server, engine, why, evidenceOf(seen.data)));
  }
  const proof: GuardProof = { unit: engine.unit, how, killMs, wallTime: new Date().toISOString() };
  const { guardProof } = placesOf(engine.cluster);
  const kept = await server.upload(
    { kind: 'content', content: `${JSON.stringify(proof)}\n` },
    { path: guardProof, mode: '0644', owner: 'root:root' },
  );
  return kept.ok ? succeed(true) : kept;
}

function evidenceOf({ how, state, result, exitStatus, killMs }: Seen): string[] {
  return [
    `tried on ${how === 'engine' ? 'the engine itself' : 'a stand-in process'}`,
    `state ${state}, result ${result}, exit status ${exitStatus}`,
    ...(killMs > 0 ? [`control group empty ${killMs} ms after the deadline`] : []),
  ];
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
