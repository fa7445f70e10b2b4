/** What is explored. Each configuration allows a few kinds of faults, so that all their orders can be seen. */
import type { Limits } from './member-moves.ts';
import { played } from './explore.ts';
import { productRules, type Rules } from './rules.ts';
import { firstWorld, type Budget, type World } from './world.ts';
import { seedRecord, restoreStore } from '../../shared/lease/store.ts';
import { modelTiming } from './ticks.ts';

export interface Configuration {
  readonly name: string;
  /** What may happen, for people. */
  readonly words: string;
  readonly budget: Partial<Budget>;
  readonly limits: Limits;
  /** What the surroundings do differently; no rule of the product is touched. */
  readonly surroundings?: Partial<Rules>;
  readonly change?: (world: World, rules: Rules, limits: Limits) => World;
}

const plain: Limits = { maxEpoch: 2, inFlight: 1, earlyTicks: 1, slowStarts: false };
const slow: Limits = { ...plain, slowStarts: true };

export const small: readonly Configuration[] = [
  {
    name: 'messages',
    words: 'loss and delay, three epochs',
    budget: {},
    limits: { ...plain, maxEpoch: 3 },
  },
  {
    name: 'copies',
    words: 'one request arrives twice',
    budget: { copies: 1 },
    limits: plain,
  },
  {
    name: 'agent-crash',
    words: 'an agent crashes and is restarted, at any point of a start',
    budget: { crashes: 1 },
    limits: { ...slow, earlyTicks: 0 },
  },
  {
    name: 'agent-freeze',
    words: 'an agent freezes and thaws, at any point of a start',
    budget: { freezes: 1 },
    limits: { ...slow, earlyTicks: 0 },
  },
  {
    name: 'handover',
    words: 'planned handover, agent crash between any two of its writes',
    budget: { handovers: 1, crashes: 1 },
    limits: plain,
  },
  {
    name: 'handover-reorder',
    words: 'planned handover, two requests of a member on the way in any order',
    budget: { handovers: 1 },
    limits: { ...plain, inFlight: 2, earlyTicks: 0 },
  },
  {
    name: 'servers',
    words: 'a server loses power, the store restarts, the clocks of a server jump',
    budget: { powerOffs: 1, storeRestarts: 1, jumps: 1 },
    limits: { ...plain, earlyTicks: 0 },
  },
  {
    name: 'drift',
    words: 'a slow member clock and a fast store clock, each by δ',
    budget: { slips: 2 },
    limits: { ...plain, earlyTicks: 0 },
  },
  {
    name: 'replacement',
    words: 'the store loses its disk, a person seeds a new one; an agent crashes',
    budget: { replacements: 1, crashes: 1 },
    limits: plain,
  },
  {
    name: 'replacement-freeze',
    words: 'the store is replaced while an agent is frozen',
    budget: { replacements: 1, freezes: 1 },
    limits: { ...plain, maxEpoch: 1 },
  },
  {
    name: 'foreign-store',
    words: 'the network leads one member to a store that is not its own',
    budget: { reroutes: 1 },
    limits: plain,
    change: withForeignStore,
  },
  {
    name: 'older-copy',
    words: 'the store comes back with an older record, T + δ waited; the peer is away',
    budget: { replacements: 1, crashes: 1 },
    limits: plain,
    surroundings: {
      onStoreLoss: (record) => ({
        ...record,
        epoch: Math.max(0, record.epoch - 1),
        holder: null,
        untouched: true,
      }),
    },
    change: withPeerAway,
  },
  {
    name: 'outside-start',
    words: 'somebody else starts the engine where the gate lets him, during a handover',
    budget: { handovers: 1, outsideStarts: 1 },
    limits: plain,
  },
];

/** Only a broken rule is run here: with the rule kept it is a part of `agent-crash`. */
export const restarted: Configuration = {
  name: 'restarted',
  words:
    'begins with a restarted agent whose third renewal is on the way, and the answer to its predecessor’s',
  budget: { crashes: 1 },
  limits: { ...plain, inFlight: 2, earlyTicks: 0 },
  change: (world, rules, limits) =>
    played(world, rules, limits, [
      'A asks for epoch 1',
      "A's acquire reaches the store",
      'the answer "granted" reaches A',
      "the gate lets A's engine start",
      'a tick passes',
      'A asks to renew epoch 1',
      "A's renew reaches the store",
      "A's agent crashes",
      "A's agent starts",
      'A asks to renew epoch 1',
      "A's renew is lost",
      'A asks to renew epoch 1',
      "A's renew is lost",
      'a tick passes',
      'a tick passes',
      'a tick passes',
      'A asks to renew epoch 1',
    ]),
};

/** On request: more of everything, up to the limit of states. */
export const large: readonly Configuration[] = [
  {
    name: 'outside-large',
    words: 'outside start and crash during a handover',
    budget: { handovers: 1, outsideStarts: 1, crashes: 1 },
    limits: plain,
  },
  {
    name: 'messages-large',
    words: 'loss and delay, five epochs',
    budget: {},
    limits: { ...plain, maxEpoch: 5 },
  },
  {
    name: 'copies-large',
    words: 'a copy, two requests on the way',
    budget: { copies: 1 },
    limits: { ...plain, inFlight: 2 },
  },
  {
    name: 'agents-large',
    words: 'two crashes, one freeze',
    budget: { crashes: 2, freezes: 1 },
    limits: slow,
  },
  {
    name: 'handover-large',
    words: 'handover with a crash, slow starts, two requests on the way',
    budget: { handovers: 1, crashes: 1 },
    limits: { ...slow, inFlight: 2 },
  },
  {
    name: 'servers-large',
    words: 'power loss, two store restarts, agent crash',
    budget: { powerOffs: 1, storeRestarts: 2, crashes: 1 },
    limits: plain,
  },
  {
    name: 'drift-large',
    words: 'three slips and a store restart',
    budget: { slips: 3, storeRestarts: 1 },
    limits: plain,
  },
  {
    name: 'replacement-large',
    words: 'replacement with a crash and a store restart',
    budget: { replacements: 1, crashes: 1, storeRestarts: 1 },
    limits: plain,
  },
];

export function firstWorldOf({ budget, change, limits }: Configuration, rules: Rules): World {
  const world = firstWorld(budget);
  return change === undefined ? world : change(world, rules, limits);
}

export function rulesOf(configuration: Configuration, broken: Partial<Rules> = {}): Rules {
  return { ...productRules, ...configuration.surroundings, ...broken };
}

/** Somebody's new store: seeded with 0, and its T + δ has passed. */
function withForeignStore(world: World): World {
  const record = { ...seedRecord('other', 'C', modelTiming.T, 0), untouched: false };
  const state = restoreStore(record, modelTiming.T, 0);
  return { ...world, stores: [...world.stores, { ...world.stores[0]!, state, onDisk: state.record }] };
}

/** B reaches no store at all. */
function withPeerAway(world: World): World {
  const nowhere = { ...world.stores[0]!, state: null };
  const [a, b] = world.members;
  return { ...world, members: [a, { ...b, route: 1 }], stores: [...world.stores, nowhere] };
}
