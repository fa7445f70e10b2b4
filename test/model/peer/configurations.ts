/** What is explored in peer mode. Each configuration begins in the middle and allows a few kinds of faults. */
import { played } from './explore.ts';
import type { Limits } from './member-moves.ts';
import type { PeerRules } from './rules.ts';
import { firstWorld, type Budget, type World } from './world.ts';

export interface PeerConfiguration {
  readonly name: string;
  /** What may happen, for people. */
  readonly words: string;
  readonly begins: keyof typeof beginnings;
  readonly budget: Partial<Budget>;
  readonly limits: Limits;
}

const active = [
  'A asks for epoch 1',
  "A's acquire reaches the store",
  'the answer "granted" to A arrives',
  'A tells the store that it has left (1, 0)',
  'A starts its engine on its lease of epoch 1',
];
const asked = [...active, 'A asks for a promise for (1, 1)'];
const promised = [...asked, "A's question for (1, 1) arrives"];
const enter = 'the promise of (1, 1) to A arrives';
const peerMode = [...promised, enter];
/** The store would grant its lease to anybody. */
const beyond = Array.from({ length: 7 }, () => ['a tick passes', 'A feeds its guards on its promise']).flat();
const leave = [
  'a tick passes',
  'A asks to renew epoch 1',
  "A's renew reaches the store",
  'the answer "renewed" to A arrives',
];
const off = ['A loses power', 'A boots', "A's agent starts"];

const beginnings = {
  /** A is Active in epoch 1. */
  active,
  /** A's question is on the way. */
  asked,
  /** B has promised, its answer is on the way. */
  promised,
  /** A's question is on the way for so long that its lease is over, its engine is stopped and B may have the lease. */
  'asked late': [
    ...asked,
    ...Array.from({ length: 4 }, () => 'a tick passes'),
    "A's engine stops",
    ...Array.from({ length: 3 }, () => 'a tick passes'),
  ],
  /** A lives on B's promise, its lease long over. */
  'peer mode': [...peerMode, ...beyond],
  /** As before, and the answer to a renewal is on the way since two ticks. */
  'about to leave': [
    ...[...peerMode, ...beyond, 'A asks to renew epoch 1', "A's renew reaches the store"],
    ...[
      'a tick passes',
      'A feeds its guards on its promise',
      'a tick passes',
      'A feeds its guards on its promise',
    ],
  ],
  /** A has been without power and asks anew; the second promise is on the way. */
  'asked again': [
    ...[...peerMode, ...beyond, ...off],
    'A asks for a promise for (1, 2)',
    "A's question for (1, 2) arrives",
  ],
  /** A has left its first period, the word of it is still on the way to B, and A lives on B's second promise. */
  'second period': [
    ...[...peerMode, ...leave],
    'A tells its peer that it has left (1, 1)',
    'A asks for a promise for (1, 2)',
    "A's question for (1, 2) arrives",
    'the promise of (1, 2) to A arrives',
  ],
  /** As before, but the second promise is one of the next epoch, and the word on the way of a higher number. */
  'second epoch': [
    ...[...peerMode, ...leave],
    'A asks for a promise for (1, 2)',
    ...leave,
    "A's question for (1, 2) is lost",
    'A tells its peer that it has left (1, 2)',
    "A's engine stops",
    ...Array.from({ length: 7 }, () => 'a tick passes'),
    'A asks for epoch 2',
    "A's acquire reaches the store",
    'the answer "granted" to A arrives',
    'A tells the store that it has left (2, 0)',
    'A starts its engine on its lease of epoch 2',
    'A asks for a promise for (2, 1)',
    "A's question for (2, 1) arrives",
    'the promise of (2, 1) to A arrives',
    ...beyond,
  ],
  /** B asked the store before it promised; the store grants it epoch 2 while A lives on the promise. */
  'void grant': [
    ...[...active, 'B asks for epoch 2'],
    'A asks for a promise for (1, 1)',
    "A's question for (1, 1) arrives",
    ...[enter, ...beyond],
    "B's acquire reaches the store",
  ],
} as const;

const plain: Limits = { maxEpoch: 2, maxNumber: 1, earlyTicks: 0 };

