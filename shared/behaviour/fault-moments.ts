import type { FactChanges } from '../failover/constructed-facts.ts';
import type { StepKind } from '../failover/member-facts.ts';
import { attemptsBeforeHandover, retryPauseMs } from '../failover/rules/rule.ts';
import { stepTerms } from '../failover/step-terms.ts';
import { leaseInstants } from '../lease/timing.ts';
import {
  crashed,
  cutOff,
  leaseFree,
  leaseLeftWhenCutOff,
  leaseLeftWhenSilent,
  silentPeer,
  storeSilent,
} from './fault-facts.ts';
import type { FaultScene } from './fault-scene.ts';
import { membersOf } from './healthy-members.ts';
import type { Instant } from './fault-instants.ts';

/** What an entry of the time line is about. */
export type CoursePhase = 'happens' | 'noticed' | 'decided' | 'old-ends' | 'new-starts' | 'later';

export type MemberName = 'active' | 'passive';

/** When a moment comes at all: what follows from a decision is told only where that decision was made. */
interface Condition {
  /** Only where the decision before it takes one of these steps. */
  readonly after?: readonly StepKind[];
  /**
   * `armed`: the site is not only observed · `held-back`: nobody serves, and the decision before it begins nothing ·
   * `nobody`: nobody serves · `moved`: the other member serves by now.
   */
  readonly onlyIf?: 'armed' | 'held-back' | 'nobody' | 'moved';
}

/** A decision of a member over these facts. */
export interface DecisionMoment extends Condition {
  readonly kind: 'decision';
  readonly at: Instant;
  /** Left out: read off the verdict. */
  readonly phase?: CoursePhase;
  /** `taker`: the Passive after it has taken over. */
  readonly member: MemberName | 'taker';
  readonly changes: FactChanges;
  /** Whoever served serves no more from here on. */
  readonly ends?: true;
}

/** What happens outside the rules. */
export interface OutsideMoment extends Condition {
  readonly kind: 'outside';
  readonly at: Instant;
  readonly phase: CoursePhase;
  readonly who: string;
  readonly says: string;
  readonly ends?: true;
  /** Seconds that it may last, at most: everything after it comes so much later in the worst case. */
  readonly lasts?: number;
}

/** A member serves, as a consequence of the decision before it; when, is added up. */
export interface ServesMoment extends Condition {
  readonly kind: 'serves';
  readonly member: MemberName;
  readonly says: string;
}

/** Something on the time line of a fault. */
export type Moment = DecisionMoment | OutsideMoment | ServesMoment;

export const decides = (
  member: DecisionMoment['member'],
  at: Instant,
  changes: FactChanges = {},
  more: Condition & Pick<DecisionMoment, 'phase' | 'ends'> = {},
): DecisionMoment => ({ kind: 'decision', at, member, changes, ...more });
export const outside = (
  phase: CoursePhase,
  who: string,
  at: Instant,
  says: string,
  more: Condition & Pick<OutsideMoment, 'ends' | 'lasts'> = {},
): OutsideMoment => ({ kind: 'outside', phase, who, at, says, ...more });

/** A silent Active: the Passive notices it and waits for the lease. */
export function noticesSilence(scene: FaultScene): Moment {
  const { active } = membersOf(scene);
  return decides('passive', 'peer-silent', {
    ...silentPeer,
    lease: { holder: active.server, freeInMs: leaseLeftWhenSilent(scene) },
  });
}

/** The lease of the silent Active ends, the Passive takes it and serves, unless its rules forbid it. */
export function takesOver(scene: FaultScene): Moment[] {
  return [
    leaseEnds,
    ...triesToTakeOver(scene, { ...silentPeer, ...leaseFree(scene) }),
    person(`Brings ${membersOf(scene).active.name} back: until then nobody serves.`, { onlyIf: 'held-back' }),
  ];
}

export const leaseEnds: Moment = outside(
  'happens',
  'Lease store',
  'lease-free',
  'The lease counts as free: T + δ after its last renewal.',
  { onlyIf: 'armed' },
);

/** The lease is free: what the Passive decides over that, and whatever follows from it. */
export function triesToTakeOver(
  scene: FaultScene,
  changes: FactChanges,
  at: Instant = 'lease-free',
): Moment[] {
  return [decides('passive', at, changes), ...cutsOff(scene, at), ...serves(scene)];
}

/** A storage that can be withdrawn from a server which does not say that its engine has stopped. */
export function cutsOff(scene: FaultScene, at: Instant): Moment[] {
  const { cutSeconds } = scene;
  if (cutSeconds === undefined) return [];
  const { active, passive } = membersOf(scene);
  const says = `It has ${active.name} cut off from the storage by the program of the site, for which it waits up to ${cutSeconds} s.`;
  return [outside('decided', passive.name, at, says, { after: ['acquire'] })];
}

/** The Passive serves once it has acquired the lease, and not before. */
export function serves(scene: FaultScene): Moment[] {
  const pollers = scene.pollers > 0 ? ', pollers last' : '';
  const { mountSeconds } = scene;
  const mounted =
    mountSeconds === undefined ? '' : `the directory mounted (for which it waits up to ${mountSeconds} s), `;
  const says = `It serves: ${mounted}storage proven, its generation raised, engine and components started, the balancer told${pollers}.`;
  return [{ kind: 'serves', member: 'passive', says, after: ['acquire'] }];
}

