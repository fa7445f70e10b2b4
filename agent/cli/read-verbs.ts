import { copySentences } from '../../shared/copying/copy-words.ts';
import { cutSentences } from '../../shared/storage/cut-words.ts';
import { mountSentences } from '../../shared/storage/mount-control.ts';
import { setTimeout as pause } from 'node:timers/promises';
import type { MemberSnapshot } from '../../shared/agent-api/member-snapshot.ts';
import type { ProductError } from '../../shared/errors.ts';
import { versionWords } from '../../shared/fleet/version-findings.ts';
import { fetchStatus } from './agent-client.ts';
import { exitCodes, type CliCall } from './cli-call.ts';
import { lookAll, type Looked } from './look-all.ts';
import { readJournals } from './read-journals.ts';

type Seen = Looked<MemberSnapshot>;

export const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** What to do about those who do not answer, each next step once. */
export function nextLines(seen: readonly { readonly error: ProductError | null }[]): string[] {
  const steps = seen.flatMap(({ error }) => (error === null ? [] : [`Next (${error.code}): ${error.next}`]));
  return [...new Set(steps)];
}

function statusLine({ target, answer: snapshot, error }: Seen): string {
  const name = `${target.cluster.padEnd(8)} ${target.server.padEnd(14)}`;
  if (snapshot === null) return `${name} unknown      ${error.message} [${error.code}]`;
  const lease = leaseWords(snapshot);
  const ready =
    snapshot.blockers.length === 0
      ? ''
      : `  not ready: ${snapshot.blockers.map((one) => `${one.reason} ${one.remedy}`).join(' ')}`;
  const { state, reason } = snapshot.automaticFailover;
  const blocked = state === 'blocked' ? `  automatic failover: ${reason}` : '';
  const scheduled = scheduleWords(snapshot);
  return `${name} ${snapshot.role.observed.padEnd(12)} epoch ${snapshot.lease.epoch}, ${lease}${ready}${blocked}${scheduled}`;
}

/** What it will do at a time of its own, or that it did not. */
function scheduleWords({ schedule }: MemberSnapshot): string {
  if (schedule === undefined || (schedule.state !== 'waiting' && schedule.state !== 'skipped')) return '';
  const { verb, to, from, until, by, state, why } = schedule;
  const about = why === '' ? '' : ` (${why})`;
  if (state === 'skipped') return `  scheduled ${verb} skipped${about}`;
  return `  ${verb} to ${to} scheduled by ${by} between ${from} and ${until}${about}`;
}

function leaseWords({ lease, store, peerMode }: MemberSnapshot): string {
  const off = peerMode?.failoverOff ? ' (automatic failover off)' : '';
  if (peerMode?.mode === 'peer') return `peer mode, without a lease${off}`;
  if (lease.state !== 'held') return `no lease${off}`;
  const way = store.throughPeerMs === undefined ? '' : ` (renewed through its peer)`;
  return `${seconds(lease.leftMs)} left${way}`;
}

function versionLines(seen: readonly Seen[]): string[] {
  const agents = seen.flatMap(({ target, answer }) =>
    answer === null ? [] : [{ name: target.server, productVersion: answer.productVersion }],
  );
  const words = versionWords(agents);
  return words === null ? [] : [`${words.title}. ${words.text}`];
}

/** `ixha status`: one line a member; 0 when every cluster asked has one Active and nobody is unfit. */
export async function statusVerb({ targets, options, print }: CliCall): Promise<number> {
  const seen = await lookAll(targets, fetchStatus);
  if (options.json) {
    print(
      JSON.stringify({
        members: seen.map(({ target, answer: snapshot, error }) => ({
          cluster: target.cluster,
          server: target.server,
          snapshot,
          error,
        })),
      }),
    );
  } else {
    for (const one of seen) {
      print(statusLine(one));
      storageLines(one.answer).forEach(print);
    }
    versionLines(seen).forEach(print);
    nextLines(seen).forEach(print);
  }
  if (seen.some((one) => one.answer === null)) return exitCodes.unreachable;
  const well = seen.every(
    (one) => one.answer?.blockers.length === 0 && one.answer.role.observed !== 'unknown',
  );
  return well ? exitCodes.done : exitCodes.attention;
}