export const smallPeer: readonly PeerConfiguration[] = [
  {
    name: 'promise',
    words: 'from a promise on the way: loss and delay',
    begins: 'promised',
    budget: {},
    limits: plain,
  },
  {
    name: 'promise-end',
    words: 'from a promise on the way: the Active ends its epoch',
    begins: 'promised',
    budget: { handovers: 1 },
    limits: plain,
  },
  {
    name: 'peer-freeze',
    words: 'in peer mode: an agent freezes between any two of its acts',
    begins: 'peer mode',
    budget: { freezes: 1 },
    limits: plain,
  },
  {
    name: 'leave-drift',
    words: 'from a renewal on the way in peer mode: an agent crashes, and one clock is off by δ',
    begins: 'about to leave',
    budget: { crashes: 1, slips: 1 },
    limits: plain,
  },
  {
    name: 'question-late',
    words: 'from a question that arrives when the Passive may take over',
    begins: 'asked late',
    budget: {},
    limits: plain,
  },
  {
    name: 'second-period',
    words: 'in a second period, while the word that the first was left is on the way',
    begins: 'second period',
    budget: {},
    limits: plain,
  },
  {
    name: 'second-epoch',
    words: 'in peer mode of a second epoch, while the word of a later number of the first is on the way',
    begins: 'second epoch',
    budget: {},
    limits: { ...plain, maxEpoch: 3 },
  },
  {
    name: 'void-grant',
    words: 'in peer mode, beside a grant to the Passive that it may not use; an agent crashes',
    begins: 'void grant',
    budget: { crashes: 1 },
    limits: { ...plain, maxEpoch: 3 },
  },
  {
    name: 'peer-power',
    words: 'in peer mode: a server loses power, a person forces a takeover, it boots again',
    begins: 'peer mode',
    budget: { powerOffs: 1, forces: 1 },
    limits: plain,
  },
  {
    name: 'asked-again',
    words: 'a second promise on the way to a restarted Active: power loss, forced takeover',
    begins: 'asked again',
    budget: { powerOffs: 1, forces: 1 },
    limits: plain,
  },
];

/** On request: more of everything, up to the limit of states. */
export const largePeer: readonly PeerConfiguration[] = [
  {
    name: 'peer-crash',
    words: 'from a question on the way: an agent crashes between any two of its acts',
    begins: 'asked',
    budget: { crashes: 1 },
    limits: plain,
  },
  {
    name: 'ask-large',
    words: 'from a lease: two questions, loss and delay',
    begins: 'active',
    budget: { questions: 2 },
    limits: { ...plain, maxNumber: 2 },
  },
  {
    name: 'peer-drift-large',
    words: 'from a promise on the way: a slow member clock, a fast store clock',
    begins: 'promised',
    budget: { slips: 2 },
    limits: plain,
  },
  {
    name: 'peer-store-large',
    words: 'in peer mode: the store restarts',
    begins: 'peer mode',
    budget: { storeRestarts: 1, crashes: 1 },
    limits: plain,
  },
  {
    name: 'peer-replacement-large',
    words: 'in peer mode: the store loses its disk, a person seeds a new one',
    begins: 'peer mode',
    budget: { replacements: 1 },
    limits: plain,
  },
  {
    name: 'peer-copies-large',
    words: 'from a promise on the way: a message arrives twice, a new question',
    begins: 'promised',
    budget: { copies: 1, questions: 1 },
    limits: { ...plain, maxNumber: 2 },
  },
  {
    name: 'void-grant-large',
    words: 'beside a void grant: an agent freezes, a server loses power',
    begins: 'void grant',
    budget: { freezes: 1, powerOffs: 1 },
    limits: { ...plain, maxEpoch: 3 },
  },
];

/** What the beginning itself needs, beyond what the configuration allows from there. */
const forTheBeginning: Partial<Budget> = { questions: 3, powerOffs: 1, handovers: 1 };

export function firstWorldOf({ begins, budget, limits }: PeerConfiguration, rules: PeerRules): World {
  const generous: Limits = { maxEpoch: limits.maxEpoch, maxNumber: 2, earlyTicks: 7 };
  const { budget: none } = firstWorld({});
  const first = played(firstWorld(forTheBeginning), rules, generous, beginnings[begins]);
  return { ...first, budget: { ...none, ...budget } };
}
