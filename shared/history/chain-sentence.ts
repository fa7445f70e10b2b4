import type { ChainVerdict } from './journal-chain.ts';

/** What the chain of one journal has shown, as one sentence. Pure. */
export function chainSentence(
  chain: Pick<ChainVerdict, 'verdict' | 'records' | 'first' | 'last' | 'breakCount' | 'unchecked'> & {
    readonly breaks: readonly { readonly at: number }[];
    readonly gaps: readonly string[];
  },
): string {
  const { verdict, records, first, last, breaks, breakCount, unchecked, gaps } = chain;
  const missing = gaps.length === 0 ? '' : ` ${gaps.slice(0, 3).join(' ')}${gaps.length > 3 ? ' …' : ''}`;
  switch (verdict) {
    case 'nothing':
      return `Not verified: ${records === 1 ? 'one record has' : 'its records have'} nothing beside to be compared with.${missing}`;
    case 'unbroken':
      return `Unbroken from record ${first} to ${last}${textWords(records, unchecked)}.${missing}`;
    case 'broken': {
      const at = breaks.map(({ at: seq }) => seq).slice(0, 5);
      const more = breakCount > at.length ? ` and ${breakCount - at.length} more` : '';
      return `BROKEN at record ${at.join(', ')}${more}, between record ${first} and ${last}.${missing}`;
    }
  }
}

/** Words that a bundle leaves out keep the text of their record from being compared with its checksum. */
function textWords(records: number, unchecked: number): string {
  if (unchecked === 0) return '';
  return `; the texts of ${unchecked} of ${records} records are not compared, since the bundle shortens them`;
}
