import { leaseInstants } from '../../lease/timing.ts';
import { withEtcd, type Fault } from '../fault.ts';
import {
  answeredLate,
  cutOff,
  forgetfulStore,
  leaseLeftWhenCutOff,
  onPromise,
  promiseGiven,
  storeSilent,
} from '../fault-facts.ts';
import {
  decides,
  endsItself,
  limitOfLateRenewals,
  outside,
  person,
  personMoves,
  secondsWords,
} from '../fault-moments.ts';

export const leaseStoreFaults: readonly Fault[] = [
  {
    number: 13,
    id: 'store-down',
    group: 'Lease store',
    title: 'The lease store is down',
    withEtcd: 'The etcd has no majority any more',
    happens: 'Peer mode: the Passive promises not to take over, and the Active goes on without a lease.',
    moments: (scene) => [
      decides('active', 'store-silent', {
        ...storeSilent,
        peerMode: { question: 'waiting' },
        lease: { ...storeSilent.lease, leftMs: leaseLeftWhenCutOff(scene) },
      }),
      decides('active', 'later', {
        ...storeSilent,
        ...onPromise,
      }),
      decides('passive', 'later', {
        ...storeSilent,
        ...promiseGiven,
      }),
    ],
  },
  {
    number: 14,
    id: 'store-and-peer-down',
    group: 'Lease store',
    title: 'Lease store and Passive are lost at the same time',
    withEtcd: 'The majority of the etcd and the Passive are lost at the same time',
    happens:
      'The Active cannot tell this from being cut off, so it stops: two Active servers are worse than none.',
    moments: (scene) => [
      ...endsItself(scene),
      personMoves(
        scene,
        'Brings one of both back; or makes sure that the other server is off, and forces the takeover.',
        'Brings one of both back.',
      ),
    ],
  },
  {
    number: 42,
    id: 'store-slow',
    group: 'Lease store',
    title: 'The lease store answers slowly',
    withEtcd: 'The etcd answers slowly',
    happens: 'Slow disks or a slow network: a renewal may take as long as its limit O.',
    moments: (scene) => [
      decides('active', 'fault', answeredLate(scene)),
      outside(
        'happens',
        'Lease store',
        'fault',
        `An answer that takes longer than O, ${scene.timing.O} s, counts as none: if all do, this is “store-down”.`,
        { onlyIf: 'armed' },
      ),
    ],
  },
  {
    number: 43,
    id: 'store-restarted',
    group: 'Lease store',
    title: 'The lease store is restarted',
    withEtcd: 'The machines of the etcd are restarted',
    happens: 'It renews at once; for a new grant a witness waits as long as an old lease could be live.',
    moments: (scene) => [
      decides('active', 'fault', answeredLate(scene)),
      ...(scene.leaseStore === 'etcd'
        ? []
        : [
            outside(
              'happens',
              'Lease store',
              'fault',
              `For ${secondsWords(leaseInstants(scene.timing).freeMs)} from its start it grants nothing new: an Active that dies within them is taken over later by that.`,
              { onlyIf: 'armed' },
            ),
          ]),
    ],
  },
  {
    number: 44,
    id: 'store-empty',
    group: 'Lease store',
    title: 'The lease store loses its records, or an old copy is put back',
    withEtcd: 'The etcd loses its records, or an old copy is put back',
    happens: 'It answers, and is not believed: peer mode, as if it were silent, until a person replaces it.',
    moments: (scene) => [
      decides('active', 'store-silent', {
        peerMode: { question: 'waiting' },
        lease: { ...forgetfulStore, leftMs: leaseLeftWhenCutOff(scene) },
      }),
      decides('active', 'later', { lease: forgetfulStore, ...onPromise }),
      decides('passive', 'later', { lease: forgetfulStore, ...promiseGiven }),
      person('Has it replaced: ixha replace-store, or “Replace lease store” on the page of the cluster.'),
    ],
    leftToPerson: true,
  },
  {
    number: 45,
    id: 'store-then-peer',
    group: 'Lease store',
    title: 'The lease store is lost, and later the other server too',
    withEtcd: 'The majority of the etcd is lost, and later the other server too',
    happens: 'The promise stands, so the Active goes on alone, and nobody takes over if it fails.',
    moments: () => [
      decides('active', 'later', { ...storeSilent, ...onPromise }),
      decides('passive', 'later', { ...cutOff, ...promiseGiven }),
      decides('active', 'later', { ...cutOff, ...onPromise }),
      person('Brings the lease store or the other server back.'),
    ],
  },
  {
    number: 46,
    id: 'etcd-minority',
    group: 'Lease store',
    title: 'One machine of the etcd is lost, or its leader changes',
    happens: 'The majority goes on; a renewal may have to be asked for again.',
    onlyFor: withEtcd,
    moments: (scene) => [decides('active', 'fault', answeredLate(scene)), limitOfLateRenewals(scene)],
  },
];