/** How a copied directory stands; whether a shared one is mounted by the agent, and who is cut off from it. */
function storageLines(snapshot: MemberSnapshot | null): string[] {
  const { copy, cut, mount } = snapshot?.storage ?? {};
  if (copy === undefined) {
    const lines = [
      ...(mount === undefined ? [] : mountSentences(mount)),
      ...(cut === undefined ? [] : cutSentences(cut)),
    ];
    return lines.map((line) => `    ${line}`);
  }
  const failure = copy.failure === null ? [] : [copy.failure.sentence, `Next: ${copy.failure.next}`];
  return [...copySentences(copy), ...failure].map((line) => `    ${line}`);
}

/** `ixha why`: the decision of every member as a sentence, and the facts that it used. */
export async function whyVerb({ targets, options, print }: CliCall): Promise<number> {
  const seen = await lookAll(targets, fetchStatus);
  if (options.json) {
    print(
      JSON.stringify({
        decisions: seen.map(({ target, answer: snapshot, error }) => ({
          cluster: target.cluster,
          server: target.server,
          decision: snapshot?.decision ?? null,
          error,
        })),
      }),
    );
  }
  for (const { target, answer: snapshot, error } of options.json ? [] : seen) {
    if (snapshot === null) {
      print(`${target.cluster} on ${target.server}: ? ${error.message} [${error.code}]`);
      continue;
    }
    const { decision } = snapshot;
    print(
      `${target.cluster} on ${target.server}: ${decision.ruleId} ${decision.headline}: ${decision.reason}. (for ${seconds(decision.sinceMs)})`,
    );
    for (const fact of decision.facts)
      print(`    ${fact.name.padEnd(10)} ${fact.text}  (${seconds(fact.ageMs)} old)`);
    evidenceBehind(snapshot).forEach((line) => print(`    ${line}`));
  }
  if (!options.json) nextLines(seen).forEach(print);
  return seen.some((one) => one.answer === null) ? exitCodes.unreachable : exitCodes.done;
}

/** Role by all signals, and troubles by name with what to do; `ixha evidence` has the whole of it. */
function evidenceBehind({ evidence }: MemberSnapshot): string[] {
  if (evidence === undefined) return [];
  const { role, troubles, storage } = evidence;
  const unwell = storage === null || storage.code === 'fine' ? [] : [storage];
  return [
    `${'Role'.padEnd(10)} ${role.sentence} (confidence ${role.confidence})`,
    ...[...troubles, ...unwell].flatMap(({ sentence, next }) => [
      `${'Trouble'.padEnd(10)} ${sentence}`,
      `${''.padEnd(10)} Next: ${next}`,
    ]),
  ];
}

/** `ixha watch`: a line whenever role, rule or reachability of a member changes. */
export async function watchVerb({ targets, options, print }: CliCall): Promise<number> {
  const before = new Map<string, string>();
  for (;;) {
    for (const one of await lookAll(targets, fetchStatus)) {
      const key = `${one.target.cluster}/${one.target.server}`;
      const state =
        one.answer === null
          ? `? ${one.error?.code ?? ''}`
          : `${one.answer.role.observed} ${one.answer.decision.ruleId} ${one.answer.lease.epoch}`;
      if (before.get(key) === state) continue;
      before.set(key, state);
      if (options.json)
        print(
          JSON.stringify({
            at: new Date().toISOString(),
            cluster: one.target.cluster,
            server: one.target.server,
            snapshot: one.answer,
            error: one.error,
          }),
        );
      else
        print(
          `${new Date().toISOString()}  ${one.answer === null ? statusLine(one) : `${statusLine(one)}  ${one.answer.decision.ruleId} ${one.answer.decision.headline}: ${one.answer.decision.reason}.`}`,
        );
    }
    await pause(250);
  }
}

/** `ixha journal`: the newest records of the members asked, oldest first. */
export async function journalVerb({ targets, options, print }: CliCall): Promise<number> {
  const { records, missing, broken } = await readJournals(targets, options);
  if (options.json) print(JSON.stringify({ records, missing, chainBroken: broken }));
  else {
    for (const record of records) {
      print(
        `${record.wallTime}  ${record.cluster} ${record.server}  ${record.ruleId ?? '-'}  ${record.sentence}${record.tookMs === null ? '' : ` (${record.tookMs} ms)`}`,
      );
    }
    for (const { cluster, server, error } of missing) print(`? ${cluster} on ${server}: ${error.message}`);
    for (const name of broken) print(`! the journal of ${name} does not fit its own chain`);
  }
  if (missing.length > 0) return exitCodes.unreachable;
  return broken.length > 0 ? exitCodes.attention : exitCodes.done;
}
