import { decide, type RuleDecision } from '../../shared/failover/decide.ts';
import type { MemberFacts } from '../../shared/failover/member-facts.ts';
import { activeFacts, passiveFacts } from '../unit/failover/sample-facts.ts';

/**
 * Two members beside one store, whole: what each of them decides in every state that both can be in at once. One line
 * per state, in one file, so that any change of a rule shows what else it changes.
 */
const engines = ['active', 'passive', 'unknown'] as const;
const leases = ['valid', 'expired'] as const;
const stores = ['up', 'down', 'unknown'] as const;
const links = ['up', 'down'] as const;
type One = { readonly engine: (typeof engines)[number]; readonly lease: (typeof leases)[number] };

export interface PairState {
  readonly store: (typeof stores)[number];
  readonly link: (typeof links)[number];
  readonly north: One;
  readonly south: One;
}
export interface Pair extends PairState {
  readonly facts: readonly [MemberFacts, MemberFacts];
  readonly decisions: readonly [RuleDecision, RuleDecision];
}

/** Every state of both; only one of them can have a valid lease, which is what the store's rules see to. */
export function* pairs(): Generator<Pair> {
  const every = stores.flatMap((store) => links.map((link) => ({ store, link })));
  for (const around of every) {
    for (const [north, south] of both()) {
      const state = { ...around, north, south };
      const facts = [factsOf(state, 'north'), factsOf(state, 'south')] as const;
      yield { ...state, facts, decisions: [decide(facts[0]), decide(facts[1])] };
    }
  }
}

function both(): (readonly [One, One])[] {
  const all = [...members()];
  const couples = all.flatMap((north) => all.map((south) => [north, south] as const));
  return couples.filter(([north, south]) => north.lease !== 'valid' || south.lease !== 'valid');
}

function* members(): Generator<One> {
  for (const engine of engines) for (const lease of leases) yield { engine, lease };
}

function factsOf(state: PairState, name: 'north' | 'south'): MemberFacts {
  const other = name === 'north' ? 'south' : 'north';
  const [own, peer] = [state[name], state[other]];
  const heard = state.link === 'up';
  const holder = state.north.lease === 'valid' ? 'north' : state.south.lease === 'valid' ? 'south' : null;
  const held = own.lease === 'valid';
  const base = held ? activeFacts() : passiveFacts();
  const running = own.engine === 'active' ? 'running' : own.engine === 'passive' ? 'stopped' : null;
  return {
    ...base,
    self: { ...base.self, server: name, name: `ig-${name}`, preferred: name === 'north' },
    peer: {
      ...base.peer,
      server: other,
      name: `ig-${other}`,
      reachable: heard,
      heard,
      role: heard ? peerRole(peer) : null,
      engineRunning: heard && peer.engine !== 'unknown' ? peer.engine === 'active' : null,
      blockers: heard ? [] : null,
    },
    lease: {
      ...base.lease,
      held,
      holder: state.store === 'unknown' ? null : holder,
      lastHolder: holder,
      freeInMs: state.store === 'unknown' ? null : holder === null ? 0 : 3_000,
      storeReachable: state.store === 'up',
      trouble: state.store === 'up' ? null : 'it does not answer',
    },
    engine: {
      ...base.engine,
      process: { value: running, ageMs: 1 },
      api: { value: running === null ? null : running === 'running', ageMs: 1 },
    },
    serving: held && own.engine === 'active',
  };
}

function peerRole({ engine, lease }: One): MemberFacts['peer']['role'] {
  if (engine === 'unknown') return 'unknown';
  if (lease === 'valid') return engine === 'active' ? 'active' : 'taking-over';
  return engine === 'active' ? 'stopping' : 'passive';
}

/** `store up, link up | north active valid → R33 wait | south passive expired → R52 wait`, one line a state. */
export function dumpPairs(): string {
  const lines = [...pairs()].map(({ store, link, north, south, decisions: [first, second] }) =>
    [
      `store ${store.padEnd(7)} link ${link.padEnd(4)}`,
      `north ${said(north)} ${outcome(first)}`,
      `south ${said(south)} ${outcome(second)}`,
    ].join(' | '),
  );
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

const said = ({ engine, lease }: One) => `${engine.padEnd(7)} lease ${lease.padEnd(7)}`;
const outcome = ({ ruleId, verdict, steps }: RuleDecision) =>
  `→ ${ruleId} ${(steps[0]?.kind ?? verdict).padEnd(15)}`;
