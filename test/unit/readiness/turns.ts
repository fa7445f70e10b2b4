import type { MemberSnapshot } from '../../../shared/agent-api/member-snapshot.ts';
import type { KeptPreflight } from '../../../shared/readiness/kept-preflight.ts';
import type { JournalSight, SiteScene } from '../../../shared/readiness/scene.ts';
import { fixtures } from '../../screens/fixtures.ts';
import { readinessScene } from '../../screens/readiness-fixtures.ts';

/** One change of a site that is well. */
export type Turn = (scene: SiteScene) => SiteScene;

/** Changes what every member that answers says of itself. */
export const members =
  (change: (snapshot: MemberSnapshot, index: number) => MemberSnapshot): Turn =>
  () => {
    const snapshot = fixtures.healthy();
    for (const cluster of snapshot.site!.clusters) {
      cluster.members.forEach((member, index) => (member.snapshot = change(member.snapshot!, index)));
    }
    return readinessScene(snapshot, { preflight });
  };
export const document =
  (change: (site: SiteScene['document']) => void): Turn =>
  (scene) => {
    const changed = structuredClone(scene.document);
    change(changed);
    return { ...scene, document: changed };
  };
export const journals =
  (changes: Partial<JournalSight>): Turn =>
  (scene) => ({ ...scene, journals: { ...(scene.journals as JournalSight), ...changes } });
export const silent: Turn = () => readinessScene(fixtures['dead-server'](), { preflight });
export const noJournals: Turn = (scene) => ({ ...scene, journals: 'The history could not be opened' });
export const noPreflight: Turn = (scene) => ({ ...scene, preflight: null });
export const gone = { value: null, why: 'no answer', source: 'test', ageMs: 10 } as const;

const sshIds = [
  ...['systemd', 'architecture', 'libc', 'same-system', 'same-memory', 'disk', 'clock-right', 'cgroup'],
  ...[
    'clock-synchronised',
    'clock-difference',
    'boot-clock',
    'memory',
    'engine-open-files',
    'engine-directory',
    'engine-licence',
    'engine-configuration',
  ],
  ...['engine-autostart', 'engine-starters', 'engine-managers', 'engine-others', 'engine-service', 'storage'],
  ...['storage-options', 'storage-space', 'guard-proof', 'way'],
];
export const look = (id: string, verdict: 'ok' | 'failed'): KeptPreflight['checks'][number] => ({
  ...{ id, server: 'ig-north', subject: 'ig-north', what: id, verdict },
  finding: `${id} was looked at`,
  remedy: verdict === 'ok' ? null : 'Mend it.',
});
export const preflight: KeptPreflight = {
  wallTime: '2026-03-13T04:31:24.000Z',
  checks: [
    ...sshIds.map((id) => look(id, 'ok')),
    ...['ig-north', 'ig-south'].flatMap((subject) =>
      ['WK1', 'WK2'].map((id) => ({
        ...look('engine-version', 'ok'),
        ...{ subject, what: `version of the engine of ${id}`, finding: 'it says 10.1.2' },
      })),
    ),
  ],
};
export function seen<Value>(value: Value) {
  return { value, source: 'test', ageMs: 10 };
}
export function note(sentence: string) {
  return { cluster: 'WK1', server: 'ig-north', wallTime: '2026-03-13T03:00:00.000Z', sentence };
}
export function unproven(snapshot: MemberSnapshot): MemberSnapshot {
  return { ...snapshot, storage: { ...snapshot.storage, proven: gone } };
}
export function withProof(
  snapshot: MemberSnapshot,
  value: { tookMs: number; usedPercent: number | null },
): MemberSnapshot {
  return { ...snapshot, storage: { ...snapshot.storage, proven: seen(value) } };
}
export function withGeneration(
  snapshot: MemberSnapshot,
  generation: MemberSnapshot['storage']['generation'],
): MemberSnapshot {
  return { ...snapshot, storage: { ...snapshot.storage, generation } };
}
export function trouble({ evidence }: MemberSnapshot, code: string): MemberSnapshot['evidence'] {
  const found = { code, sentence: 'It is not well.', next: 'Look into its log.', moveHelps: 'no' as const };
  return evidence && { ...evidence, troubles: [found] };
}
export function storageLook(
  { evidence }: MemberSnapshot,
  code: string,
  lateWrite: null,
): MemberSnapshot['evidence'] {
  return evidence && { ...evidence, storage: { code, sentence: 'As said.', next: 'Mend it.', lateWrite } };
}
export function withChain(scene: SiteScene, chainBroken: boolean | null): SiteScene {
  const known = scene.journals as JournalSight;
  return journals({ journals: known.journals.map((one) => ({ ...one, chainBroken })) })(scene);
}
export function withVersions(scene: SiteScene, north: string, south: string): SiteScene {
  const checks = preflight.checks.map((check) =>
    check.id === 'engine-version'
      ? { ...check, finding: `it says ${check.subject === 'ig-north' ? north : south}` }
      : check,
  );
  const told = members((snapshot) => ({ ...snapshot, engine: { ...snapshot.engine, api: gone } }))(scene);
  return { ...told, preflight: { ...preflight, checks } };
}
export function withoutDemoBalancer(scene: SiteScene): SiteScene {
  const snapshot = fixtures.healthy();
  for (const cluster of snapshot.site!.clusters) cluster.balancer = null;
  return { ...readinessScene(snapshot), balancer: scene.balancer };
}
export function withCertificates(days: number): SiteScene {
  const snapshot = fixtures.healthy();
  const certificateEndsInMs = days * 86_400_000;
  for (const cluster of snapshot.site!.clusters) {
    for (const member of cluster.members) member.snapshot = { ...member.snapshot!, certificateEndsInMs };
  }
  const witness = snapshot.site!.witness!;
  witness.snapshot = { ...witness.snapshot!, certificateEndsInMs };
  return readinessScene(snapshot);
}
export function copied(lagMs: number | null): Turn {
  return (scene) => {
    const copy = {
      direction: 'sends' as const,
      ...{ complete: null, lagMs, lagLimitMs: 60_000, unsentBytes: null, failure: null, loss: null },
    };
    const told = members((snapshot) => ({ ...snapshot, storage: { ...snapshot.storage, copy } }))(scene);
    return document((site) => {
      for (const cluster of site.clusters) {
        cluster.storage = { kind: 'copied', directory: `/srv/${cluster.id}`, mustBeMount: false };
      }
    })(told);
  };
}
export function nobodyHeard() {
  const snapshot = fixtures.healthy();
  for (const { members: own } of snapshot.site!.clusters) {
    for (const member of own) member.link = { ...member.link, state: 'lost', heardMs: 60_000 };
  }
  return snapshot;
}
