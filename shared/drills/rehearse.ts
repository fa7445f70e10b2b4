import { decide, decisionSentence } from '../failover/decide.ts';
import type { MemberFacts } from '../failover/member-facts.ts';

/** What a member would decide if something happened that did not happen. */
export interface Rehearsed {
  /** `its peer falls silent` and the like, as the end of "if …". */
  readonly event: 'peer-silent' | 'lease-free' | 'engine-dies';
  readonly ruleId: string;
  readonly sentence: string;
  /** It would do something; false: it waits, or asks a person. */
  readonly acts: boolean;
}

/** Longer than any member waits for another one to go first. */
const longFreeMs = 60_000;

/**
 * The production rules, asked with the facts of now and one thing changed. A Passive tells what it would do if its peer
 * were gone, an Active what it would do if its engine were. Pure; nothing is done.
 */
export function rehearse(facts: MemberFacts): Rehearsed[] {
  if (facts.lease.held) return [asked('engine-dies', engineGone(facts))];
  const silent = peerGone(facts);
  return [asked('peer-silent', silent), asked('lease-free', leaseRunOut(silent))];
}

function asked(event: Rehearsed['event'], facts: MemberFacts): Rehearsed {
  const decision = decide(facts);
  return {
    event,
    ruleId: decision.ruleId,
    sentence: decisionSentence(decision),
    acts: decision.verdict === 'act',
  };
}

function peerGone(facts: MemberFacts): MemberFacts {
  const peer: MemberFacts['peer'] = {
    ...facts.peer,
    ...{ reachable: false, heard: false, role: null, epoch: null, engineRunning: null, blockers: null },
    ...{ fitForMs: 0, onPromise: null, operationToUs: null },
  };
  return { ...facts, peer };
}

/** The lease store answers, and has called the lease free for longer than anybody is waited for. */
function leaseRunOut(facts: MemberFacts): MemberFacts {
  const lease: MemberFacts['lease'] = { ...facts.lease, freeInMs: 0, reservedFor: null, releasing: false };
  return { ...facts, lease, freeForMs: longFreeMs };
}

function engineGone(facts: MemberFacts): MemberFacts {
  const engine: MemberFacts['engine'] = {
    ...facts.engine,
    process: { value: 'stopped', ageMs: 0 },
    ...{ api: { value: false, ageMs: 0 }, apiSilentMs: 0, apiAwaitedMs: 0 },
    ...{ startedEpoch: null, pollersStarted: false, crashes: facts.engine.crashes + 1 },
  };
  return { ...facts, engine, serving: false };
}
