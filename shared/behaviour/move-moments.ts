import type { FactChanges } from '../failover/constructed-facts.ts';
import type { OwnOperation } from '../failover/member-facts.ts';
import type { Instant } from './fault-instants.ts';
import {
  decides,
  outside,
  person,
  secondsWords,
  serves,
  servesAgain,
  type DecisionMoment,
  type Moment,
} from './fault-moments.ts';
import { crashed, leaseFree } from './fault-facts.ts';
import { stepTerms } from '../failover/step-terms.ts';
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

const servesBack =
  'It serves again: storage proven, its generation raised, engine and components started, the balancer told.';

/** What the rules do once the preferred member has been fit for as long as the site asks. */
function movesBack(scene: FaultScene): Moment[] {
  const { failbackMinutes } = scene;
  if (failbackMinutes === null) return [];
  const at: Instant = { minutes: failbackMinutes };
  const operation = asked('failback', membersOf(scene).active.server, takersEpoch);
  return [
    decides('taker', at, { peer: { fitForMs: failbackMinutes * 60_000 } }),
    { ...stops('taker', at, operation), after: ['begin-failback'] },
    ...endsEpoch(scene, 'taker', at, operation),
    decides('active', at, takesBack(scene), { after: ['end-epoch'] }),
    servesAgain('acquire', servesBack),
  ];
}

/** Epochs of the constructed facts: that of the Active, and that of whoever takes over from it. */
const activesEpoch = 5;
const takersEpoch = 6;

function asked(kind: 'failback' | 'switchover', to: string, epoch: number): OwnOperation {
  return { id: kind, kind, to, epoch, requestedBy: '', reason: '' };
}

/** The engine is stopped for a move: from here on nobody is Active. */
function stops(member: DecisionMoment['member'], at: Instant, operation: OwnOperation): DecisionMoment {
  const facts = { operation, serving: false, engine: { pollers: { value: { on: 0, total: 1 } } } };
  return decides(member, at, facts, { phase: 'old-ends', ends: true });
}

/** Its epoch ends once its engine is stopped; a copied directory is complete on the other server before. */
function endsEpoch(
  scene: FaultScene,
  member: DecisionMoment['member'],
  at: Instant,
  operation: OwnOperation,
): Moment[] {
  const { epoch } = operation;
  const stopped: FactChanges = { ...crashed(0), operation, ledgerSealedEpoch: epoch };
  const given = { ...stopped, storage: { copied: { state: { givenEpoch: epoch } } } };
  return [
    decides(member, at, stopped, { after: ['stop-engine'] }),
    ...(scene.storage === 'copied' ? [decides(member, at, given, { after: ['copy-last'] })] : []),
  ];
}

/** A person has asked for a move: the Active stops its engine. */
export function stopsForMove(scene: FaultScene): Moment {
  return stops('active', 'fault', asked('switchover', membersOf(scene).passive.server, activesEpoch));
}

/** The Active ends its epoch, and the other one acquires the lease. */
export function givesLease(scene: FaultScene): Moment[] {
  const { passive } = membersOf(scene);
  const free = leaseFree(scene);
  const takes: FactChanges = {
    ...free,
    peer: { role: 'passive', engineRunning: false, operationToUs: 'switchover' },
    lease: { ...free.lease, reservedFor: passive.server },
    ...(scene.storage === 'copied' && { storage: { copied: { state: { whole: { final: true } } } } }),
  };
  return [
    ...endsEpoch(scene, 'active', 'fault', asked('switchover', passive.server, activesEpoch)),
    decides('passive', 'fault', takes, { after: ['end-epoch'] }),
  ];
}

/** The same, and the other one serves. */
export const givesOn = (scene: FaultScene): Moment[] => [...givesLease(scene), ...serves(scene)];

/** The engine ignores its stop until the limit of that step. */
export function refusesToStop(scene: FaultScene): Moment {
  const limitMs = stepTerms['stop-engine'].limitMs(scene.timing);
  const says = `It does not stop: after ${secondsWords(limitMs)} it is killed.`;
  const more = { after: ['stop-engine'], lasts: limitMs / 1000 } as const;
  return outside('happens', membersOf(scene).active.name, 'fault', says, more);
}

/** The former Active, which is Passive now, beside the one that has taken over. */
export function formerActive(scene: FaultScene): FactChanges {
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
export function takesBack(scene: FaultScene): FactChanges {
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
