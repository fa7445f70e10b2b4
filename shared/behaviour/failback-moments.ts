import type { FactChanges } from '../failover/constructed-facts.ts';
import type { OwnOperation } from '../failover/member-facts.ts';
import type { Instant } from './fault-instants.ts';
import { decides, outside, person, type Moment } from './fault-moments.ts';
import type { FaultScene } from './fault-scene.ts';
import { membersOf } from './healthy-members.ts';

/** The former Active comes back beside the one that has taken over, and gets the cluster back if the site says so. */
export function comesBack(scene: FaultScene): Moment[] {
  const { active } = membersOf(scene);
  return [
    outside(
      'happens',
      active.name,
      'fault',
      'Its agent is started again, and the gate lets nobody start its engine.',
      {
        onlyIf: 'armed',
      },
    ),
    decides('active', 'process-seen', formerActive(scene)),
    decides('taker', 'process-seen'),
    ...movesBack(scene),
    ...(scene.failbackMinutes === null
      ? [person(`Moves the cluster back to ${active.name} when that suits, or leaves it.`)]
      : []),
  ];
}

/** What the rules do once the preferred member has been fit for as long as the site asks. */
function movesBack(scene: FaultScene): Moment[] {
  const { failbackMinutes } = scene;
  if (failbackMinutes === null) return [];
  const at: Instant = { minutes: failbackMinutes };
  const { active } = membersOf(scene);
  const operation: OwnOperation = {
    id: 'failback',
    kind: 'failback',
    to: active.server,
    epoch: 6,
    requestedBy: 'rule R38',
    reason: '',
  };
  const stopped: FactChanges = {
    operation,
    serving: false,
    engine: { process: { value: 'stopped' }, api: { value: null, why: 'the engine is stopped' } },
    ledgerSealedEpoch: 6,
  };
  const given = { ...stopped, storage: { copied: { state: { givenEpoch: 6 } } } };
  const copied = scene.storage === 'copied';
  return [
    decides('taker', at, { peer: { fitForMs: failbackMinutes * 60_000 } }),
    decides(
      'taker',
      at,
      { operation, serving: false, engine: { pollers: { value: { on: 0, total: 1 } } } },
      { phase: 'old-ends', ends: true, after: ['begin-failback'] },
    ),
    decides('taker', at, stopped, { after: ['stop-engine'] }),
    ...(copied ? [decides('taker', at, given, { after: ['copy-last'] })] : []),
    decides('active', at, takesBack(scene), { after: ['end-epoch'] }),
    {
      kind: 'serves',
      member: 'active',
      says: 'It serves again: storage proven, its generation raised, engine and components started, the balancer told.',
      after: ['acquire'],
    },
  ];
}

/** The former Active, which is Passive now, beside the one that has taken over. */
function formerActive(scene: FaultScene): FactChanges {
  const { passive } = membersOf(scene);
  return {
    serving: false,
    engine: {
      process: { value: 'stopped' },
      api: { value: null, why: 'the engine is stopped' },
      startedEpoch: null,
    },
    peer: { role: 'active', epoch: 6, engineRunning: true },
    memory: { ended: 5 },
    lease: {
      held: false,
      leftMs: 0,
      holder: passive.server,
      lastHolder: passive.server,
      storeEpoch: 6,
    },
  };
}

/** The same when the other one has ended its epoch and reserved the lease for it. */
function takesBack(scene: FaultScene): FactChanges {
  const { active } = membersOf(scene);
  const former = formerActive(scene);
  return {
    ...former,
    peer: { role: 'passive', epoch: 6, engineRunning: false },
    lease: { ...former.lease, holder: null, freeInMs: 0, reservedFor: active.server },
    ...(scene.storage === 'copied' && {
      storage: {
        copied: {
          state: {
            whole: {
              epoch: 6,
              sequence: 1,
              final: true,
              readAtMs: 99_000,
              bytes: 0,
              files: 0,
              wallTime: '',
            },
          },
        },
      },
    }),
  };
}
