import type { AdvisorAnswers } from './answers.ts';
import { separableGroups, suggestPartition, type Partition } from './partition.ts';
import { usableAnswers } from './problems.ts';

/** Above this part of one server a peak leaves little room; below the other a second working server gains little. */
export const muchLoad = 0.5;
export const littleLoad = 0.25;

/** What follows from the usable answers, once for all criteria and rules. */
export interface KnownSituation {
  readonly answers: AdvisorAnswers;
  /** Part of what one server carries, at the peak and in two years; null: not known. */
  readonly shareNow: number | null;
  readonly shareLater: number | null;
  readonly interfaces: number | null;
  /** Whether the interfaces can be divided without breaking an order; null: not known. */
  readonly divisible: boolean | null;
  /** Of the list of interfaces into two clusters; null: there is no list. */
  readonly partition: Partition | null;
}

/** Reads the answers; what cannot be used counts as not answered. Pure. */
export function knownSituation(given: AdvisorAnswers): KnownSituation {
  const answers = usableAnswers(given);
  const { load, interfaces } = answers;
  const share = (perSecond: number | null) =>
    perSecond === null || load.capacityPerSecond === null ? null : perSecond / load.capacityPerSecond;
  const now = load.perSecond ?? listedLoad(interfaces);
  return {
    answers,
    shareNow: share(now),
    shareLater: share(load.perSecondInTwoYears),
    interfaces: interfaces.length > 0 ? interfaces.length : load.interfaces,
    divisible: divisible(answers),
    partition: interfaces.length > 0 ? suggestPartition(interfaces, 2) : null,
  };
}

/** What the list adds up to; null: there is none, or an interface has no rate, which may be the busiest one. */
function listedLoad(interfaces: AdvisorAnswers['interfaces']): number | null {
  const rates = interfaces.flatMap(({ perSecond }) => perSecond ?? []);
  const sum = rates.reduce((all, rate) => all + rate, 0);
  return rates.length === interfaces.length && sum > 0 ? sum : null;
}

/** A list tells it by itself; only that it cannot be divided although the list could be is taken from the person. */
function divisible({ load, interfaces }: AdvisorAnswers): boolean | null {
  if (load.divisible === 'no') return false;
  if (interfaces.length > 0) return separableGroups(interfaces) > 1;
  return load.divisible === null ? null : true;
}

/** The larger of the shares that are known: what has to be carried. */
export function largestShare({ shareNow, shareLater }: KnownSituation): number | null {
  if (shareNow === null) return shareLater;
  return shareLater === null ? shareNow : Math.max(shareNow, shareLater);
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
