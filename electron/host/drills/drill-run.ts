import {
  aliveEveryMs,
  type DrillRecord,
  type DrillStep,
  type MeasuredOutage,
} from '../../../shared/drills/drill-record.ts';
import { withHappened } from '../../../shared/drills/drill-verdict.ts';
import { siteSight, type ClusterSight } from '../../../shared/fleet/sight.ts';
import { readProbeTarget } from '../../../shared/drills/probe-target.ts';
import { workWaitsWords } from '../../../shared/second-person/told-request.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { ConsoleSite } from '../console-site.ts';
import type { HostTime } from '../host-time.ts';
import { GapWatch } from './gap-watch.ts';
import { ProbeSender } from './probe-sender.ts';

/** What a drill works with. */
export interface DrillPorts {
  readonly site: Pick<ConsoleSite, 'watch' | 'ask' | 'history' | 'verification' | 'profileDirectory' | 'me'>;
  readonly time: HostTime;
  /** Why it shall end after what it does now; null: it goes on. */
  readonly ends: () => string | null;
  /** Keeps the record and shows it. */
  readonly tell: (record: DrillRecord) => Promise<void>;
}

/** How a step went, as a sentence; what it found, for the next one. */
export type StepOutcome<Found> = Result<{ readonly evidence: string; readonly found: Found }, string>;

const lookEveryMs = 200;

/** One drill under way: its record grows step by step. */
export class DrillRun {
  readonly ports: DrillPorts;
  readonly gaps: GapWatch;
  #record: DrillRecord;
  #next = 0;
  #probe: ProbeSender | null = null;
  #calledOff: string | null = null;

  constructor(record: DrillRecord, ports: DrillPorts) {
    this.ports = ports;
    this.#record = record;
    this.gaps = new GapWatch(this.sight().cluster.traffic);
  }

  /** Sends test messages from now on where the order names a listener for them. Errors: nobody acknowledges them. */
  async beginProbe(): Promise<Result<void, string>> {
    const { probe, id, cluster } = this.#record;
    if (probe === undefined) return succeed(undefined);
    const target = readProbeTarget(probe);
    if (!target.ok) return target;
    this.#probe = new ProbeSender(target.value, this.ports.time, { run: id.slice(0, 8), cluster });
    return this.#probe.begin();
  }

  async endProbe(): Promise<void> {
    await this.#probe?.stop();
  }

  /** The longest time without an acknowledged message; null: nobody sends any that are counted here. */
  outage(): MeasuredOutage | null {
    return this.#probe?.outage() ?? this.gaps.outage();
  }

  /** It shows nothing: it is told as interrupted, with this reason. */
  callOff(why: string): void {
    this.#calledOff = why;
  }

  /** Null: it was not. */
  calledOff(): string | null {
    return this.#calledOff;
  }

  record(): DrillRecord {
    return this.#record;
  }

  /** The cluster as it is known now. */
  sight(): ClusterSight {
    const { site, time } = this.ports;
    const sight = siteSight(site.watch.view(time.bootMs()), 0);
    const found = sight.clusters.find(({ cluster }) => cluster.id === this.#record.cluster);
    if (found === undefined) throw new Error(`the site has no cluster ${this.#record.cluster}`);
    return found;
  }

  /** Carries out the next step. Null: it failed, or the drill ends before it; nothing more is to be done then. */
  async step<Found>(work: () => Promise<StepOutcome<Found>>): Promise<Found | null> {
    const index = this.#next;
    this.#next += 1;
    if (this.ports.ends() !== null) return null;
    const startedMs = this.ports.time.bootMs();
    await this.#setStep(index, { state: 'running', at: this.ports.time.wallTime() });
    const outcome = await work();
    const tookMs = Math.round(this.ports.time.bootMs() - startedMs);
    await this.#setStep(
      index,
      outcome.ok
        ? { state: 'done', tookMs, evidence: outcome.value.evidence }
        : { state: 'failed', tookMs, evidence: outcome.error },
    );
    return outcome.ok ? outcome.value.found : null;
  }

  /** Tells whether the step that runs waits for a second person. */
  async waits(waits: boolean): Promise<void> {
    const index = this.#record.steps.findIndex(({ state }) => state === 'running');
    if (index < 0) return;
    await this.#setStep(index, { evidence: waits ? workWaitsWords(this.#record.cluster) : '' });
  }

  /** What happened of one of the expected lines. */
  happened(id: string, happened: string, verdict: 'met' | 'not-met' | 'not-known'): void {
    this.change({ lines: withHappened(this.#record.lines, id, happened, verdict) });
  }

  /** Kept with the next step, or with the end. */
  change(change: Partial<DrillRecord>): void {
    this.#record = { ...this.#record, ...change };
  }

  async tell(): Promise<void> {
    this.change({ aliveAt: this.ports.time.wallTime() });
    await this.ports.tell(this.#record);
  }

  /**
   * Looks until `look` finds something, and watches meanwhile how long senders wait. Errors: `what` was not seen in
   * time, or the drill ends.
   */
  async until<Found>(what: string, withinMs: number, look: () => Promise<Found | null> | Found | null) {
    const { time, ends } = this.ports;
    const lastMs = time.bootMs() + withinMs;
    let toldMs = time.bootMs();
    for (;;) {
      this.gaps.look(this.sight().cluster.traffic);
      const found = await look();
      if (found !== null) return { ok: true as const, value: found };
      const ended = ends();
      if (ended !== null) return fail(`${ended} ${what} was not seen.`);
      if (time.bootMs() > lastMs) return fail(`${what} was not seen within ${withinMs / 1000} s.`);
      if (time.bootMs() - toldMs > aliveEveryMs) {
        toldMs = time.bootMs();
        await this.tell();
      }
      await new Promise<void>((resolve) => time.after(lookEveryMs, resolve));
    }
  }

  async #setStep(index: number, change: Partial<DrillStep>): Promise<void> {
    const steps = this.#record.steps.map((step, at) => (at === index ? { ...step, ...change } : step));
    const running = steps.find(({ state }) => state === 'running');
    this.change({ steps, ...(running === undefined ? {} : { sentence: runningSentence(running) }) });
    await this.tell();
  }
}

/** What a running step already says of itself is that it waits. */
function runningSentence({ title, evidence }: DrillStep): string {
  return evidence === '' ? `${title} is under way.` : `${title}: waits for a second person.`;
}
