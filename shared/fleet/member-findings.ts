import { endsTold, type MemberSnapshot } from '../agent-api/member-snapshot.ts';
import { conditionsOf, requestName } from '../notifications/conditions.ts';
import { outsiderCode } from '../failover/rules/rule.ts';
import { certificateWords } from './certificate-findings.ts';
import type { ClusterRole } from './cluster-role.ts';
import { evidenceWorded } from './evidence-findings.ts';
import type { Finding, Root } from './finding.ts';
import { cutSentences } from '../storage/cut-words.ts';
import { mountSentences } from '../storage/mount-control.ts';
import { peerModeSight } from './peer-mode.ts';
import { formatSpan } from './age.ts';
import { asTitle, endSentence } from './wording.ts';
import { ageNow, type ClusterSight, type MemberSight } from './sight.ts';

/**
 * What one member that answers says of itself. A silent member has its own finding, so nothing stale
 * is judged here. `cause`: what already explains its blockers, if anything does.
 */
export function memberFindings(
  sight: ClusterSight,
  member: MemberSight,
  role: ClusterRole,
  cause: Root | undefined,
): Finding[] {
  if (member.silent || member.snapshot === null) return [];
  const { snapshot } = member;
  const about = new About(sight, member);
  if (snapshot.mode !== undefined) return observingFindings(about, snapshot);
  const otherHeard = sight.members.some((other) => other !== member && !other.silent);
  return [
    ...(peerModeSight(sight) ? [] : failoverFindings(about, snapshot, cause)),
    ...blockerFindings(about, snapshot, role, otherHeard, cause),
    ...requestFindings(about, snapshot),
    ...guardFindings(about, snapshot),
    ...ownEndFindings(about, snapshot),
    ...storageFindings(about, snapshot, cause),
    ...copyFindings(about, snapshot),
    ...cutFindings(about, snapshot),
    ...mountFindings(about, snapshot),
    ...certificateFindings(about, snapshot),
    ...evidenceWorded(snapshot, member.name).map(({ what, agoMs, ...finding }) =>
      about.shared(what, finding, undefined, agoMs),
    ),
    ...(member.role.kind === 'active' ? engineFindings(about, snapshot) : []),
  ];
}

/** A finding in words, with the name of the condition by which its agent tells it too. */
type Said = Omit<Finding, 'root' | 'ageMs' | 'alarms'> & { readonly alarm?: string };

/** Shapes findings about one member of one cluster. */
class About {
  readonly cluster: string;
  readonly name: string;
  private readonly member: MemberSight;

  constructor(sight: ClusterSight, member: MemberSight) {
    this.cluster = sight.cluster.id;
    this.name = member.name;
    this.member = member;
  }

  finding(what: string, said: Said, ageMs = 0, cause?: Root): Finding {
    return this.shared(`${this.member.server} ${what}`, said, cause, ageMs);
  }

  /** A finding of the cluster as a whole: both members report it, it is shown once. */
  shared(what: string, { alarm, ...finding }: Said, cause?: Root, ageMs = 0): Finding {
    const own: Root = { kind: 'cluster', cluster: this.cluster, what };
    const { server, snapshot } = this.member;
    const names = snapshot === null ? [] : conditionsOf(snapshot).map(({ name }) => name);
    const alarms = alarm !== undefined && names.includes(alarm) ? [{ server, name: alarm }] : [];
    return { ...finding, root: cause ?? own, ageMs: ageNow(this.member, ageMs), alarms };
  }
}

/** Before it is armed no guard beats and nobody could take over: what counts is what speaks against arming. */
function observingFindings(about: About, { arming }: MemberSnapshot): Finding[] {
  return [
    about.shared('observing', {
      severity: 'warn',
      title: `${about.cluster} is only observed`,
      text: 'Its engine runs without protection, and nobody takes over. Arm it: npm run site -- arm FILE.',
      runbook: 'observing',
    }),
    ...(arming?.blockers ?? []).map(({ code, reason, remedy }) =>
      about.finding(`arming ${code}`, {
        severity: 'warn',
        title: `${about.cluster} cannot be armed, ${about.name}: ${asTitle(reason)}`,
        text: remedy,
        runbook: 'observing',
      }),
    ),
  ];
}

/** Maintenance was asked for by a person and ends by itself: to be looked at, not to be alarmed by. */
const severities: Record<Exclude<MemberSnapshot['automaticFailover']['state'], 'on'>, Finding['severity']> = {
  off: 'danger',
  blocked: 'danger',
  'peer-mode': 'danger',
  maintenance: 'warn',
  'not-known': 'unknown',
};

