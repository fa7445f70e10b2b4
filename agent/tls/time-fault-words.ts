import type { Identity } from '../../shared/site/identity.ts';
import type { TimeFault } from './judge-certificate.ts';

/** Takes note of a certificate that was accepted outside its time. */
export type OnExcused = (identity: Identity, fault: TimeFault) => void;

/** What to do about it, whoever hears of it. */
export const renewalNext =
  'Check the clocks of the servers, then install the site again from a workstation, which renews certificates.';

/** What is wrong with the time of the certificate that `identity` has shown. */
export function timeFaultWords(identity: Identity, { whose, fault, at }: TimeFault): string {
  const name = whose === 'authority' ? 'this site’s authority' : holderWords(identity);
  const when = `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return fault === 'ended'
    ? `The certificate of ${name} has ended on ${when}`
    : `The certificate of ${name} is valid from ${when} on only`;
}

/** Tells every certificate that is accepted outside its time once, as a sentence, until the program ends. */
export function tellExcusedOnce(note: (sentence: string) => void): OnExcused {
  const told = new Set<string>();
  return (identity, fault) => {
    const words = timeFaultWords(identity, fault);
    if (told.has(words)) return;
    told.add(words);
    note(`${words}, by the clock of this server. It is accepted, so that nothing stops. ${renewalNext}`);
  };
}

function holderWords(identity: Identity): string {
  switch (identity.kind) {
    case 'member':
      return `${identity.cluster} on ${identity.server}`;
    case 'witness':
      return `the lease store on ${identity.server}`;
    case 'console':
      return `the console ${identity.name}`;
  }
}
