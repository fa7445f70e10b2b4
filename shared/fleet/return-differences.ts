import { endsTold, type MemberSnapshot } from '../agent-api/member-snapshot.ts';
import type { LedgerSummary } from '../agent-api/member-evidence.ts';
import { statementWords } from '../failover/rules/forced-words.ts';

/** One of the two members as it tells of itself; null: it was never heard, or does not answer. */
export interface ComparedMember {
  readonly name: string;
  readonly snapshot: MemberSnapshot | null;
}

/** One thing in which a returned member may differ from the other one. */
export interface ReturnDifference {
  readonly what: string;
  /** In its own words; null: it does not tell. */
  readonly own: string | null;
  readonly other: string | null;
  /** not-known: one of them does not tell. */
  readonly state: 'fine' | 'differs' | 'not-known';
  /** What it means, and what helps; empty: nothing. */
  readonly means: string;
}

/** What differs between a member that has come back and the other one, by what both tell. Pure. */
export function returnDifferences(own: ComparedMember, other: ComparedMember): ReturnDifference[] {
  return [
    configuration(own, other),
    agentVersion(own, other),
    epochs(own, other),
    generations(own, other),
    engine(own, other),
    queues(own),
    certificates(own, other),
  ];
}

/** What becomes of a member that has come back, as it stands now: sentences in order. Pure. */
export function returnCourse({ name, snapshot }: ComparedMember, other: ComparedMember): string[] {
  if (snapshot === null) {
    return [
      `${name} does not answer. When its agent answers again, it begins Passive and proves its lease first.`,
    ];
  }
  const readmission = snapshot.forced?.readmission ?? null;
  if (readmission !== null) {
    return [
      readmission.why,
      `Until a person re-admits it, ${name} is Passive and never takes over. Re-admitted, it begins with the highest epoch known; its engine is not started by that.`,
      ...readmission.blockers.map(({ reason, remedy }) => `First: ${reason} ${remedy}`),
    ];
  }
  if (snapshot.role.observed === 'active') return [`${name} is Active; it is the one that serves.`];
  const fence = snapshot.forced?.fence ?? null;
  const fenced =
    fence === null
      ? []
      : [`${fence.by} has stated that ${other.name} ${statementWords[fence.statement]}: it must stay so.`];
  if (snapshot.blockers.length === 0) {
    return [
      ...fenced,
      `${name} takes part as Passive again, and could take over now. Nothing moves back by this alone.`,
    ];
  }
  return [
    ...fenced,
    `${name} takes part as Passive, but could not take over yet.`,
    ...snapshot.blockers.map(({ reason, remedy }) => `First: ${reason} ${remedy}`),
  ];
}

type Told = string | null;

function compared(what: string, own: Told, other: Told, means: string): ReturnDifference {
  if (own === null || other === null) return { what, own, other, state: 'not-known', means: '' };
  return own === other
    ? { what, own, other, state: 'fine', means: '' }
    : { what, own, other, state: 'differs', means };
}

function configuration(own: ComparedMember, other: ComparedMember): ReturnDifference {
  const means =
    'It works with other settings than the other member. Repair the servers, which writes the same to both.';
  return compared('Configuration', settings(own), settings(other), means);
}

/** Version of the site document, and what of it bears on both. */
function settings({ snapshot }: ComparedMember): Told {
  if (snapshot === null) return null;
  const { siteVersion, timing, storage, store } = snapshot;
  const version = siteVersion === undefined ? 'version not told' : `version ${siteVersion}`;
  const directory = storage.kind === 'shared' ? storage.directory : 'copied directory';
  return `${version}, T ${timing.T} s, ${directory}, ${storeOf(store.place)}`;
}

/** On one machine, as in the demo, each member may have a way of its own to the same store. */
function storeOf(place: string | undefined): string {
  return place?.replace(/ \(127\.[\d.]+:\d+\)$/, '') ?? 'lease store not told';
}

function agentVersion(own: ComparedMember, other: ComparedMember): ReturnDifference {
  const means = 'They work together; upgrade the older one, so that both decide by the same rules.';
  return compared('Agent', version(own), version(other), means);
}

function version({ snapshot }: ComparedMember): Told {
  return snapshot === null ? null : `version ${snapshot.productVersion}`;
}

