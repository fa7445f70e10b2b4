import type { TLSSocket } from 'node:tls';
import * as z from 'zod/mini';
import { agentPaths, CommandAnswer, JournalPage, type Command } from '../../shared/agent-api/agent-api.ts';
import { EngineLogAnswer } from '../../shared/agent-api/engine-log.ts';
import { EvidenceReport } from '../../shared/agent-api/member-evidence.ts';
import { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import { ProductError, productError } from '../../shared/errors.ts';
import { AcknowledgeAnswer, type AcknowledgeOrder } from '../../shared/notifications/acknowledgement.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { exchangeText } from '../api/exchange-text.ts';
import { connectTo } from '../tls/connect-to.ts';
import { revokedCode } from '../tls/judge-certificate.ts';
import { renewalNext } from '../tls/time-fault-words.ts';
import type { Target } from './targets.ts';

const limitMs = 3_000;
/** A change is answered once it is durable, where need be with the peer and the lease store: O each. */
const commandLimitMs = 20_000;
/** Its parts are read one after the other, each within a limit of its own. */
const logLimitMs = 12_000;
const bodyLimit = 4 * 1024 * 1024;

export function fetchStatus(target: Target): Promise<Result<MemberSnapshot, ProductError>> {
  return ask(target, 'GET', agentPaths.status, undefined, MemberSnapshot);
}

export function fetchEvidence(target: Target): Promise<Result<EvidenceReport, ProductError>> {
  return ask(target, 'GET', agentPaths.evidence, undefined, EvidenceReport);
}

/** What the directory of that member has of the engine's own logs around the beginning of an epoch. */
export function fetchEngineLog(
  target: Target,
  epoch: number,
): Promise<Result<EngineLogAnswer, ProductError>> {
  return ask(target, 'GET', `${agentPaths.engineLog}?epoch=${epoch}`, undefined, EngineLogAnswer, logLimitMs);
}

export function fetchJournal(
  target: Target,
  from: number,
  limit: number,
): Promise<Result<JournalPage, ProductError>> {
  return ask(target, 'GET', `${agentPaths.journal}?from=${from}&limit=${limit}`, undefined, JournalPage);
}

export function sendCommand(target: Target, command: Command): Promise<Result<CommandAnswer, ProductError>> {
  const { administrator } = target;
  const said = administrator === undefined ? command : { ...command, administrator };
  return ask(target, 'POST', agentPaths.commands, said, CommandAnswer);
}

export function sendAcknowledgement(
  target: Target,
  order: AcknowledgeOrder,
): Promise<Result<z.infer<typeof AcknowledgeAnswer>, ProductError>> {
  return ask(target, 'POST', agentPaths.acknowledge, order, AcknowledgeAnswer);
}

async function ask<Schema extends z.ZodMiniType>(
  target: Target,
  method: 'GET' | 'POST',
  path: string,
  body: unknown,
  schema: Schema,
  withinMs = method === 'POST' ? commandLimitMs : limitMs,
): Promise<Result<z.infer<Schema>, ProductError>> {
  const where = `The agent of ${target.cluster} on ${target.server}`;
  let text: string;
  try {
    const { address, port } = target;
    const call = { address, port, method, path, body, withinMs, answerBytes: bodyLimit };
    text = await exchangeText(() => connectToTarget(target), call);
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

/** What it excuses is told by the status of that agent, and in its journal. */
function connectToTarget({ credentials, revocations, expected, address, port }: Target): TLSSocket {
  return connectTo({ credentials, revocations, onExcused: () => undefined }, expected, {
    host: address,
    port,
  });
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
  if (code === revokedCode) return productError('agent.revoked', `${where}: ${error.message}.`);
  if (code !== undefined && /^(ERR_SSL|ERR_TLS|SELF_SIGNED|UNABLE_TO|DEPTH_ZERO|CERT_)/.test(code)) {
    return productError(
      'agent.foreign',
      `${where} has a certificate that this site did not issue (${code}).`,
    );
  }
  return productError('agent.unreachable', `${where} cannot be reached: ${code ?? error.message}.`);
}
