import { productError, type ProductError } from '../../../shared/errors.ts';
import type { AskedMember } from '../../../shared/upgrade/member-health.ts';

/** How one cluster is armed. */
export interface ClusterArming {
  readonly cluster: string;
  /** The server whose engine runs or is Active already; null: the cluster is at rest. */
  readonly active: string | null;
  /** Members that only observe, by server: everything is still to be done there. */
  readonly observing: readonly string[];
  /** Members that have begun to take their running engine over, by server. */
  readonly arming: readonly string[];
}

/** What the members of one cluster tell, as the way to arm them. Pure. */
export function clusterArming(cluster: string, members: readonly AskedMember[]): ClusterArming {
  const inMode = (mode: 'observe' | 'arming') =>
    members.filter(({ snapshot }) => snapshot?.mode === mode).map(({ server }) => server);
  const running = members.find(({ snapshot }) => snapshot?.engine.process.value === 'running');
  return {
    cluster,
    active: running?.server ?? null,
    observing: inMode('observe'),
    arming: inMode('arming'),
  };
}

/** Every reason not to arm a cluster now, each with its remedy. Pure; empty: it can be armed. */
export function armingRefusals(cluster: string, members: readonly AskedMember[]): ProductError[] {
  const refuse = (said: string, next?: string) => productError('arm.refused', said, [], next);
  const silent = members
    .filter(({ snapshot }) => snapshot === null)
    .map(({ name, why }) =>
      refuse(
        `The agent of ${name} does not answer: ${why ?? 'no answer'}.`,
        'Install the site in observe mode first, or start that agent.',
      ),
    );
  const running = members.filter(({ snapshot }) => snapshot?.engine.process.value === 'running');
  const both =
    running.length > 1
      ? [
          refuse(
            `The engine of ${cluster} runs twice: ${running.map(({ name }) => name).join(' and ')}.`,
            'Stop the one that does not process messages, then arm again.',
          ),
        ]
      : [];
  const told = members.flatMap(({ name, snapshot }) =>
    snapshot?.mode === undefined
      ? []
      : (snapshot.arming?.blockers ?? [])
          .filter(({ code }) => code !== 'both-run')
          .map(({ reason, remedy }) => refuse(`${name}: ${reason}`, remedy)),
  );
  return [...silent, ...both, ...told];
}
