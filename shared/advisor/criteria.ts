import type { SiteDesign } from '../setup/draft.ts';
import type { QuestionNumber } from './answers.ts';
import { largestShare, littleLoad, muchLoad, percent, type KnownSituation } from './known.ts';

/** What one criterion says: which design it speaks for (null: for neither), and why. */
export interface Opinion {
  readonly favours: SiteDesign | null;
  readonly says: string;
  /** Something that is not answered yet could turn it. */
  readonly mayTurn?: true;
}

/** One declared criterion. Its weight is shown beside what it says. */
export interface Criterion {
  readonly id: string;
  readonly question: QuestionNumber;
  readonly title: string;
  readonly weight: number;
  /** What it could speak for, whatever the answers. */
  readonly canFavour: readonly SiteDesign[];
  /** Null: the answers that it needs are missing. */
  readonly judge: (known: KnownSituation) => Opinion | null;
}

const one: SiteDesign = 'active-passive';
const many: SiteDesign = 'multi-cluster';

const neither = (says: string): Opinion => ({ favours: null, says });
const forOne = (says: string): Opinion => ({ favours: one, says });
const forMany = (says: string): Opinion => ({ favours: many, says });

const manyInterfaces = 20;
const fewInterfaces = 5;
const shortDowntimeSeconds = 60;
const manyChanges = 10;

/** All criteria, the weightiest first. */
export const criteria: readonly Criterion[] = [
  {
    id: 'load',
    question: 3,
    title: 'Load of one server',
    weight: 5,
    canFavour: [one, many],
    judge: judgeLoad,
  },
  {
    id: 'order',
    question: 1,
    title: 'Message order',
    weight: 4,
    canFavour: [one],
    judge: ({ answers: { order } }) => {
      if (order === null) return null;
      if (order === 'across') return forOne('Order across interfaces is simplest to keep in one cluster');
      return neither(
        order === 'within' ? 'Order within an interface is kept in both designs' : 'No order has to be kept',
      );
    },
  },
  {
    id: 'effort',
    question: 4,
    title: 'What the team can look after',
    weight: 4,
    canFavour: [one, many],
    judge: ({ answers: { team } }) => {
      if (team.effort === null) return null;
      if (team.effort === 'little') return forOne('One cluster is one list, one drill, one set of routes');
      return team.effort === 'much'
        ? forMany('The team can look after clusters, routes and drills for each')
        : neither('The team can look after either design');
    },
  },
  {
    id: 'priority',
    question: 3,
    title: 'Throughput or simplicity',
    weight: 3,
    canFavour: [one, many],
    judge: ({ answers: { load } }) => {
      if (load.priority === null) return null;
      if (load.priority === 'balanced') return neither('Neither throughput nor simplicity comes first');
      return load.priority === 'throughput'
        ? forMany('Throughput comes first, and both servers work')
        : forOne('Simplicity comes first, and there is one cluster to understand');
    },
  },
  {
    id: 'for-two',
    question: 5,
    title: 'Storage and balancer for two clusters',
    weight: 3,
    canFavour: [one, many],
    judge: judgeInfrastructure,
  },
  {
    id: 'interfaces',
    question: 3,
    title: 'Number of interfaces',
    weight: 2,
    canFavour: [one, many],
    judge: ({ interfaces }) => {
      if (interfaces === null) return null;
      if (interfaces >= manyInterfaces) return forMany(`${interfaces} interfaces are enough to divide`);
      return interfaces <= fewInterfaces
        ? forOne(`${counted(interfaces, 'interface')} hardly need more than one cluster`)
        : neither(`${interfaces} interfaces fit either design`);
    },
  },
  { id: 'pollers', question: 2, title: 'Pollers', weight: 2, canFavour: [one], judge: judgePollers },
  {
    id: 'isolation',
    question: 3,
    title: 'Tolerated downtime',
    weight: 2,
    canFavour: [many],
    judge: ({ answers: { tolerated } }) => {
      if (tolerated.downtimeSeconds === null) return null;
      return tolerated.downtimeSeconds <= shortDowntimeSeconds
        ? forMany('Little downtime is tolerated, and a failover stops only one cluster’s interfaces')
        : neither('The tolerated downtime leaves room for a failover of everything');
    },
  },
  {
    id: 'people',
    question: 4,
    title: 'People and experience',
    weight: 2,
    canFavour: [one],
    judge: judgePeople,
  },
  {
    id: 'changes',
    question: 4,
    title: 'Changes in a month',
    weight: 1,
    canFavour: [one],
    judge: ({ answers: { team } }) => {
      if (team.changesPerMonth === null) return null;
      return team.changesPerMonth > manyChanges
        ? forOne(`${team.changesPerMonth} changes a month would each need an owner among the clusters`)
        : neither('So few changes are looked after in either design');
    },
  },
  {
    id: 'sites',
    question: 5,
    title: 'Number of sites',
    weight: 1,
    canFavour: [one],
    judge: ({ answers: { sites } }) => {
      if (sites === null) return null;
      return sites > 1
        ? forOne('Between sites one cluster keeps most traffic within one place')
        : neither('All servers are in one place');
    },
  },
];

