import { notMountedWords } from '../storage/mount-control.ts';
import type { Blocker } from '../agent-api/member-snapshot.ts';
import { copySentences } from '../copying/copy-words.ts';
import { plans } from '../failover/plan.ts';
import { administratorBlockers, type Asker } from './asker.ts';
import { formatSpan } from './age.ts';
import { roleWords } from './member-role.ts';
import { otherMember } from './cluster-role.ts';
import { ageNow, leftNow, type ClusterSight, type MemberSight } from './sight.ts';
import { expectedGap, expectedStep, type SwitchoverPlan } from './switchover-plan.ts';

/** One thing that is known, or not, before a takeover is forced. */
export interface ForceFact {
  readonly what: string;
  readonly text: string;
  /** Null: not known. */
  readonly ok: boolean | null;
  readonly ageMs: number | null;
}

export interface ForcePlan extends SwitchoverPlan {
  readonly other: MemberSight;
  /** The lease store does not answer the target: the epoch is raised without it. */
  readonly withoutStore: boolean;
  readonly facts: readonly ForceFact[];
}

/** The member that a person may force: it answers, runs nothing, and hears nothing of the other one. Null: none. */
export function forceOffered(sight: ClusterSight): MemberSight | null {
  const alone = sight.members.filter((member) => {
    const { snapshot, silent } = member;
    return !silent && snapshot?.forced !== undefined && snapshot.role.observed === 'passive';
  });
  const [only] = alone;
  if (only === undefined || alone.length > 1) return null;
  const hearsPeer = only.snapshot?.peer.reachable === true || otherMember(sight, only)?.silent === false;
  return hearsPeer ? null : only;
}

/** What a takeover by force to `target` would do now, what is known, and what stands in its way. */
export function planForce(sight: ClusterSight, target: MemberSight, asker: Asker): ForcePlan | null {
  const other = otherMember(sight, target);
  if (other === null) return null;
  const steps = plans['force-takeover'].map((step) => ({
    kind: step.kind,
    title: step.title,
    on: target.name,
    ifWrong: step.kind === 'force' ? 'nothing is changed' : 'told; a person decides',
    ...expectedStep(sight, step.kind, { member: target, other, change: 'takeover' }),
    withoutActive: step.withoutActive,
  }));
  return {
    from: null,
    target,
    other,
    epoch: target.snapshot?.lease.epoch ?? null,
    withoutStore: target.snapshot?.store.reachable === false,
    refusals: forceRefusals(sight, target, other, asker),
    cautions: [],
    steps,
    withoutActive: expectedGap(sight, steps, target, 'takeover'),
    facts: factsOf(sight, target, other),
  };
}

function forceRefusals(
  sight: ClusterSight,
  target: MemberSight,
  other: MemberSight,
  asker: Asker,
): Blocker[] {
  const found = administratorBlockers(asker);
  const add = (code: string, reason: string, remedy: string) => found.push({ code, reason, remedy });
  if (target.silent || !target.snapshot) {
    add('target.silent', `${target.name} does not answer.`, 'Choose a member that answers.');
    return found;
  }
  const { forced } = target.snapshot;
  if (forced === undefined) {
    add(
      'agent.version',
      `The agent of ${target.name} is of an earlier release.`,
      'Install the agent there again.',
    );
    return found;
  }
  // The console hears more than the target: whatever answers is neither off nor cut off.
  if (!other.silent && !forced.blockers.some(({ code }) => code.startsWith('peer-'))) {
    const remedy = `Ask for a switchover or a failover to ${target.name} instead.`;
    add('peer-answers', `${other.name} answers this console, so it is neither off nor cut off.`, remedy);
  }
  if (sight.cluster.operations.some(({ state, kind }) => state === 'running' && kind === 'force-takeover')) {
    add('operation.running', `${target.name} is taking over by force already.`, 'Wait until that has ended.');
  }
  return [...found, ...forced.blockers];
}

