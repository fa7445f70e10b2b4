import { unreadableRate } from './interface-lines.ts';
import { longestName, mostInterfaces, type AdvisedInterface, type AdvisorAnswers } from './answers.ts';

/** An answer that cannot be used, where it stands and why. */
export interface AnswerProblem {
  /** Path of the answer, such as `load.perSecond` or `interfaces`. */
  readonly field: string;
  readonly says: string;
}

interface FigureRule {
  readonly field: string;
  readonly of: (answers: AdvisorAnswers) => number | null;
  readonly without: (answers: AdvisorAnswers) => AdvisorAnswers;
  /** How the sentence begins. */
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly whole?: true;
}

const loadRule = (
  key: 'perSecond' | 'perSecondInTwoYears' | 'capacityPerSecond',
  name: string,
  least: number,
) => ({
  field: `load.${key}`,
  of: ({ load }: AdvisorAnswers) => load[key],
  without: (answers: AdvisorAnswers) => ({ ...answers, load: { ...answers.load, [key]: null } }),
  name,
  least,
  most: 1_000_000,
});

/** Every figure with what it may be. */
const figures: readonly FigureRule[] = [
  loadRule('perSecond', 'The messages a second at the peak', 0),
  loadRule('perSecondInTwoYears', 'The messages a second in two years', 0),
  loadRule('capacityPerSecond', 'What one server carries a second', 0.001),
  {
    field: 'load.interfaces',
    of: ({ load }) => load.interfaces,
    without: (answers) => ({ ...answers, load: { ...answers.load, interfaces: null } }),
    name: 'The number of interfaces',
    least: 1,
    most: 5_000,
    whole: true,
  },
  {
    field: 'pollers.count',
    of: ({ pollers }) => pollers.count,
    without: (answers) => ({ ...answers, pollers: { ...answers.pollers, count: null } }),
    name: 'The number of pollers',
    least: 0,
    most: 5_000,
    whole: true,
  },
  {
    field: 'team.onCall',
    of: ({ team }) => team.onCall,
    without: (answers) => ({ ...answers, team: { ...answers.team, onCall: null } }),
    name: 'The number of people on call',
    least: 0,
    most: 1_000,
    whole: true,
  },
  {
    field: 'team.changesPerMonth',
    of: ({ team }) => team.changesPerMonth,
    without: (answers) => ({ ...answers, team: { ...answers.team, changesPerMonth: null } }),
    name: 'The number of changes in a month',
    least: 0,
    most: 10_000,
  },
  {
    field: 'tolerated.downtimeSeconds',
    of: ({ tolerated }) => tolerated.downtimeSeconds,
    without: (answers) => ({ ...answers, tolerated: { ...answers.tolerated, downtimeSeconds: null } }),
    name: 'The tolerated downtime in seconds',
    least: 0,
    most: 31_536_000,
  },
  {
    field: 'sites',
    of: ({ sites }) => sites,
    without: (answers) => ({ ...answers, sites: null }),
    name: 'The number of sites',
    least: 1,
    most: 100,
    whole: true,
  },
];

/** Every answer that cannot be used, as sentences. Empty: all of them can. Pure. */
export function answerProblems(answers: AdvisorAnswers): AnswerProblem[] {
  return [
    ...figures.flatMap((rule) => {
      const says = figureProblem(rule, rule.of(answers));
      return says === null ? [] : [{ field: rule.field, says }];
    }),
    ...interfaceProblems(answers.interfaces).map((says) => ({ field: 'interfaces', says })),
  ];
}

/** The answers without those that cannot be used: what is wrong counts as not answered. */
export function usableAnswers(answers: AdvisorAnswers): AdvisorAnswers {
  const usable = figures.reduce(
    (sofar, rule) => (figureProblem(rule, rule.of(sofar)) === null ? sofar : rule.without(sofar)),
    answers,
  );
  return interfaceProblems(answers.interfaces).length === 0 ? usable : { ...usable, interfaces: [] };
}

function figureProblem({ name, least, most, whole }: FigureRule, value: number | null): string | null {
  if (value === null) return null;
  const between = `between ${words(least)} and ${words(most)}`;
  if (!Number.isFinite(value)) return `${name} must be a number ${between}.`;
  if (value < 0 && least >= 0) return `${name} cannot be negative; ${value} was given.`;
  if (value < least || value > most) return `${name} must be ${between}; ${words(value)} was given.`;
  if (whole && !Number.isInteger(value)) return `${name} must be a whole number; ${value} was given.`;
  return null;
}

/** Direction marks turn the text around a name, and control characters break its line. */
const unprintable = /[\p{Cc}\u202A-\u202E\u2066-\u2069]/u;
const mostSaid = 10;

function interfaceProblems(interfaces: readonly AdvisedInterface[]): string[] {
  if (interfaces.length > mostInterfaces) {
    const count = words(interfaces.length);
    return [
      `The list has ${count} interfaces; ${words(mostInterfaces)} can be divided at once. Name groups instead.`,
    ];
  }
  const seen = new Set<string>();
  const all = new Set(interfaces.map(({ name }) => name));
  const said = interfaces.flatMap(({ name, perSecond, together }, index) => {
    const called = name.trim() === '' ? `Interface ${index + 1}` : quoted(name);
    const twice = seen.has(name);
    seen.add(name);
    const strangers = together.filter((other) => !all.has(other));
    return [
      ...nameProblems(name, index),
      ...(twice ? [`${called} is in the list twice.`] : []),
      ...(perSecond === unreadableRate
        ? [`The rate of ${called} cannot be read for sure. Write it in plain digits, such as 1200 or 2.5.`]
        : perSecond !== null && !(perSecond >= 0 && perSecond <= 1_000_000)
          ? [
              `The rate of ${called} must be between 0 and 1,000,000 messages a second; ${perSecond} was given.`,
            ]
          : []),
      ...strangers.map(
        (other) => `${called} must stay in order with ${quoted(other)}, which is not in the list.`,
      ),
    ];
  });
  return said.length <= mostSaid
    ? said
    : [...said.slice(0, mostSaid), `And ${said.length - mostSaid} more like these.`];
}

function nameProblems(name: string, index: number): string[] {
  if (name.trim() === '') return [`Interface ${index + 1} has no name.`];
  if ([...name].length > longestName) {
    return [`The name ${quoted(name)} has ${[...name].length} characters; ${longestName} are allowed.`];
  }
  if (unprintable.test(name)) {
    return [
      `The name of interface ${index + 1} has control characters or marks that turn the text around it.`,
    ];
  }
  return [];
}

/** A name within a sentence: shortened when it would drown it, and without what would break the line. */
export function quoted(name: string): string {
  const plain = [...name].map((sign) => (unprintable.test(sign) ? '\uFFFD' : sign));
  return `“${plain.length <= 60 ? plain.join('') : `${plain.slice(0, 57).join('')}…`}”`;
}

function words(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 3 });
}