function failoverFindings(about: About, snapshot: MemberSnapshot, cause: Root | undefined): Finding[] {
  const { state, reason } = snapshot.automaticFailover;
  if (state === 'on') return [];
  const words: Record<typeof state, string> = {
    off: 'is off',
    blocked: 'is blocked',
    maintenance: 'is off for maintenance',
    'peer-mode': 'is off in peer mode',
    'not-known': 'is not known',
  };
  return [
    about.shared(
      'automatic failover',
      {
        severity: severities[state],
        title: `${about.cluster}: automatic failover ${words[state]}`,
        text: reason,
        runbook: state === 'maintenance' || state === 'peer-mode' ? state : 'failover-blocked',
        alarm: state === 'maintenance' || state === 'peer-mode' ? state : 'failover-blocked',
      },
      cause,
    ),
  ];
}

function requestFindings(about: About, { secondPerson }: MemberSnapshot): Finding[] {
  return (secondPerson?.requests ?? [])
    .filter(({ state }) => state === 'waiting')
    .map(({ id, what, by, reason }) =>
      about.finding(requestName(id), {
        severity: 'warn',
        title: `${about.cluster}: ${what.replace(` of ${about.cluster}`, '')} waits for a second person`,
        text: `Asked for by ${by}${reason === '' ? '' : `, because: ${reason}`}. Look at it on the page of the cluster, and agree or decline.`,
        runbook: 'second-person',
        alarm: requestName(id),
      }),
    );
}

function blockerFindings(
  about: About,
  snapshot: MemberSnapshot,
  role: ClusterRole,
  otherHeard: boolean,
  cause: Root | undefined,
): Finding[] {
  if (role.kind === 'changing') return [];
  const told = snapshot.blockers.filter(({ code }) => !saidElsewhere(code, otherHeard));
  const receives = role.kind !== 'one' || role.active.server !== snapshot.server;
  return told.map((blocker) =>
    about.finding(
      blocker.code,
      {
        severity: receives ? 'danger' : 'warn',
        title: `${about.cluster} on ${about.name}: ${asTitle(blocker.reason)}`,
        text: blocker.remedy,
        runbook: 'not-ready',
        alarm: `blocker ${blocker.code}`,
      },
      0,
      cause,
    ),
  );
}

/**
 * Blockers that another finding says better, with its root: paths that are cut, a change that runs, and
 * on the Active those of its peer, which the peer reports itself when it is heard.
 */
function saidElsewhere(code: string, otherHeard: boolean): boolean {
  if (['store-silent', 'peer-silent', 'change-running', 'maintenance'].includes(code)) return true;
  if (/^(peer-)?(on-promise|promise-given)$/.test(code)) return true;
  // The conflict of the cluster tells it, with who and what.
  if (code === outsiderCode || code === `peer-${outsiderCode}`) return true;
  return otherHeard && code.startsWith('peer-');
}

function guardFindings(about: About, snapshot: MemberSnapshot): Finding[] {
  const beating = snapshot.guards.filter((guard) => guard.beating).length;
  if (snapshot.guards.length > 0 && beating === snapshot.guards.length) return [];
  if (snapshot.blockers.some((blocker) => blocker.code === 'guards')) return [];
  return [
    about.finding('guards', {
      severity: beating === 0 ? 'danger' : 'warn',
      title: `${about.cluster}: ${beating} of ${snapshot.guards.length} guards beat on ${about.name}`,
      text:
        beating === 0
          ? 'Nothing would kill the engine there if its agent froze. Its agent restarts them; if this stays, look at the server.'
          : 'The other guard still protects. The agent restarts the missing one.',
      runbook: 'guards',
      alarm: 'guards',
    }),
  ];
}

function ownEndFindings(about: About, { ownEnds = 0, cluster }: MemberSnapshot): Finding[] {
  if (ownEnds < endsTold) return [];
  const where = `journalctl -u ixha-agent@${cluster} on ${about.name}`;
  return [
    about.finding('agent dies', {
      severity: 'danger',
      title: `${about.cluster}: the agent on ${about.name} has died ${ownEnds} times in ten minutes`,
      text: `Each time it was started again. While it is away nothing is decided there, and if it is Active its lease runs out. Why it dies: ${where}.`,
      runbook: 'agent-dies',
      alarm: 'agent dies',
    }),
  ];
}

function certificateFindings(about: About, snapshot: MemberSnapshot): Finding[] {
  const words = certificateWords(`${about.cluster} on ${about.name}`, snapshot);
  if (words === null) return [];
  const alarm = conditionsOf(snapshot).find(({ kind }) => kind === 'certificate')?.name;
  const known = alarm === undefined ? {} : { alarm };
  return [about.finding('certificate', { ...words, runbook: 'certificate', ...known })];
}

