import { agentPaths } from '../../shared/agent-api/agent-api.ts';
import { maintenanceVersion, type MaintenanceFrame } from '../../shared/agent-api/maintenance-frames.ts';
import { PeerFrame } from '../../shared/agent-api/peer-frames.ts';
import { peerModeVersion, type PeerModeFrame } from '../../shared/agent-api/peer-mode-frames.ts';
import type { LedgerFrame } from '../../shared/ledger/queue-ledger.ts';
import type { CancelTimer, Clock, Timers } from '../../shared/clock.ts';
import { beatEveryMs, peerSilentMs } from '../../shared/lease/noticing.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { MemberConfig } from '../../shared/site/member-config.ts';
import type { Dial, IncomingSocket } from '../api/dial.ts';
import type { StorePinFrame, StorePinnedFrame } from '../../shared/agent-api/store-pin-frames.ts';
import { SteadySocket } from '../api/steady-socket.ts';
import { OpenQuestions } from './open-questions.ts';

type Beat = Exclude<
  PeerFrame,
  LedgerFrame | PeerModeFrame | MaintenanceFrame | StorePinFrame | StorePinnedFrame
>;
export type PeerStatus = Omit<Beat, 'type' | 'n' | 'peerMode' | 'maintenance' | 'wallTime'>;

const beatsRemembered = 20;

export interface PeerLinkPorts {
  readonly config: MemberConfig;
  readonly dial: Dial;
  readonly clock: Clock;
  readonly timers: Timers;
  /** A drill has taken the way to the peer away; what comes by the peer's own connection is not heard either. */
  readonly isCut?: () => boolean;
  /** What this member tells of itself in each beat and each answer. */
  readonly own: () => PeerStatus;
  /** What the peer tells of itself, in each beat and each answer. */
  readonly onBeat: (status: PeerStatus) => void;
  /** It tells something else than before. */
  readonly onChange: () => void;
  /** A part of the peer's queue ledger. */
  readonly onLedger: (frame: LedgerFrame) => void;
  /** The peer says that a person replaces the lease store. */
  readonly onPinStore: (frame: StorePinFrame) => StorePinnedFrame;
  /** A frame of peer mode; `reply` answers it on the connection that it came by. */
  readonly onPeerMode: (frame: PeerModeFrame, reply: (answer: PeerModeFrame) => void) => void;
  /** A maintenance that the peer asks to be kept, or its answer to ours. */
  readonly onMaintenance: (frame: MaintenanceFrame, reply: (answer: MaintenanceFrame) => void) => void;
}

/** Heartbeats to the peer every H (at most 1 s apart); its state comes with its beats and with its answers. */
export class PeerLink {
  private readonly ports: PeerLinkPorts;
  private readonly silentMs: number;
  private readonly socket: SteadySocket;
  private readonly endPeriod: CancelTimer;
  private readonly sent = new Map<number, { readonly atMs: number; answered: boolean }>();
  private number = 0;
  private answeredAtMs: number | null = null;
  /** Its last sign of life, by an answer or by a beat of its own. */
  private heardAtMs: number | null = null;
  private roundTripMs: number | null = null;
  private status: PeerStatus | null = null;
  private readonly pins: OpenQuestions<number, StorePinnedFrame | null>;
  private peerModeVersion = 0;
  private maintenanceVersion = 0;
  private aheadMs: number | null = null;

  constructor(ports: PeerLinkPorts) {
    const { config, dial, timers } = ports;
    const everyMs = beatEveryMs(config.timing);
    this.ports = ports;
    this.pins = new OpenQuestions(timers);
    this.silentMs = peerSilentMs(config.timing);
    this.socket = new SteadySocket({
      dial,
      timers,
      expected: { kind: 'member', site: config.siteId, cluster: config.cluster, server: config.peer.server },
      address: config.peer.address,
      port: config.peer.port,
      path: agentPaths.peer,
      silenceMs: this.silentMs,
      retryMs: everyMs,
      onOpen: () => this.beatNow(),
      onText: (text) => this.takeAnswer(text),
    });
    this.endPeriod = timers.every(everyMs, () => this.beatNow());
  }

  /** Serves the peer's own connection to us. */
  serve(incoming: IncomingSocket): void {
    incoming.on('message', (data) => {
      if (this.ports.isCut?.() === true) return;
      const frame = parseFrame(data.toString('utf8'));
      if (frame === null || frame.type === 'beat-answer' || frame.type === 'store-pinned') return;
      if (frame.type === 'ledger') return this.ports.onLedger(frame);
      const reply = (answer: PeerFrame) => incoming.send(JSON.stringify(answer));
      if (frame.type === 'keep-maintenance' || frame.type === 'drop-maintenance')
        return this.ports.onMaintenance(frame, reply);
      if (frame.type === 'maintenance-kept') return;
      if (frame.type === 'pin-store') return reply(this.ports.onPinStore(frame));
      if (frame.type !== 'beat') return this.ports.onPeerMode(frame, reply);
      this.take(frame);
      reply({ type: 'beat-answer', n: frame.n, ...this.own() });
    });
  }

