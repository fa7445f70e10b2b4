import type { Fault } from '../fault.ts';
import { cutOff, silentPeer, storeSilent } from '../fault-facts.ts';
import { decides, person } from '../fault-moments.ts';

export const certificateFaults: readonly Fault[] = [
  {
    number: 56,
    id: 'clock-jumps',
    group: 'Clocks and certificates',
    title: 'The clock of a server jumps',
    happens: 'Leases and deadlines are counted on the clock since boot; the wall clock is only shown.',
    moments: () => [decides('active', 'fault'), decides('passive', 'fault')],
  },
  {
    number: 57,
    id: 'certificate-ended',
    group: 'Clocks and certificates',
    title: 'The certificate of a member has ended',
    happens:
      'Members and lease store go on accepting it, and say so every day: nothing is stopped by a date.',
    leftToPerson: true,
    moments: () => [
      decides('active', 'fault'),
      decides('passive', 'fault'),
      person('Renews it: npm run site -- renew FILE, or the page Servers.'),
    ],
  },
  {
    number: 58,
    id: 'certificate-refused',
    group: 'Clocks and certificates',
    title: 'The certificate of the Passive is refused',
    happens: 'It was revoked, or is one of another site or member: to the others that server is silent.',
    leftToPerson: true,
    moments: () => [
      decides('active', 'peer-silent', silentPeer),
      decides('passive', 'store-silent', {
        ...cutOff,
        lease: { ...storeSilent.lease, trouble: 'its certificate is refused' },
      }),
      person(
        'Gives that server its own certificate: npm run site -- repair FILE --server ID, or the page Servers.',
      ),
    ],
  },
];
