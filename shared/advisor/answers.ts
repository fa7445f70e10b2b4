import * as z from 'zod/mini';

/** Yes or no; null: not answered. */
const YesNo = z._default(z.nullable(z.enum(['yes', 'no'])), null);
/** A figure as it was typed, also one that makes no sense: `answerProblems` says so. Null: not answered. */
const Figure = z._default(z.nullable(z.number()), null);

/** Most interfaces that are divided among clusters at once. */
export const mostInterfaces = 1_000;
export const longestName = 200;

/** One interface for the division into clusters. */
export const AdvisedInterface = z.strictObject({
  name: z.string(),
  /** Messages a second at its peak; null: not known. */
  perSecond: Figure,
  /** Names of interfaces that its messages must stay in order with. Said once is enough. */
  together: z._default(z.array(z.string()), []),
});
export type AdvisedInterface = z.infer<typeof AdvisedInterface>;

export const pollerKinds = ['database', 'file', 'ftp', 'other'] as const;

const Pollers = z.strictObject({
  amount: z._default(z.nullable(z.enum(['none', 'some', 'many'])), null),
  kinds: z._default(z.array(z.enum(pollerKinds)).check(z.maxLength(pollerKinds.length)), []),
  count: Figure,
  /** Whether reading something twice would do harm. */
  doubleRead: z._default(z.nullable(z.enum(['harmful', 'harmless'])), null),
});

const Load = z.strictObject({
  priority: z._default(z.nullable(z.enum(['simplicity', 'balanced', 'throughput'])), null),
  /** Messages a second at the peak. */
  perSecond: Figure,
  perSecondInTwoYears: Figure,
  /** Messages a second that one server was measured to carry. */
  capacityPerSecond: Figure,
  interfaces: Figure,
  /** Whether the interfaces can be divided without breaking an order. A list of them answers it by itself. */
  divisible: YesNo,
  /** The person knows that one server cannot carry everything, and wants it all the same. */
  acceptsOverload: z._default(z.boolean(), false),
});

const Team = z.strictObject({
  effort: z._default(z.nullable(z.enum(['little', 'some', 'much'])), null),
  onCall: Figure,
  experience: z._default(z.nullable(z.enum(['none', 'some', 'much'])), null),
  changesPerMonth: Figure,
});

const Present = z.strictObject({
  storage: z._default(z.nullable(z.enum(['shared', 'copied', 'none'])), null),
  /** A directory of its own for every cluster. */
  storagePerCluster: YesNo,
  balancer: z._default(z.nullable(z.enum(['by-cluster', 'one-address', 'none'])), null),
  thirdMachine: YesNo,
  secondNetwork: YesNo,
  storageCut: YesNo,
  powerSwitch: YesNo,
  /** Each server's licence covers all components at once. */
  licences: YesNo,
});

const Tolerated = z.strictObject({
  /** Seconds without an Active. */
  downtimeSeconds: Figure,
  loss: z._default(z.nullable(z.enum(['none', 'seconds'])), null),
});

const none = <Schema extends z.ZodMiniType>(schema: Schema) => z.prefault(schema, {} as z.input<Schema>);

/** The answers to the five questions and what follows from them. Whatever is left out is not answered. */
export const AdvisorAnswers = z.strictObject({
  schema: z.literal(1),
  /** Whether messages must keep their order: within each interface, or also across interfaces. */
  order: z._default(z.nullable(z.enum(['none', 'within', 'across'])), null),
  pollers: none(Pollers),
  load: none(Load),
  team: none(Team),
  present: none(Present),
  tolerated: none(Tolerated),
  /** Places with servers. */
  sites: Figure,
  interfaces: z._default(z.array(AdvisedInterface).check(z.maxLength(100_000)), []),
});
export type AdvisorAnswers = z.infer<typeof AdvisorAnswers>;

export const noAnswers: AdvisorAnswers = z.parse(AdvisorAnswers, { schema: 1 });

/** The five questions, as they are asked. */
export const questions = [
  { title: 'Must messages keep their order?', why: 'An update before its admission is a clinical risk.' },
  {
    title: 'Do components fetch work by themselves?',
    why: 'Database, file or FTP pollers must never run twice.',
  },
  { title: 'Throughput or simplicity?', why: 'What one server carries decides whether both should work.' },
  {
    title: 'How much can the team look after?',
    why: 'Two clusters mean two lists, two drills, two sets of routes.',
  },
  { title: 'What is there already?', why: 'What is missing costs a guarantee, and is named.' },
] as const;
export type QuestionNumber = 1 | 2 | 3 | 4 | 5;