function storageFindings(about: About, snapshot: MemberSnapshot, cause: Root | undefined): Finding[] {
  const { proven } = snapshot.storage;
  if (proven.value !== null || snapshot.blockers.some((blocker) => blocker.code === 'storage')) return [];
  return [
    about.finding(
      'storage',
      {
        severity: 'unknown',
        title: `${about.cluster}: the storage is not proven on ${about.name}`,
        text: `${endSentence(proven.why ?? 'Its last probe gave no answer')} A takeover there would wait for it.`,
        runbook: 'storage',
        alarm: 'storage',
      },
      proven.ageMs,
      cause,
    ),
  ];
}

/** A copy that does not arrive or lags, as the Active tells it; a Passive that would lose more than the site allows. */
function copyFindings(about: About, { storage: { copy } }: MemberSnapshot): Finding[] {
  if (copy === undefined) return [];
  const { failure, lagMs, lagLimitMs, loss } = copy;
  const lags = lagMs !== null && lagMs > lagLimitMs;
  if (copy.direction === 'sends') {
    if (!lags && failure === null) return [];
    const old = lagMs === null ? 'of unknown age' : `${formatSpan(lagMs)} old`;
    const why = failure === null ? '' : ` ${failure.sentence} ${failure.next}`;
    return [
      about.finding('copy', {
        severity: lags ? 'danger' : 'warn',
        title: `${about.cluster}: the copy that ${about.name} sends ${lags ? 'lags' : 'does not arrive'}`,
        text: `The last complete copy is ${old}; whatever was written since is lost if this server is.${why}`,
        runbook: 'copy',
        alarm: 'copy',
      }),
    ];
  }
  if (loss?.kind !== 'unknown') return [];
  return [
    about.finding('copy', {
      severity: 'unknown',
      title: `${about.cluster}: what a takeover by ${about.name} would lose is not known`,
      text: `${endSentence(asTitle(loss.why))} It does not take over by itself then.`,
      runbook: 'copy',
    }),
  ];
}

/** A server that is cut off cannot take over, and one that nobody could cut off is a risk with the next takeover. */
function cutFindings(about: About, { storage: { cut } }: MemberSnapshot): Finding[] {
  if (cut === undefined) return [];
  const { trouble, other } = cut;
  const text = cutSentences(cut).join(' ');
  const said = { severity: 'warn', text, runbook: 'storage', alarm: 'storage cut' } as const;
  if (other === null && trouble === null) return [];
  const title =
    other === null
      ? `${about.cluster}: ${about.name} cannot cut the other server off from the storage`
      : `${about.cluster}: ${other.name} ${other.outcome === 'not-cut' ? 'was not' : 'is'} cut off from the storage`;
  return [about.finding('storage cut', { ...said, title })];
}

function engineFindings(about: About, snapshot: MemberSnapshot): Finding[] {
  const { api, components } = snapshot.engine;
  const troubles = snapshot.evidence?.troubles ?? [];
  const findings = troubles.map(({ code, sentence, next }) =>
    about.finding(`engine ${code}`, {
      severity: 'warn',
      title: `${about.cluster}: trouble with the engine on ${about.name}`,
      text: `${sentence} ${next}`,
      runbook: 'engine-trouble',
      alarm: `engine ${code}`,
    }),
  );
  if (api.value === null && troubles.length === 0) {
    findings.push(
      about.finding(
        'engine',
        {
          severity: 'warn',
          title: `${about.cluster}: the engine on ${about.name} does not answer its API`,
          text: `${endSentence(api.why ?? 'No answer')} Whether it processes messages is not known.`,
          runbook: 'engine-trouble',
          alarm: 'engine silent',
        },
        api.ageMs,
      ),
    );
  }
  const inError = components.value?.inError ?? 0;
  if (inError > 0) {
    findings.push(
      about.finding(
        'components',
        {
          severity: 'warn',
          title: `${about.cluster}: ${inError} of ${components.value?.total ?? 0} components are in error on ${about.name}`,
          text: 'Their messages wait. Open the engine and look at its log.',
          runbook: 'engine-trouble',
          alarm: 'components',
        },
        components.ageMs,
      ),
    );
  }
  return findings;
}

/** A mount that stays where it should not hinders nothing, and somebody has to look what keeps it. */
function mountFindings(about: About, { storage: { mount } }: MemberSnapshot): Finding[] {
  if (mount === undefined || mount.trouble === null) return [];
  const title = `${about.cluster}: the storage stays mounted on ${about.name}, which is not Active`;
  const text = mountSentences(mount).join(' ');
  return [
    about.finding('storage mount', {
      severity: 'warn',
      title,
      text,
      runbook: 'storage',
      alarm: 'storage mount',
    }),
  ];
}
