import type { Fault } from '../fault.ts';
import { answeredLate, cutOff, silentPeer } from '../fault-facts.ts';
import {
  decides,
  endsItself,
  limitOfLateRenewals,
  noticesSilence,
  person,
  takesOver,
} from '../fault-moments.ts';

export const networkFaults: readonly Fault[] = [
  {
    number: 10,
    id: 'link-cut',
    group: 'Network',
    title: 'The network between both servers is cut, the lease store sees both',
    withEtcd: 'The network between both servers is cut, the etcd sees both',
    happens: 'Each server thinks that the other is gone; only the lease store can tell.',
    moments: () => [
      decides('active', 'peer-silent', silentPeer),
      decides('passive', 'peer-silent', silentPeer),
    ],
  },
  {
    number: 11,
    id: 'active-cut-off',
    group: 'Network',
    title: 'The Active is cut off from everything',
    happens: 'It cannot renew its lease, and stops its engine before it ends.',
    moments: (scene) => [noticesSilence(scene), ...endsItself(scene), ...takesOver(scene)],
  },
  {
    number: 12,
    id: 'active-store-cut',
    group: 'Network',
    title: 'Only the Active’s way to the lease store is cut',
    withEtcd: 'Only the Active’s ways to the etcd are cut',
    happens: 'Renewals travel through the other server.',
    moments: () => [
      decides('active', 'store-silent', { lease: { throughPeerMs: 5_000 } }),
      decides('passive', 'store-silent'),
    ],
  },
  {
    number: 38,
    id: 'passive-cut-off',
    group: 'Network',
    title: 'The Passive is cut off from everything',
    happens: 'Nothing moves; what is lost is the way out if the Active fails too.',
    leftToPerson: true,
    moments: () => [
      decides('active', 'peer-silent', silentPeer),
      decides('passive', 'store-silent', cutOff),
      person('Brings the network of that server back.'),
    ],
  },
  {
    number: 39,
    id: 'link-one-way',
    group: 'Network',
    title: 'The network between both servers lets through one direction only',
    happens: 'Signs of life arrive, and are not answered: each asks the lease store, as with a cut.',
    moments: () => [
      decides('active', 'peer-silent', { peer: { reachable: false, heard: true } }),
      decides('passive', 'peer-silent', { peer: { reachable: false, heard: true } }),
    ],
  },
  {
    number: 40,
    id: 'active-cut-one-way',
    group: 'Network',
    title: 'Nothing that the Active sends arrives, and it still hears the others',
    happens: 'A renewal that is not answered is none: it stops its engine before its lease ends.',
    moments: (scene) => [
      noticesSilence(scene),
      ...endsItself(scene, { peer: { reachable: false, heard: true } }),
      ...takesOver(scene),
    ],
  },
  {
    number: 41,
    id: 'poor-network',
    group: 'Network',
    title: 'The network delays and loses packets',
    happens: 'Renewals are repeated: one that gets through in time is enough.',
    messages: 'They come as fast as the network lets them.',
    moments: (scene) => [
      decides('active', 'fault', answeredLate(scene)),
      decides('passive', 'fault'),
      limitOfLateRenewals(scene),
    ],
  },
];
