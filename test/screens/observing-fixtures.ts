import type { Blocker } from '../../shared/agent-api/member-snapshot.ts';
import type { ConsoleSnapshot } from '../../shared/console-ipc/console-snapshot.ts';
import { healthy } from './site-fixture.ts';

const storage: Blocker = {
  code: 'storage',
  reason: 'Its storage is not proven: /share/wk1 is not mounted.',
  remedy: 'Mount the shared directory of this cluster there and check its rights.',
};

/** The whole site is only observed: no guard beats and nobody holds a lease; WK1 cannot be armed yet. */
export function observing(): ConsoleSnapshot {
  const snapshot = healthy();
  for (const { id, members } of snapshot.site?.clusters ?? []) {
    for (const { snapshot: told } of members) {
      if (told === null) continue;
      const runs = told.engine.process.value === 'running';
      told.mode = 'observe';
      told.arming = { blockers: id === 'WK1' && !runs ? [storage] : [] };
      told.guards = told.guards.map((guard) => ({ ...guard, beating: false, ageMs: null }));
      told.lease = { ...told.lease, state: 'free', leftMs: 0, holder: null, renewedMs: null, freeInMs: 0 };
      told.automaticFailover = { state: 'off', reason: 'The site is only observed.' };
      told.blockers = [
        {
          code: 'not-armed',
          reason: 'The site is not armed yet: nothing is started, stopped or moved.',
          remedy: 'Arm it once nothing speaks against that.',
        },
      ];
      told.decision = {
        ...told.decision,
        ruleId: 'R70',
        verdict: 'wait',
        headline: `${told.serverName} only observes`,
        reason: runs
          ? `nothing is done; its engine runs without protection; armed, it would decide: ${told.serverName} stays Active: it holds the lease of epoch 0, its engine answers, and both guards beat (R33, all-well)`
          : 'nothing is done; its engine is stopped; armed, it would decide: it stays Passive (R52, peer-active)',
      };
    }
  }
  return snapshot;
}
