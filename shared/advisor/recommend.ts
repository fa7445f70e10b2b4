import type { SiteDesign } from '../setup/draft.ts';
import type { AdvisorAnswers, QuestionNumber } from './answers.ts';
import { changesOfMind } from './changes-of-mind.ts';
import { criteria, type Criterion, type Opinion } from './criteria.ts';
import { missingParts, openFacts, promises, type MissingPart, type Promised } from './guarantees.ts';
import { hardRules } from './hard-rules.ts';
import { knownSituation, largestShare, percent, type KnownSituation } from './known.ts';
import type { Partition } from './partition.ts';
import { answerProblems, type AnswerProblem } from './problems.ts';

export const designTitles: Record<SiteDesign, string> = {
  'active-passive': 'Active–Passive',
  'multi-cluster': 'Active–Passive Multi-Cluster',
};

/** One thing that speaks for or against a design. `weight` null: a hard rule, which no weight outvotes. */
export interface Reason {
  readonly id: string;
  readonly question: QuestionNumber;
  readonly weight: number | null;
  readonly favours: SiteDesign | null;
  readonly says: string;
}

export interface Choice {
  /** Null: nothing is known yet, or neither design is possible. */
  readonly design: SiteDesign | null;
  /** Whatever is still unanswered, it stays so. */
  readonly settled: boolean;
  /** Hard rules first, then by weight. */
  readonly reasons: readonly Reason[];
  /** Sums of weights. */
  readonly points: Readonly<Record<SiteDesign, number>>;
  /** Weight of what is not answered. */
  readonly openPoints: number;
  readonly excluded: readonly SiteDesign[];
}

/** Something that a person has to accept knowingly. */
export interface Caution {
  readonly id: 'overload' | 'loss' | 'no-failover' | 'no-senders';
  readonly says: string;
}

export interface Recommendation extends Choice {
  readonly headline: string;
  readonly summary: string;
  /** What is given up with it. */
  readonly traded: readonly string[];
  readonly missing: readonly MissingPart[];
  readonly promises: readonly Promised[];
  readonly cautions: readonly Caution[];
  /** One different answer each that would lead elsewhere. */
  readonly wouldChange: readonly string[];
  /** What is not known, question by question. */
  readonly open: readonly { readonly question: QuestionNumber; readonly says: string }[];
  readonly problems: readonly AnswerProblem[];
  readonly partition: Partition | null;
}

/** What the answers lead to, with everything that a person should know before deciding. Pure. */
export function recommend(answers: AdvisorAnswers): Recommendation {
  const known = knownSituation(answers);
  const choice = chooseDesign(known);
  return {
    ...choice,
    headline: choice.design === null ? nothingRecommended(choice) : designTitles[choice.design],
    summary: summaryOf(choice),
    traded: tradedAway(choice.design, known),
    missing: missingParts(known, choice.design),
    promises: promises(known, choice.design),
    cautions: cautionsOf(known),
    wouldChange: changesOfMind(
      known.answers,
      choice.design,
      (other) => chooseDesign(knownSituation(other)).design,
    ),
    open: openFacts(known),
    problems: answerProblems(answers),
    partition: known.partition,
  };
}

/** Hard rules before weights; equal weights lead to the simpler design. Pure. */
export function chooseDesign(known: KnownSituation): Choice {
  const opinions = criteria.map((criterion) => ({ criterion, opinion: criterion.judge(known) }));
  const rules = hardRules.flatMap((rule) => {
    const said = rule.judge(known);
    return said === null ? [] : [{ rule, ...said }];
  });
  const excluded = [...new Set(rules.map(({ excludes }) => excludes))];
  const points = {
    'active-passive': pointsFor('active-passive', opinions),
    'multi-cluster': pointsFor('multi-cluster', opinions),
  };
  const isEmpty = rules.length === 0 && opinions.every(({ opinion }) => opinion === null);
  const leader = points['multi-cluster'] > points['active-passive'] ? 'multi-cluster' : 'active-passive';
  const possible = excluded.includes(leader) ? otherDesign(leader) : leader;
  const design = isEmpty || excluded.length === 2 ? null : possible;
  return {
    design,
    settled: design === null ? excluded.length === 2 : isSettled(design, known, excluded, opinions),
    reasons: [
      ...rules.map(({ rule, excludes, says }) => ({
        id: rule.id,
        question: rule.question,
        weight: null,
        favours: otherDesign(excludes),
        says,
      })),
      ...opinions.flatMap(({ criterion, opinion }) =>
        opinion === null ? [] : [reasonOf(criterion, opinion)],
      ),
    ],
    points,
    openPoints: opinions.reduce(
      (sum, { criterion, opinion }) => sum + (opinion === null ? criterion.weight : 0),
      0,
    ),
    excluded,
  };
}

