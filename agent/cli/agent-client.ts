import { request } from 'node:https';
import type { TLSSocket } from 'node:tls';
import * as z from 'zod/mini';
import { agentPaths, CommandAnswer, JournalPage, type Command } from '../../shared/agent-api/agent-api.ts';
import { EvidenceReport } from '../../shared/agent-api/member-evidence.ts';
import { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import { ProductError, productError } from '../../shared/errors.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { connectTo } from '../tls/connect-to.ts';
import { renewalNext } from '../tls/time-fault-words.ts';
import type { Target } from './targets.ts';

const limitMs = 3_000;
/** A change is answered once it is durable, where need be with the peer and the lease store: O each. */
const commandLimitMs = 20_000;
const bodyLimit = 4 * 1024 * 1024;

export function fetchStatus(target: Target): Promise<Result<MemberSnapshot, ProductError>> {
  return ask(target, 'GET', agentPaths.status, undefined, MemberSnapshot);
}

export function fetchEvidence(target: Target): Promise<Result<EvidenceReport, ProductError>> {
  return ask(target, 'GET', agentPaths.evidence, undefined, EvidenceReport);
}

export function fetchJournal(
  target: Target,
  from: number,
  limit: number,
): Promise<Result<JournalPage, ProductError>> {
  return ask(target, 'GET', `${agentPaths.journal}?from=${from}&limit=${limit}`, undefined, JournalPage);
}

export function sendCommand(target: Target, command: Command): Promise<Result<CommandAnswer, ProductError>> {
  return ask(target, 'POST', agentPaths.commands, command, CommandAnswer);
}

async function ask<Schema extends z.ZodMiniType>(
  target: Target,
  method: 'GET' | 'POST',
  path: string,
  body: unknown,
  schema: Schema,
): Promise<Result<z.infer<Schema>, ProductError>> {
  const withinMs = method === 'POST' ? commandLimitMs : limitMs;
  const where = `The agent of ${target.cluster} on ${target.server}`;
  let text: string;
  try {
    text = await exchange(target, method, path, body, withinMs);
  } catch (error) {
    return fail(transportError(where, error as Error, withinMs));
  }
  try {
    const json: unknown = JSON.parse(text);
    const parsed = schema.safeParse(json);
    if (parsed.success) return succeed(parsed.data);
    const refused = z.object({ error: ProductError }).safeParse(json);
    return fail(
      refused.success
        ? refused.data.error
        : productError('agent.nonsense', `${where} answered in another form than expected.`),
    );
  } catch {
    return fail(productError('agent.nonsense', `${where} answered something that is not JSON.`));
  }
}

function exchange(
  target: Target,
  method: string,
  path: string,
  body: unknown,
  withinMs: number,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const payload = body === undefined ? '' : JSON.stringify(body);
    const call = request(
      {
        createConnection: () => connectToTarget(target),
        host: target.address,
        port: target.port,
        method,
        path,
        signal: AbortSignal.timeout(withinMs),
        headers:
          payload === ''
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => {
          text += part;
          if (text.length > bodyLimit) call.destroy(new Error('the answer is too large'));
        });
        response.on('end', () => resolve(text));
        response.on('error', reject);
      },
    );
    call.on('error', reject);
    call.end(payload);
  });
}

/** What it excuses is told by the status of that agent, and in its journal. */
function connectToTarget({ credentials, expected, address, port }: Target): TLSSocket {
  return connectTo(credentials, expected, { host: address, port }, () => undefined);
}

function transportError(where: string, error: Error, withinMs: number): ProductError {
  const code = (error as NodeJS.ErrnoException).code;
  if (error.name === 'TimeoutError' || error.name === 'AbortError') {
    return productError('server.timeout', `${where} did not answer within ${withinMs / 1000} s.`);
  }
  if (code === 'IXHA_ENDED_CERTIFICATE') {
    return productError('agent.foreign', `${where}: ${error.message}.`, [], renewalNext);
  }
  if (code === 'IXHA_FOREIGN_CERTIFICATE')
    return productError('agent.foreign', `${where}: ${error.message}.`);
  if (code !== undefined && /^(ERR_SSL|ERR_TLS|SELF_SIGNED|UNABLE_TO|DEPTH_ZERO|CERT_)/.test(code)) {
    return productError(
      'agent.foreign',
      `${where} has a certificate that this site did not issue (${code}).`,
    );
  }
  return productError('agent.unreachable', `${where} cannot be reached: ${code ?? error.message}.`);
}