  /** Sends a beat now, beside the regular ones: our state has changed. */
  beatNow(): void {
    this.number += 1;
    const frame: PeerFrame = { type: 'beat', n: this.number, ...this.own() };
    this.sent.set(this.number, { atMs: this.ports.clock.bootMs(), answered: false });
    this.sent.delete(this.number - beatsRemembered);
    this.socket.send(JSON.stringify(frame));
  }

  /** Sends a part of the own queue ledger; lost when the peer is not connected, as the next one is whole again. */
  share(frame: LedgerFrame): void {
    this.socket.send(JSON.stringify(frame));
  }

  /** Sends a frame of peer mode. False: there is no connection, or the peer does not understand it. */
  tell(frame: PeerModeFrame): boolean {
    return this.understandsPeerMode() && this.socket.send(JSON.stringify(frame));
  }

  /** Has the peer belong to another lease store. Null: no answer within 2·O; it may have done it all the same. */
  pinStore(asked: Omit<StorePinFrame, 'type' | 'n'>): Promise<StorePinnedFrame | null> {
    this.number += 1;
    const n = this.number;
    const { config } = this.ports;
    if (!this.socket.send(JSON.stringify({ type: 'pin-store', n, ...asked } satisfies PeerFrame)))
      return Promise.resolve(null);
    return this.pins.wait(n, 2 * config.timing.O * 1000, null);
  }

  /** False: an agent of an earlier release, or one that has not been heard yet. */
  understandsPeerMode(): boolean {
    return this.peerModeVersion >= peerModeVersion;
  }

  /** Asks the peer to keep a maintenance; a sentence when it cannot be asked. */
  askMaintenance(frame: MaintenanceFrame): Result<void, string> {
    const { serverName } = this.ports.config.peer;
    const { reachable, trouble } = this.facts(this.ports.clock.bootMs());
    if (!reachable) return fail(`${serverName} cannot be asked to keep it: ${trouble}`);
    if (this.maintenanceVersion < maintenanceVersion)
      return fail(`the agent on ${serverName} is of an earlier release, which cannot keep a maintenance`);
    const sent = this.socket.send(JSON.stringify(frame));
    return sent ? succeed(undefined) : fail(`${serverName} cannot be asked to keep it: it is not connected`);
  }

  facts(nowMs: number) {
    const answeredMs = this.answeredAtMs === null ? null : nowMs - this.answeredAtMs;
    const reachable = answeredMs !== null && answeredMs <= this.silentMs;
    const heardMs = this.heardAtMs === null ? null : nowMs - this.heardAtMs;
    return {
      reachable,
      answeredMs,
      /** Also while it does not answer: its own connection to us may work where ours to it does not. */
      heard: heardMs !== null && heardMs <= this.silentMs,
      heardMs,
      roundTripMs: this.roundTripMs,
      status: this.status,
      trouble: reachable ? null : (this.socket.trouble() ?? 'it is connected but does not answer'),
    };
  }

  /** Of the last beats that should have been answered by now; null: there are none. */
  lossPercent(nowMs: number): number | null {
    const due = [...this.sent.values()].filter(
      (beat) => nowMs - beat.atMs > this.ports.config.timing.O * 1000,
    );
    const lost = due.filter((beat) => !beat.answered).length;
    return due.length === 0 ? null : Math.round((100 * lost) / due.length);
  }

  close(): void {
    this.endPeriod();
    this.socket.close();
  }

  private own(): Omit<Beat, 'type' | 'n'> {
    return {
      ...this.ports.own(),
      peerMode: peerModeVersion,
      maintenance: maintenanceVersion,
      wallTime: this.ports.clock.wallTime(),
    };
  }

  private takeAnswer(text: string): void {
    const frame = parseFrame(text);
    if (frame?.type === 'promise' || frame?.type === 'refusal' || frame?.type === 'store-reached')
      return this.ports.onPeerMode(frame, (answer) => this.tell(answer));
    if (frame?.type === 'maintenance-kept') return this.ports.onMaintenance(frame, () => undefined);
    if (frame?.type === 'store-pinned') return this.pins.end(frame.n, frame);
    if (frame?.type !== 'beat-answer') return;
    const beat = this.sent.get(frame.n);
    if (beat === undefined) return;
    beat.answered = true;
    this.answeredAtMs = this.ports.clock.bootMs();
    this.roundTripMs = this.answeredAtMs - beat.atMs;
    this.take(frame);
  }

  /** How far its wall clock was ahead of ours when it was last heard, in ms; null: it does not tell. */
  clockAheadMs(): number | null {
    return this.aheadMs;
  }

  private noteClock(wallTime: string | undefined): void {
    const told = wallTime === undefined ? Number.NaN : Date.parse(wallTime);
    this.aheadMs = Number.isNaN(told) ? null : told - Date.parse(this.ports.clock.wallTime());
  }

  private take(frame: Beat): void {
    const { type: _type, n: _n, peerMode = 0, maintenance = 0, wallTime, ...rest } = frame;
    this.noteClock(wallTime);
    this.heardAtMs = this.ports.clock.bootMs();
    this.peerModeVersion = peerMode;
    this.maintenanceVersion = maintenance;
    const changed = this.status === null || JSON.stringify(this.status) !== JSON.stringify(rest);
    this.status = rest;
    this.ports.onBeat(rest);
    if (changed) this.ports.onChange();
  }
}

function parseFrame(text: string): PeerFrame | null {
  try {
    const parsed = PeerFrame.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
