import * as z from 'zod/mini';
import type { BundlePart } from '../../../shared/support/bundle-entries.ts';
import { partOf } from '../../../shared/support/bundle-entries.ts';
import { jsonFile, SupportMaterial, supportLimits } from '../../../shared/support/support-material.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import type { ProductError } from '../../../shared/errors.ts';
import type { Server } from '../../../shared/site/site-document.ts';
import type { InstallInputs } from '../install/prepare-site.ts';
import { serverPaths } from '../install/server-paths.ts';
import { measureClock } from '../preflight/measure-clock.ts';
import type { ServerConnection } from '../ssh/server-connection.ts';

const collectMs = 120_000;
/** As JSON in UTF-8 it is longer than its characters. */
const outputBytes = 2 * supportLimits.serverCharacters;

export type ReachServer = Pick<InstallInputs, 'connect' | 'target'>;

/**
 * What the program on one server has collected there, and how far its clock is off from this workstation's. A server
 * that cannot be reached is a part with nothing but why.
 *
 * @param hasAgent a balancer alone has no program of ours that could collect
 */
export async function serverPart(
  server: Server,
  { connect, target }: ReachServer,
  opened: ServerConnection[],
  hasAgent: boolean,
): Promise<BundlePart> {
  const reached = await target(server);
  if (!reached.ok) return nothing(server, 'everything on the server itself', reached.error);
  const connection = await connect(reached.value);
  if (!connection.ok) return nothing(server, 'everything on the server itself', connection.error);
  opened.push(connection.value);
  const clock = await measureClock(connection.value, () => Date.now());
  const none: BundlePart = { name: server.id, files: [], missing: [] };
  const part = hasAgent ? await collectThere(server, connection.value) : none;
  const files = clock === undefined ? [] : [jsonFile('system/clock.json', { againstTheConsole: clock })];
  return { ...part, files: [...part.files, ...files] };
}

async function collectThere(server: Server, connection: ServerConnection): Promise<BundlePart> {
  const what = 'what its own program collects';
  const program = [
    `${serverPaths.currentLink}/node`,
    `${serverPaths.currentLink}/ixha.cjs`,
    'collect-support',
  ];
  const options = { privileged: true, timeoutMs: collectMs, maxOutputBytes: outputBytes };
  const done = await connection.run(program, options);
  if (!done.ok) return nothing(server, what, done.error);
  const { exitCode, stdout, truncated } = done.value;
  if (exitCode !== 0) {
    const why = `It ended with ${exitCode ?? 'a signal'}: nothing is installed there, or a version that cannot collect.`;
    return { name: server.id, files: [], missing: [{ what, why }] };
  }
  const material = z.safeParse(SupportMaterial, truncated ? undefined : parseJson(stdout));
  if (material.success) return partOf(server.id, material.data);
  return {
    name: server.id,
    files: [],
    missing: [{ what, why: 'Its answer has another form than expected.' }],
  };
}

function nothing(server: Server, what: string, error: ProductError): BundlePart {
  return { name: server.id, files: [], missing: [{ what, why: `${error.message} [${error.code}]` }] };
}