interface Judged {
  readonly criterion: Criterion;
  readonly opinion: Opinion | null;
}

function reasonOf({ id, question, weight }: Criterion, { favours, says }: Opinion): Reason {
  return { id, question, weight, favours, says };
}

function pointsFor(design: SiteDesign, opinions: readonly Judged[]): number {
  return opinions.reduce(
    (sum, { criterion, opinion }) => sum + (opinion?.favours === design ? criterion.weight : 0),
    0,
  );
}

export function otherDesign(design: SiteDesign): SiteDesign {
  return design === 'active-passive' ? 'multi-cluster' : 'active-passive';
}

/** Whether the design leads also when everything that is open turns out against it. */
function isSettled(
  design: SiteDesign,
  known: KnownSituation,
  excluded: readonly SiteDesign[],
  opinions: readonly Judged[],
): boolean {
  if (hardRules.some((rule) => rule.mayExclude(known) === design)) return false;
  const other = otherDesign(design);
  if (excluded.includes(other)) return true;
  const margin = opinions.reduce((sum, { criterion, opinion }) => {
    const { weight, canFavour } = criterion;
    const firm = opinion !== null && opinion.mayTurn !== true;
    const against = firm ? opinion.favours === other : canFavour.includes(other);
    const inFavour = firm && opinion.favours === design;
    return sum + (against ? -weight : inFavour ? weight : 0);
  }, 0);
  return design === 'active-passive' ? margin >= 0 : margin > 0;
}

function nothingRecommended({ excluded }: Choice): string {
  return excluded.length === 2 ? 'Neither design fits' : 'Not known yet';
}

function summaryOf({ design, settled, excluded }: Choice): string {
  if (design === null) {
    return excluded.length === 2
      ? 'One server cannot carry the load, and the interfaces cannot be divided between two. Use larger servers, or find interfaces that may part.'
      : 'No question that decides is answered yet.';
  }
  const means =
    design === 'active-passive'
      ? 'One cluster over two servers: one works, the other takes over.'
      : 'Two clusters over the same two servers, each server Active for one of them.';
  return settled ? means : `${means} So far: what is not answered can still change it.`;
}

function tradedAway(design: SiteDesign | null, known: KnownSituation): string[] {
  const share = largestShare(known);
  if (design === null) return [];
  if (design === 'active-passive') {
    return [
      'Use of the second server: it waits until it is needed.',
      'Isolation: during a failover all interfaces wait.',
    ];
  }
  return [
    'Simplicity: each new interface needs an owner among the clusters, and each cluster its routes, storage and drills.',
    share === null
      ? 'After a failover one server carries everything; whether it can is not known.'
      : `After a failover one server carries everything: ${percent(share)} of what it was measured to carry.`,
  ];
}

function cautionsOf(known: KnownSituation): Caution[] {
  const { present, tolerated, pollers } = known.answers;
  const share = largestShare(known);
  const said: Caution[] = [];
  if (share !== null && share > 1) {
    const words = `While one server is down the other one has to carry ${percent(share)} of what it was measured to carry: queues grow until both work again.`;
    said.push({ id: 'overload', says: words });
  }
  if (present.storage === 'copied' && tolerated.loss === 'none') {
    said.push({
      id: 'loss',
      says: 'No loss is tolerated, but with a copied directory what was written after the last complete copy is lost with its server.',
    });
  }
  if (present.thirdMachine === 'no') {
    said.push({
      id: 'no-failover',
      says: 'Without a third machine nothing fails over by itself: a person has to look at both servers and force every takeover.',
    });
  }
  if (present.balancer === 'none' && pollers.amount !== null) {
    said.push({
      id: 'no-senders',
      says: 'Without a load balancer only pollers go on by themselves: senders keep sending to a server that is not Active any more.',
    });
  }
  return said;
}
