import { peerHeardMark, peerSilentMark } from '../../shared/history/change-records.ts';
import type { MemberParts } from './member-parts.ts';

/** What the engine has just told of its queues goes into the ledger, while this member may run it. */
export function noteQueues({ probes, runtime, keeper, memory, ledger, clock }: MemberParts): void {
  const nowMs = clock.bootMs();
  const { epoch, ended } = memory.current();
  const mayRun = keeper.holdsNow() || (keeper.inherited(nowMs)?.stopInMs ?? 0) > 0;
  if (probes.engine.fact(nowMs).value === null || !mayRun || epoch <= ended) return;
  // Before it serves and after it has begun to drain it is the agent that switches components.
  const weSwitch = !runtime.serving || runtime.runningStep !== null || runtime.emergency !== null;
  ledger.looked(epoch, weSwitch);
}

/**
 * A storage that is unwell by another name than before is told, and a late writer is remembered: it may write once
 * an hour, and the next look finds everything fine.
 */
export function noticeStorage(parts: MemberParts): void {
  const { storage, runtime, journal, memory, clock, probes, keeper } = parts;
  const looked = probes.storage.fact(clock.bootMs()).value;
  if (looked !== null && !looked.unmounted) keeper.replacing.storageShows(looked.generation);
  const verdict = storage.verdict?.() ?? null;
  if (verdict === null || verdict.code !== 'late-write') return;
  const before = runtime.lateWrite;
  runtime.lateWrite = { seen: verdict.seen, atMs: clock.bootMs() };
  if (before?.seen === verdict.seen) return;
  journal.append({
    kind: 'alarm',
    sentence: `Somebody wrote to the storage under an older generation: ${verdict.seen}.`,
    epoch: memory.current().epoch,
  });
}

/** So many silences of the peer within this time are told at once; further ones once they last for T. */
const silencesTold = 5;
const silencesWithinMs = 10 * 60_000;

/**
 * The peer that falls silent, and that answers again, with for how long: a takeover is explained by it afterwards, when
 * the one that fell silent can tell nothing. A link that comes and goes does not fill the journal.
 */
export function noticePeer(parts: MemberParts): void {
  const { peer, runtime, config, clock } = parts;
  const nowMs = clock.bootMs();
  const { reachable, answeredMs } = peer.facts(nowMs);
  if (answeredMs === null) return;
  const before = runtime.peerAnsweredAtMs;
  const atMs = nowMs - answeredMs;
  runtime.peerAnsweredAtMs = atMs;
  if (before === null) runtime.peerSilent = !reachable;
  if (before === null || runtime.peerSilent === !reachable) return;
  const { serverName } = config.peer;
  if (reachable) {
    runtime.peerSilent = false;
    const silentMs = atMs - before;
    return tellPeer(
      parts,
      peerHeardMark,
      silentMs,
      `${serverName} answers again after ${seconds(silentMs)} s.`,
    );
  }
  const lately = runtime.peerSilencesMs.filter((ms) => nowMs - ms < silencesWithinMs);
  if (lately.length >= silencesTold && answeredMs < config.timing.T * 1000) return;
  runtime.peerSilent = true;
  runtime.peerSilencesMs = [...lately, nowMs];
  const often = `; it comes and goes, so until it stays only silences of ${config.timing.T} s are told`;
  const last = `${serverName} does not answer; its last answer came ${seconds(answeredMs)} s ago`;
  tellPeer(parts, peerSilentMark, answeredMs, `${last}${lately.length === silencesTold - 1 ? often : ''}.`);
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

function tellPeer({ journal, memory }: MemberParts, mark: string, silentMs: number, sentence: string): void {
  journal.append({
    kind: mark === peerSilentMark ? 'alarm' : 'agent',
    verdict: mark,
    sentence,
    tookMs: Math.round(silentMs),
    epoch: memory.current().epoch,
  });
}

/** Somebody beside the engine's unit who came or went is told. A look that failed changes nothing. */
export function noticeOutsiders({ probes, runtime, journal, memory, config, clock }: MemberParts): void {
  const looked = probes.occupancy.fact(clock.bootMs()).value;
  if (looked === null) return;
  const now = looked.outsiders.map(({ sentence }) => sentence).join(', ') || null;
  const before = runtime.outsider;
  runtime.outsider = now;
  if (now === before) return;
  const { serverName } = config;
  const sentence =
    now === null
      ? `Nothing outside the service of its engine holds what is its own on ${serverName} any more.`
      : `CONFLICT on ${serverName}: an engine runs outside its service: ${now}.`;
  journal.append({ kind: 'alarm', sentence, epoch: memory.current().epoch });
}

/** Who holds ports and journal changes with engine and role: an older look says nothing about the new state. */
export function lookWhoHolds({ probes, runtime, clock }: MemberParts): void {
  const process = probes.process.fact(clock.bootMs()).value?.process ?? 'unknown';
  const state = `${process}, ${runtime.serving ? 'serving' : 'not serving'}`;
  if (state === runtime.occupancyLookedIn) return;
  runtime.occupancyLookedIn = state;
  void probes.occupancy.lookNow();
}
