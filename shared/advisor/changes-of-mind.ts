import type { SiteDesign } from '../setup/draft.ts';
import type { AdvisorAnswers } from './answers.ts';

/** One answer given differently, and how that is said. */
interface OtherAnswer {
  readonly says: string;
  readonly answers: AdvisorAnswers;
}

const titles: Record<SiteDesign, string> = {
  'active-passive': 'Active–Passive',
  'multi-cluster': 'Multi-Cluster',
};

/**
 * Every single answer that would lead elsewhere if it were another one, found by trying them all. Pure.
 * @param choose what other answers lead to
 */
export function changesOfMind(
  answers: AdvisorAnswers,
  design: SiteDesign | null,
  choose: (answers: AdvisorAnswers) => SiteDesign | null,
): string[] {
  if (design === null) return [];
  return otherAnswers(answers).flatMap(({ says, answers: other }) => {
    const chosen = choose(other);
    if (chosen === design) return [];
    return [`${says}: ${chosen === null ? 'neither design would fit' : `${titles[chosen]} instead`}.`];
  });
}

/** The answers with one of them given differently each. */
function otherAnswers(answers: AdvisorAnswers): OtherAnswer[] {
  return [...otherLoads(answers), ...otherPeople(answers), ...otherParts(answers)].filter(
    (other) => other !== false,
  );
}

/** False: it is answered so already. */
type Tried = OtherAnswer | false;

function otherLoads(answers: AdvisorAnswers): Tried[] {
  const { load } = answers;
  const capacity = load.capacityPerSecond;
  const withLoad = (change: Partial<AdvisorAnswers['load']>) => ({
    ...answers,
    load: { ...load, ...change },
  });
  const atShare = (share: number) => {
    const perSecond = share * (capacity ?? 0);
    return withLoad({ perSecond, perSecondInTwoYears: perSecond });
  };
  const first = (priority: 'simplicity' | 'throughput'): Tried =>
    load.priority !== priority && { says: `If ${priority} came first`, answers: withLoad({ priority }) };
  return [
    load.divisible === 'no'
      ? {
          says: 'If the interfaces could be divided without breaking an order',
          answers: withLoad({ divisible: 'yes' }),
        }
      : { says: 'If the interfaces could not be divided', answers: withLoad({ divisible: 'no' }) },
    capacity !== null && { says: 'If the load were a tenth of one server', answers: atShare(0.1) },
    capacity !== null && { says: 'If the load were 80 % of one server', answers: atShare(0.8) },
    capacity !== null && { says: 'If one server could not carry the load', answers: atShare(1.2) },
    first('simplicity'),
    first('throughput'),
  ];
}

function otherPeople(answers: AdvisorAnswers): Tried[] {
  const { team } = answers;
  const looksAfter = (effort: 'little' | 'much', words: string): Tried =>
    team.effort !== effort && {
      says: `If the team could look after ${words}`,
      answers: { ...answers, team: { ...team, effort } },
    };
  return [looksAfter('little', 'little'), looksAfter('much', 'a lot')];
}

function otherParts(answers: AdvisorAnswers): Tried[] {
  const { present, pollers } = answers;
  const forTwo = { balancer: 'by-cluster', storage: 'shared', storagePerCluster: 'yes' } as const;
  return [
    answers.order === 'across'
      ? {
          says: 'If order had to be kept within each interface only',
          answers: { ...answers, order: 'within' },
        }
      : { says: 'If order had to be kept across interfaces', answers: { ...answers, order: 'across' } },
    pollers.amount !== 'many' && {
      says: 'If many components fetched work by themselves',
      answers: { ...answers, pollers: { ...pollers, amount: 'many', doubleRead: 'harmful' } },
    },
    present.balancer !== 'one-address' && {
      says: 'If the load balancer could not route by cluster',
      answers: { ...answers, present: { ...present, balancer: 'one-address' } },
    },
    present.balancer !== 'by-cluster' && {
      says: 'If storage and load balancer for two clusters were there',
      answers: { ...answers, present: { ...present, ...forTwo } },
    },
  ];
}