function factsOf(sight: ClusterSight, target: MemberSight, other: MemberSight): ForceFact[] {
  const { snapshot } = target;
  if (!snapshot) return [];
  const { store, peer, lease, storage, peerMode } = snapshot;
  const age = (ms: number | null) => ageNow(target, ms);
  const left = leftNow(target, lease.freeInMs);
  return [
    {
      what: `${other.name}, heard by ${target.name}`,
      text: peer.reachable
        ? `answers, ${peer.role === null ? 'role unknown' : roleWords[peer.role]}`
        : (peer.why ?? 'does not answer'),
      ok: !peer.reachable,
      ageMs: age(peer.answeredMs),
    },
    {
      what: `${other.name}, heard by this console`,
      text: other.silent
        ? `does not answer; ${other.snapshot ? `was ${roleWords[other.snapshot.role.observed]}` : 'never heard'}`
        : 'answers',
      ok: other.silent,
      ageMs: other.heardMs,
    },
    {
      what: `Lease store, heard by ${target.name}`,
      text: store.reachable ? 'answers' : (store.why ?? 'does not answer'),
      ok: store.reachable ? true : null,
      ageMs: age(store.answeredMs),
    },
    {
      what: 'Lease',
      text: leaseText(sight, lease.holder, store.reachable ? left : null),
      ok: store.reachable ? left === 0 : null,
      ageMs: age(store.answeredMs),
    },
    {
      what: `Storage on ${target.name}`,
      text:
        storage.proven.value === null
          ? (storage.proven.why ?? 'not known')
          : storage.proven.value.unmounted
            ? `${notMountedWords}; mounted and proven by the takeover`
            : 'proven',
      ok: storage.proven.value === null || storage.proven.value.unmounted ? null : true,
      ageMs: age(storage.proven.ageMs),
    },
    ...lossFacts(target),
    ...(peerMode?.given
      ? [
          {
            what: 'Promise',
            text: `${target.name} has promised ${other.name} not to take over; it ends with this`,
            ok: null,
            ageMs: target.heardMs,
          },
        ]
      : []),
  ];
}

/** What the takeover gives up where the directory is copied. */
function lossFacts(target: MemberSight): ForceFact[] {
  const { copy, proven } = target.snapshot?.storage ?? {};
  if (copy === undefined) return [];
  const known = copy.loss?.kind === 'none' ? true : null;
  const ok = copy.loss?.kind === 'lag' ? false : known;
  const text = copySentences(copy).join(' ');
  return [{ what: 'Messages', text, ok, ageMs: ageNow(target, proven?.ageMs ?? null) }];
}

function leaseText(sight: ClusterSight, holder: string | null, leftMs: number | null): string {
  const name = sight.members.find(({ server }) => server === holder)?.name ?? 'nobody';
  if (leftMs === null) return `last holder ${name}; whether it is live is not known`;
  return leftMs === 0
    ? `last holder ${name}; not live any more`
    : `of ${name}, live for ${formatSpan(leftMs)}`;
}

/** Members that take no part until a person re-admits them. */
export function readmissionsOffered(sight: ClusterSight): MemberSight[] {
  return sight.members.filter(({ silent, snapshot }) => !silent && snapshot?.forced?.readmission != null);
}

/** Why a member cannot be re-admitted now, each with its way out; empty: it can. */
export function readmitBlockers(member: MemberSight, asker: Asker): Blocker[] {
  const found = administratorBlockers(asker);
  const add = (code: string, reason: string, remedy: string) => found.push({ code, reason, remedy });
  if (member.silent || !member.snapshot) {
    add('target.silent', `${member.name} does not answer.`, 'Bring its agent, or the way to it, back first.');
    return found;
  }
  const needed = member.snapshot.forced?.readmission;
  if (!needed) {
    add('not-needed', `${member.name} takes part already.`, 'Nothing has to be done.');
    return found;
  }
  return [...found, ...needed.blockers];
}