/** The member that was Active serves again, as a consequence of a decision of its own. */
export const servesAgain = (after: StepKind, says: string): ServesMoment => ({
  kind: 'serves',
  member: 'active',
  says,
  after: [after],
});
/** Whoever served ends. */
export const oldEnds = (scene: FaultScene, at: Instant, says: string, more: Condition = {}): Moment =>
  outside('old-ends', membersOf(scene).active.name, at, says, { ends: true, ...more });
/** What a person does, on a site whose members can be told to do something. */
export const person = (says: string, more: Condition = {}): Moment =>
  outside('later', 'A person', 'later', says, { onlyIf: 'armed', ...more });
/** The same where it rests on the other member, which may be one that never becomes Active. */
export function personMoves(
  scene: FaultScene,
  says: string,
  ifNeverActive: string,
  onlyIf: 'armed' | 'held-back' = 'armed',
): Moment {
  return person(membersOf(scene).passive.mustNot ? ifNeverActive : says, { onlyIf });
}

export function bringsBack(scene: FaultScene): string {
  const { active, passive } = membersOf(scene);
  return `Brings ${active.name} back: ${passive.name} never becomes Active here.`;
}

export const restarted = servesAgain('start-engine', 'It serves again, under the same epoch.');
export const guardsKill = (scene: FaultScene): Moment =>
  oldEnds(scene, 'guards-kill', 'The guards kill its engine, whatever the agent does.', { onlyIf: 'armed' });
export const diesWithServer = (scene: FaultScene): Moment =>
  oldEnds(scene, 'fault', 'Its engine ends with its server.');

/** The engine has died too often: restarted here or given to the other one, as the rules have it. */
export function crashesOn(scene: FaultScene, crashes: number, says: string): Moment[] {
  const { active } = membersOf(scene);
  const facts = crashed(crashes);
  return [
    oldEnds(scene, 'fault', says),
    decides('active', 'process-seen', facts),
    restarted,
    ...handedOver(scene, facts),
    person(`Starts the engine on ${active.name}, or finds out why it dies.`, { onlyIf: 'held-back' }),
  ];
}

/** After a decision to hand over: the last copy of a copied directory, the end of the epoch, and the other one's turn. */
export function handedOver(scene: FaultScene, facts: FactChanges, at: Instant = 'process-seen'): Moment[] {
  const { passive } = membersOf(scene);
  const copied = scene.storage === 'copied';
  const given = { ...facts, storage: { ...facts.storage, copied: { state: { givenEpoch: 5 } } } };
  const free = leaseFree(scene);
  return [
    ...(copied ? [decides('active', at, given, { after: ['copy-last'] })] : []),
    decides(
      'passive',
      at,
      {
        ...free,
        peer: { role: 'passive', engineRunning: false },
        lease: { ...free.lease, reservedFor: passive.server },
        ...(copied && { storage: { copied: { state: { whole: { final: true } } } } }),
      },
      { after: ['end-epoch'] },
    ),
    ...serves(scene),
  ];
}

/** An Active that hears nobody: it stops before its lease ends, and the guards see to that. */
export function endsItself(scene: FaultScene, heard: FactChanges = {}): Moment[] {
  const lease = { ...storeSilent.lease, leftMs: leaseLeftWhenCutOff(scene) };
  return [
    decides('active', 'store-silent', { ...cutOff, ...heard, lease }),
    decides(
      'active',
      'own-stop',
      { ...cutOff, ...heard, emergency: true },
      { phase: 'old-ends', ends: true, onlyIf: 'armed' },
    ),
    guardsKill(scene),
  ];
}

/** The lease is free, and something forbids to take it. */
export function withheldBy(scene: FaultScene, lease: NonNullable<FactChanges['lease']>): FactChanges {
  const free = leaseFree(scene);
  return { ...silentPeer, ...free, lease: { ...free.lease, ...lease } };
}

export function blockOf({ failoversPerHour }: FaultScene) {
  return { why: `${failoversPerHour} failovers within an hour`, by: 'rule', leftMs: 30 * 60_000 } as const;
}

/** Nothing would end the engine in time: it is killed. */
export const endsWithoutGuards: Moment = decides(
  'active',
  'guards-silent',
  { guards: { beating: 0, allSilent: true } },
  { phase: 'old-ends', ends: true },
);

/** Up to when a late renewal is one, by the timing. */
export function limitOfLateRenewals(scene: FaultScene): Moment {
  const ownStop = secondsWords(leaseInstants(scene.timing).ownStopMs);
  const says = `It stops its engine by itself once no renewal has got through for ${ownStop}, and then the other one takes over, as at “active-cut-off”.`;
  return outside('happens', membersOf(scene).active.name, 'fault', says, { onlyIf: 'armed' });
}

/** A step is tried as often as it is before the lease is handed over, each time up to its own limit. */
export function triedThreeTimes(
  scene: FaultScene,
  member: MemberName,
  kind: StepKind,
  more: { readonly at: Instant; readonly says: string; readonly after: StepKind },
): Moment {
  const limitMs = stepTerms[kind].limitMs(scene.timing);
  const pausesMs = retryPauseMs(1) + retryPauseMs(2);
  const lasts = (attemptsBeforeHandover * limitMs + pausesMs) / 1000;
  const says = `${more.says}: that is tried ${attemptsBeforeHandover} times, each for ${secondsWords(limitMs)} at most.`;
  return outside('happens', membersOf(scene)[member].name, more.at, says, { after: [more.after], lasts });
}

export function secondsWords(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
