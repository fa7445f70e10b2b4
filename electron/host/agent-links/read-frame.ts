import * as z from 'zod/mini';
import { agentApiVersion, StreamFrame } from '../../../shared/agent-api/agent-api.ts';
import type { AgentSnapshot } from '../../../shared/agent-api/member-snapshot.ts';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import { fieldsInError } from '../zod-fields.ts';
import type { AgentEndpoint } from './agent-endpoint.ts';

/** Read before the rest: another major version may have another shape. */
const Versioned = z.object({ snapshot: z.object({ apiVersion: z.string() }) });

/**
 * Reads one frame of an agent's stream. A frame that is not in the contract, speaks for another agent
 * than the connection's, or has another major version is refused, with what is wrong about it.
 */
export function readFrame(text: string, endpoint: AgentEndpoint): Result<StreamFrame, ProductError> {
  const value = parseJson(text);
  if (value === undefined) {
    return fail(productError('agent.nonsense', `${endpoint.name} sent something that is not JSON.`));
  }
  const versioned = z.safeParse(Versioned, value);
  if (versioned.success && !speaksOurVersion(versioned.data.snapshot.apiVersion)) {
    const theirs = versioned.data.snapshot.apiVersion.slice(0, 20);
    return fail(
      productError(
        'agent.version',
        `${endpoint.name} speaks version ${theirs}, the console ${agentApiVersion}.`,
      ),
    );
  }
  const frame = z.safeParse(StreamFrame, value);
  if (!frame.success) {
    return fail(
      productError(
        'agent.nonsense',
        `${endpoint.name} sent a frame outside the contract.`,
        fieldsInError(frame.error),
      ),
    );
  }
  if (frame.data.type === 'snapshot') {
    const stranger = strangerIn(frame.data.snapshot, endpoint);
    if (stranger !== undefined) return fail(stranger);
  }
  return succeed(frame.data);
}

/** Two sides speak when their majors are equal. */
export function speaksOurVersion(theirs: string): boolean {
  return theirs.split('.')[0] === agentApiVersion.split('.')[0];
}

function strangerIn(snapshot: AgentSnapshot, endpoint: AgentEndpoint): ProductError | undefined {
  const cluster = snapshot.kind === 'member' ? snapshot.cluster : null;
  const fits =
    snapshot.kind === endpoint.part && snapshot.server === endpoint.server && cluster === endpoint.cluster;
  if (fits) return undefined;
  const says = `${snapshot.kind} ${cluster === null ? '' : `${cluster} `}on ${snapshot.server}`;
  return productError('agent.foreign', `${endpoint.name} sent a snapshot of ${says}.`);
}
