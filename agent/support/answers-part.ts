import { request } from 'node:http';
import type { EvidenceReport } from '../../shared/agent-api/member-evidence.ts';
import type { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import { allowValue, type AllowedWords } from '../../shared/support/allowed-text.ts';
import { evidenceFields, snapshotFields } from '../../shared/support/agent-fields.ts';
import { jsonFile, type NotHad, type SupportFile } from '../../shared/support/support-material.ts';
import { fetchEvidence, fetchStatus } from '../cli/agent-client.ts';
import type { Target } from '../cli/targets.ts';
import type { Collected } from './support-scene.ts';

/** What the agent of one member says of itself now. */
export async function agentPart(target: Target, allowed: AllowedWords): Promise<Collected> {
  const [status, evidence] = await Promise.all([fetchStatus(target), fetchEvidence(target)]);
  const files: SupportFile[] = [];
  const missing: NotHad[] = [];
  const keep = (name: string, value: MemberSnapshot | EvidenceReport) =>
    files.push(jsonFile(`${target.cluster}/${name}.json`, allowValue(value, allowed)));
  if (status.ok) keep('status', snapshotFields(status.value));
  else
    missing.push({
      what: `the status of the agent of ${target.cluster}`,
      why: `It does not answer (${status.error.code}).`,
    });
  if (evidence.ok) keep('evidence', evidenceFields(evidence.value));
  else
    missing.push({
      what: `the evidence of the agent of ${target.cluster}`,
      why: `It does not answer (${evidence.error.code}).`,
    });
  return { files, missing };
}

const answerWithinMs = 3_000;

/** What a load balancer would be answered here: the number of the answer and nothing of its text. */
export async function activePart(cluster: string, address: string, port: number): Promise<SupportFile[]> {
  const answers = await Promise.all(
    ['/active', '/passive', '/healthy'].map(
      async (path) => [path, await statusOf(address, port, path)] as const,
    ),
  );
  return [jsonFile(`${cluster}/balancer-answers.json`, Object.fromEntries(answers))];
}

function statusOf(host: string, port: number, path: string): Promise<number | string> {
  return new Promise((resolve) => {
    const call = request({ host, port, path, agent: false, signal: AbortSignal.timeout(answerWithinMs) });
    call.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    call.on('error', (error) =>
      resolve(`no answer (${(error as NodeJS.ErrnoException).code ?? 'too late'})`),
    );
    call.end();
  });
}
