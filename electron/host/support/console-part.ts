import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { agentPaths } from '../../../shared/agent-api/agent-api.ts';
import { EvidenceReport } from '../../../shared/agent-api/member-evidence.ts';
import { AgentSnapshot } from '../../../shared/agent-api/member-snapshot.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import { clusterTiming, memberPorts } from '../../../shared/site/site-rules.ts';
import { evidenceFields, snapshotFields } from '../../../shared/support/agent-fields.ts';
import { allowValue, type AllowedWords } from '../../../shared/support/allowed-text.ts';
import type { BundlePart } from '../../../shared/support/bundle-entries.ts';
import {
  jsonFile,
  supportFile,
  type NotHad,
  type SupportFile,
} from '../../../shared/support/support-material.ts';
import { agentEndpoints, type AgentEndpoint } from '../agent-links/agent-endpoint.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';

export interface ConsoleView {
  readonly site: SiteDocument;
  /** Null: this workstation has no certificate of the site. */
  readonly ask: AskAgent | null;
  readonly profileDirectory: string;
  readonly allowed: AllowedWords;
}

const askWithinMs = 5_000;
const transcriptLines = 2_000;

/** What this workstation sees and has kept: site, agents' answers over their own port, installations. */
export async function consolePart(view: ConsoleView): Promise<BundlePart> {
  const parts = await Promise.all([
    ...agentEndpoints(view.site).map((endpoint) => agentAnswers(view, endpoint)),
    transcript(view),
    ownCertificate(view),
  ]);
  const site = jsonFile('site.json', siteFields(view.site));
  return {
    name: 'console',
    files: [site, ...parts.flatMap(({ files }) => files)],
    missing: parts.flatMap(({ missing }) => missing),
  };
}

interface Seen {
  readonly files: readonly SupportFile[];
  readonly missing: readonly NotHad[];
}

async function agentAnswers({ ask, allowed }: ConsoleView, endpoint: AgentEndpoint): Promise<Seen> {
  const what = `the answers of ${endpoint.name} to this console`;
  if (ask === null)
    return { files: [], missing: [{ what, why: 'This workstation has no certificate of the site.' }] };
  const folder = `${endpoint.cluster ?? 'witness'}-${endpoint.server}`;
  const status = await ask(endpoint, {
    path: agentPaths.status,
    schema: AgentSnapshot,
    withinMs: askWithinMs,
  });
  if (!status.ok)
    return { files: [], missing: [{ what, why: `${status.error.message} [${status.error.code}]` }] };
  const snapshot = status.value.kind === 'member' ? snapshotFields(status.value) : status.value;
  const files = [jsonFile(`${folder}/status.json`, allowValue(snapshot, allowed))];
  if (endpoint.cluster === null) return { files, missing: [] };
  const evidence = await ask(endpoint, {
    path: agentPaths.evidence,
    schema: EvidenceReport,
    withinMs: askWithinMs,
  });
  if (!evidence.ok) return { files, missing: [{ what: `${what}: evidence`, why: evidence.error.message }] };
  return {
    files: [
      ...files,
      jsonFile(
        `${folder}/evidence.json`,
        allowValue(evidence.value && evidenceFields(evidence.value), allowed),
      ),
    ],
    missing: [],
  };
}

/** The site field by field: what is not named here stays on this workstation. Pure. */
export function siteFields(site: SiteDocument) {
  return {
    id: site.id,
    version: site.version,
    servers: site.servers.map(({ id, address }) => ({ id, address })),
    leaseStore:
      site.leaseStore.kind === 'witness'
        ? { kind: 'witness', server: site.leaseStore.server, port: site.leaseStore.port }
        : {
            kind: 'etcd',
            endpoints: site.leaseStore.endpoints.map(({ address, port }) => `${address}:${port}`),
          },
    loadBalancer: site.loadBalancer.kind,
    clusters: site.clusters.map((cluster) => ({
      id: cluster.id,
      index: cluster.index,
      timing: clusterTiming(cluster),
      storage: cluster.storage.kind,
      pollers: cluster.pollers.length,
      members: cluster.members.map((member) => ({
        server: member.server,
        preferred: member.preferred,
        unit: member.engine.service.unit,
        ports: { api: memberPorts(cluster, member).api, active: memberPorts(cluster, member).active },
      })),
    })),
  };
}

/** The newest steps of installations and upgrades: where, what, and how they ended. */
async function transcript({ profileDirectory, allowed }: ConsoleView): Promise<Seen> {
  const what = 'the record of installations';
  try {
    const text = await readFile(join(profileDirectory, 'install-transcript.jsonl'), 'utf8');
    const lines = text.trim().split('\n').slice(-transcriptLines).map(parseJson).map(transcriptLine);
    const kept = lines.map((line) => JSON.stringify(allowValue(line, allowed)));
    return {
      files: [supportFile('install-transcript.jsonl', kept.map((line) => `${line}\n`).join(''))],
      missing: [],
    };
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    return { files: [], missing: [{ what, why: `It cannot be read (${code ?? 'damaged'}).` }] };
  }
}

function transcriptLine(value: unknown) {
  const line = (typeof value === 'object' ? value : null) as Partial<Record<string, unknown>> | null;
  const error = line?.['error'] as Partial<Record<string, unknown>> | undefined;
  const { at, server, step, state, changed } = line ?? {};
  return {
    at,
    server,
    step,
    state,
    changed,
    ...(error && { code: error['code'], message: error['message'] }),
  };
}

async function ownCertificate({ profileDirectory }: ConsoleView): Promise<Seen> {
  try {
    const pem = await readFile(join(profileDirectory, 'console/certificate.pem'));
    const { serialNumber, validToDate } = new X509Certificate(pem);
    return {
      files: [jsonFile('certificate.json', { serialNumber, validTo: validToDate.toISOString() })],
      missing: [],
    };
  } catch {
    return { files: [], missing: [{ what: 'the certificate of this console', why: 'It cannot be read.' }] };
  }
}