function judgeLoad(known: KnownSituation): Opinion | null {
  const share = largestShare(known);
  if (share === null) return null;
  const halfKnown = known.shareNow === null || known.shareLater === null;
  const open = halfKnown && share < muchLoad ? ({ mayTurn: true } as const) : {};
  const when = share === known.shareNow ? 'at the peak' : 'in two years';
  const said = `${percent(share)} of one server ${when}`;
  if (share >= muchLoad) return { ...forMany(`${said} leaves little room`), ...open };
  if (share <= littleLoad) return { ...forOne(`${said}: a second working server gains little`), ...open };
  return { ...neither(`${said} is carried by one server`), ...open };
}

function judgeInfrastructure({ answers: { present } }: KnownSituation): Opinion | null {
  const { balancer, storage, storagePerCluster } = present;
  if (balancer !== null && balancer !== 'by-cluster') {
    return forOne('No balancer is there that can route by cluster');
  }
  if (storage === 'none' || storagePerCluster === 'no') {
    return forOne('There is no storage of its own for every cluster');
  }
  if (balancer === null || storage === null || storagePerCluster === null) return null;
  return forMany('Storage and balancer for two clusters are there');
}

function judgePollers({ answers: { pollers }, divisible }: KnownSituation): Opinion | null {
  const amount = pollers.amount ?? (pollers.count === null ? null : amountOf(pollers.count));
  if (amount === null) return null;
  const isGuess = pollers.amount === null || (amount === 'many' && pollers.doubleRead === null);
  const turns = isGuess ? ({ mayTurn: true } as const) : {};
  if (amount === 'none') return { ...neither('Nothing fetches work by itself'), ...turns };
  if (amount === 'many' && pollers.doubleRead !== 'harmless') {
    return { ...forOne('Many pollers run once in one cluster, without an owner for each'), ...turns };
  }
  const says =
    divisible === false ? 'Pollers run once, on the Active' : 'Pollers can be given to one cluster each';
  return { ...neither(says), ...turns };
}

function amountOf(count: number): 'none' | 'some' | 'many' {
  if (count === 0) return 'none';
  return count > 10 ? 'many' : 'some';
}

function judgePeople({ answers: { team } }: KnownSituation): Opinion | null {
  if (team.onCall !== null && team.onCall < 2) {
    return forOne(
      `${team.onCall === 0 ? 'Nobody is' : 'One person is'} on call, and one cluster is easier at night`,
    );
  }
  if (team.experience === 'none')
    return forOne('Nobody has run such a site yet, and one cluster is easier to learn');
  if (team.onCall === null || team.experience === null) return null;
  return neither('People and experience are enough for either design');
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