/** A Passive learns of epochs from the store; one that lags has not heard of the moves meanwhile. */
function epochs(own: ComparedMember, other: ComparedMember): ReturnDifference {
  const told = ({ snapshot }: ComparedMember): Told =>
    snapshot === null
      ? null
      : `${snapshot.lease.epoch}, ${snapshot.lease.state === 'held' ? 'holds the lease' : 'no lease'}`;
  const [mine, theirs] = [told(own), told(other)];
  const what = 'Epoch';
  if (own.snapshot === null || other.snapshot === null)
    return { what, own: mine, other: theirs, state: 'not-known', means: '' };
  const behind = other.snapshot.lease.epoch - own.snapshot.lease.epoch;
  if (behind <= 0) return { what, own: mine, other: theirs, state: 'fine', means: '' };
  const means = `It is ${behind} behind: each new lease adds one, a takeover by force 1000. It learns of that before it asks for one.`;
  return { what, own: mine, other: theirs, state: 'differs', means };
}

function generations(own: ComparedMember, other: ComparedMember): ReturnDifference {
  const means =
    'It does not read what the other one has written: another directory, or an older copy. Look at what is mounted before it takes over.';
  return compared('Storage', generation(own), generation(other), means);
}

function generation({ snapshot }: ComparedMember): Told {
  if (snapshot === null) return null;
  const { generation: seen, proven } = snapshot.storage;
  // The other one's is all there is to see: nothing is told of this one, so that nothing differs.
  if (proven.value?.unmounted) return null;
  if (seen.value === null) return proven.value === null ? `not proven: ${proven.why ?? 'not known'}` : null;
  return `generation ${seen.value}`;
}

function engine(own: ComparedMember, other: ComparedMember): ReturnDifference {
  const told = ({ snapshot }: ComparedMember): Told => snapshot?.engine.process.value ?? null;
  const [mine, theirs] = [told(own), told(other)];
  const both = mine === 'running' && theirs === 'running';
  const dies = (own.snapshot?.ownEnds ?? 0) >= endsTold;
  return {
    ...{ what: 'Engine', own: mine, other: theirs },
    state: mine === null || theirs === null ? 'not-known' : both || dies ? 'differs' : 'fine',
    means: both
      ? 'Both engines run: stop the one that holds no lease.'
      : dies
        ? 'Its agent has died several times in the last ten minutes: look at its journal first.'
        : '',
  };
}

function queues({ snapshot }: ComparedMember): ReturnDifference {
  const what = 'Queue positions';
  const ledger = snapshot?.evidence?.ledger;
  if (ledger === undefined) return { what, own: null, other: null, state: 'not-known', means: '' };
  const [own, other] = [stand(ledger.own), stand(ledger.ofPeer)];
  const { returned } = ledger;
  if (returned === null) {
    const means =
      own === null ? 'It was not Active since its agent was installed, or what it had is gone.' : '';
    return { what, own, other, state: other === null ? 'not-known' : 'fine', means };
  }
  const good = returned.verdict === 'continued';
  const state = good ? 'fine' : returned.verdict === 'unknown' ? 'not-known' : 'differs';
  return { what, own: stand(returned.before), other: stand(returned.after), state, means: returned.sentence };
}

function stand(ledger: LedgerSummary | null): Told {
  if (ledger === null) return null;
  const { epoch, sealed, queued, queues: count } = ledger;
  return `epoch ${epoch}, ${queued} waiting in ${count} queues, ${sealed ? 'sealed' : 'not sealed'}`;
}

const dayMs = 86_400_000;
const soonDays = 30;

function certificates(own: ComparedMember, other: ComparedMember): ReturnDifference {
  const told = ({ snapshot }: ComparedMember): Told => {
    if (snapshot?.certificateEndsInMs === undefined) return null;
    if (snapshot.certificateRevoked) return 'revoked';
    const days = Math.floor(snapshot.certificateEndsInMs / dayMs);
    return `${days < 0 ? 'has ended' : `ends in ${days} days`}, revocation list ${snapshot.revocations ?? 'not told'}`;
  };
  const [mine, theirs] = [told(own), told(other)];
  const what = 'Certificate';
  if (own.snapshot === null || mine === null || theirs === null)
    return { what, own: mine, other: theirs, state: 'not-known', means: '' };
  const means = certificateMeans(own.snapshot, other.snapshot);
  return { what, own: mine, other: theirs, state: means === '' ? 'fine' : 'differs', means };
}

function certificateMeans(own: MemberSnapshot, other: MemberSnapshot | null): string {
  if (own.certificateRevoked) return 'Others refuse it. Renew the certificates of its server.';
  if ((own.certificateEndsInMs ?? 0) < soonDays * dayMs) return 'Renew the certificates of its server.';
  if ((own.revocations ?? 0) < (other?.revocations ?? 0))
    return 'It has not heard yet what was revoked meanwhile; it gets the newer list within seconds.';
  return '';
}
