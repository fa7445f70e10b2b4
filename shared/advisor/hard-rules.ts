import type { SiteDesign } from '../setup/draft.ts';
import type { QuestionNumber } from './answers.ts';
import { largestShare, percent, type KnownSituation } from './known.ts';

/** Something that no weight can outvote. */
export interface HardRule {
  readonly id: string;
  readonly question: QuestionNumber;
  readonly title: string;
  /** Null: it says nothing here. */
  readonly judge: (known: KnownSituation) => { readonly excludes: SiteDesign; readonly says: string } | null;
  /** What it could still exclude once more is known; null: it cannot any more. */
  readonly mayExclude: (known: KnownSituation) => SiteDesign | null;
}

/** Judged before any weight. */
export const hardRules: readonly HardRule[] = [
  {
    id: 'indivisible',
    question: 3,
    title: 'Interfaces that cannot be divided stay in one cluster',
    judge: ({ divisible }) =>
      divisible === false
        ? { excludes: 'multi-cluster', says: 'The interfaces cannot be divided without breaking an order' }
        : null,
    mayExclude: ({ divisible }) => (divisible === null ? 'multi-cluster' : null),
  },
  {
    id: 'overload',
    question: 3,
    title: 'What one server cannot carry needs two at work',
    judge: (known) => {
      const share = largestShare(known);
      return share !== null && share > 1
        ? {
            excludes: 'active-passive',
            says: `One server at work cannot carry it: it would need ${percent(share)} of one`,
          }
        : null;
    },
    mayExclude: (known) =>
      (known.shareNow === null || known.shareLater === null) && (largestShare(known) ?? 0) <= 1
        ? 'active-passive'
        : null,
  },
];
