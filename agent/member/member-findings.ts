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
export function noticeStorage({ storage, runtime, journal, memory, clock }: MemberParts): void {
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

/**
 * The peer that falls silent, and that answers again, with for how long: a takeover is explained by it afterwards, when
 * the one that fell silent can tell nothing.
 */
export function noticePeer({ peer, runtime, journal, memory, config, clock }: MemberParts): void {
  const nowMs = clock.bootMs();
  const { reachable, answeredMs } = peer.facts(nowMs);
  if (answeredMs === null) return;
  const { peerSilent, peerAnsweredAtMs } = runtime;
  runtime.peerSilent = !reachable;
  runtime.peerAnsweredAtMs = nowMs - answeredMs;
  if (peerAnsweredAtMs === null || peerSilent === !reachable) return;
  const silentMs = reachable ? runtime.peerAnsweredAtMs - peerAnsweredAtMs : answeredMs;
  const { serverName } = config.peer;
  const seconds = (silentMs / 1000).toFixed(1);
  journal.append({
    kind: reachable ? 'agent' : 'alarm',
    verdict: reachable ? peerHeardMark : peerSilentMark,
    sentence: reachable
      ? `${serverName} answers again after ${seconds} s.`
      : `${serverName} does not answer; its last answer came ${seconds} s ago.`,
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
