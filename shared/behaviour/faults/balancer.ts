import { movable, type Fault } from '../fault.ts';
import { decides, outside, person, personMoves } from '../fault-moments.ts';
import { formerActive } from '../move-moments.ts';
import { membersOf } from '../healthy-members.ts';

export const balancerFaults: readonly Fault[] = [
  {
    number: 53,
    id: 'balancer-down',
    group: 'Load balancer',
    title: 'The load balancer is down',
    happens: 'No rule looks at it: the engine runs, and no sender reaches it. A move would not help.',
    messages: 'None arrives: senders wait and send again. What the engine has is worked on.',
    leftToPerson: true,
    moments: () => [
      decides('active', 'fault'),
      decides('passive', 'fault'),
      person('Brings it back; npm run site -- balancer verify FILE shows whether senders reach the Active.'),
    ],
  },
  {
    number: 54,
    id: 'balancer-blind',
    group: 'Load balancer',
    title: 'The load balancer does not reach the Active',
    happens: 'To the balancer nobody is Active; members and lease store see each other, so nothing moves.',
    messages: 'None arrives: senders wait and send again. What the engine has is worked on.',
    leftToPerson: true,
    moments: (scene) => [
      decides('active', 'fault'),
      decides('passive', 'fault'),
      personMoves(
        scene,
        'Mends that way, or moves the cluster if the balancer reaches the other server.',
        'Mends that way.',
      ),
    ],
  },
  {
    number: 55,
    id: 'balancer-late',
    group: 'Load balancer',
    title: 'The load balancer still sends to the old Active after a move',
    happens: 'Until its next check: the old engine is stopped, so nothing is taken on there.',
    messages: 'Connections to the old server are refused: senders wait and send again.',
    servedBy: 'passive',
    onlyFor: movable,
    moments: (scene) => [
      decides('active', 'fault', formerActive(scene)),
      outside(
        'happens',
        membersOf(scene).active.name,
        'fault',
        'Its engine is stopped and held by the gate, and /active answers 503. Connections that were open have ended with the engine.',
        { onlyIf: 'armed' },
      ),
      decides('taker', 'fault'),
    ],
  },
];
