import { armedSite, movable, type Fault } from '../fault.ts';
import { unprovenTaker } from '../fault-facts.ts';
import {
  blockOf,
  bringsBack,
  decides,
  diesWithServer,
  noticesSilence,
  outside,
  personMoves,
  servesAgain,
  triedThreeTimes,
  triesToTakeOver,
  withheldBy,
} from '../fault-moments.ts';
import { comesBack, givesLease, givesOn, stopsForMove, takesBack } from '../move-moments.ts';
import { membersOf } from '../healthy-members.ts';

export const peopleFaults: readonly Fault[] = [
  {
    number: 19,
    id: 'flapping',
    group: 'People',
    onlyFor: armedSite,
    title: 'It has failed over too often in an hour',
    happens: 'Further automatic failovers are blocked, so that it does not go to and fro.',
    moments: (scene) => [
      diesWithServer(scene),
      noticesSilence(scene),
      ...triesToTakeOver(scene, withheldBy(scene, { block: blockOf(scene) })),
      personMoves(
        scene,
        'Finds out what is the matter, and lets the other server take over or ends the block.',
        bringsBack(scene),
      ),
    ],
  },
  {
    number: 20,
    id: 'maintenance',
    group: 'People',
    onlyFor: armedSite,
    title: 'The Active dies during maintenance',
    happens: 'Agents start, stop and move nothing until it ends.',
    moments: (scene) => [
      diesWithServer(scene),
      noticesSilence(scene),
      ...triesToTakeOver(
        scene,
        withheldBy(scene, { maintenance: { reason: 'patching', by: 'admin-1', leftMs: 20 * 60_000 } }),
      ),
      personMoves(
        scene,
        'Ends the maintenance, or waits for its end: the other one takes over then by itself.',
        `${bringsBack(scene)} The maintenance has to be ended too.`,
      ),
    ],
  },
  {
    number: 21,
    id: 'returns',
    group: 'People',
    title: 'The old Active comes back after a failover',
    happens:
      'It is Passive, whatever it thinks of itself; whether it is moved back, is set for each cluster.',
    servedBy: 'passive',
    onlyFor: movable,
    moments: comesBack,
  },
  {
    number: 59,
    id: 'start-by-hand',
    group: 'People',
    title: 'Somebody starts the engine’s service on the Passive',
    happens: 'Before each start the service asks the gate, which refuses while no deadline lies ahead.',
    onlyFor: armedSite,
    moments: (scene) => [
      outside('happens', membersOf(scene).passive.name, 'fault', 'The gate refuses the start, and says why.'),
      decides('passive', 'process-seen'),
      decides('active', 'process-seen'),
    ],
  },
  {
    number: 60,
    id: 'move-fails',
    group: 'People',
    title: 'The target of a planned move cannot serve',
    happens: 'Its storage fails in the middle: tried three times, then the cluster goes back where it was.',
    inMove: true,
    onlyFor: movable,
    moments: (scene) => [
      stopsForMove(scene),
      ...givesLease(scene),

      triedThreeTimes(scene, 'passive', 'prove-storage', {
        at: 'fault',
        says: 'Its storage cannot be proven',
        after: 'acquire',
      }),
      decides('taker', 'fault', unprovenTaker(scene), { after: ['acquire'] }),
      decides('active', 'fault', takesBack(scene), { after: ['end-epoch'] }),
      servesAgain('acquire', 'It serves again: storage proven, its generation raised, engine started.'),
    ],
  },
  {
    number: 61,
    id: 'move-agent-dies',
    group: 'People',
    title: 'The agent dies in the middle of a planned move',
    happens: 'The change is on its disk: the restarted agent chooses each step anew, from what it sees.',
    inMove: true,
    onlyFor: movable,
    moments: (scene) => [
      stopsForMove(scene),
      outside(
        'happens',
        membersOf(scene).active.name,
        'fault',
        'Its agent dies, and the system restarts it.',
        {
          after: ['stop-engine'],
        },
      ),
      ...givesOn(scene),
    ],
  },
  {
    number: 62,
    id: 'console-off',
    group: 'People',
    title: 'The console is closed, or its workstation is off',
    happens: 'Agents decide by themselves: a console only watches and asks.',
    moments: () => [decides('active', 'fault'), decides('passive', 'fault')],
  },
];
