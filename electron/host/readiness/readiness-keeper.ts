import { productError, type ProductError } from '../../../shared/errors.ts';
import { readinessChecks } from '../../../shared/readiness/checks/all.ts';
import { judgeReadiness } from '../../../shared/readiness/judge.ts';
import {
  saidMeanwhile,
  withSaid,
  type KeptReadiness,
  type ReadinessAction,
} from '../../../shared/readiness/kept-readiness.ts';
import type { ReadinessView } from '../../../shared/readiness/readiness-view.ts';
import {
  compareRuns,
  tally,
  type CheckResult,
  type ReadinessRun,
  type RunChange,
} from '../../../shared/readiness/results.ts';
import type { SiteScene } from '../../../shared/readiness/scene.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { HostLog } from '../host-log.ts';
import type { HostTime } from '../host-time.ts';
import { gatherScene, sightOf, type ReadinessSite } from './gather-scene.ts';
import { keepRun, readAnswers, readBaseline, readRuns, writeAnswers } from './readiness-files.ts';

export interface ReadinessPorts {
  /** The site that is shown; null while none is open. */
  readonly site: () => ReadinessSite | null;
  readonly time: Pick<HostTime, 'bootMs' | 'wallTime'>;
  readonly log: HostLog;
  readonly onNews: () => void;
}

/** A report is not made of checks that were judged longer ago: they are judged anew first. */
const reportedWithinMs = 5 * 60_000;

interface Standing {
  readonly result: CheckResult;
  readonly atMs: number;
  readonly wallTime: string;
}

/** What a report of this moment is made of. */
export interface StandingReadiness {
  /** The last scene, with what the agents tell now. */
  readonly scene: SiteScene;
  readonly results: CheckResult[];
  /** When a check was judged, as ISO time. */
  readonly judgedAt: (check: string) => string;
}

/** What is known of one site; another site begins with nothing. */
interface SiteState {
  readonly directory: string;
  kept: KeptReadiness;
  trouble: ProductError | null;
  runs: ReadinessRun[];
  /** The first run of the site; null: none was kept yet. */
  baseline: ReadinessRun | null;
  /** By check. */
  standing: Map<string, Standing>;
  scene: SiteScene | null;
  /** When the scene was looked at. */
  sceneAtMs: number;
  lastRun: { readonly run: ReadinessRun; readonly atMs: number } | null;
}

/** The readiness of the site that is shown: runs, what people have said, and what was found before. */
export class ReadinessKeeper {
  readonly #ports: ReadinessPorts;
  #state: SiteState | null = null;
  #opening: Promise<SiteState | null> = Promise.resolve(null);
  #running: { check: string | null; awaits: string; done: number; of: number; startedMs: number } | null =
    null;
  /** One write after the other. */
  #writing: Promise<unknown> = Promise.resolve();
  /** Nobody has to be told before a page has asked. */
  isOpen = false;

  constructor(ports: ReadinessPorts) {
    this.#ports = ports;
  }

  /** The first look at a site begins a run by itself. */
  async open(): Promise<ReadinessView> {
    this.isOpen = true;
    const state = await this.#read();
    if (state !== null && state.scene === null) this.#begin(state, null);
    return this.view();
  }

  /** Errors: site.missing, command.forbidden, request.invalid, readiness.not-kept. */
  async act(action: ReadinessAction): Promise<Result<ReadinessView, ProductError>> {
    this.isOpen = true;
    const state = await this.#read();
    const site = this.#ports.site();
    if (state === null || site === null) return fail(productError('site.missing', 'No site is open.'));
    if (action.act === 'run') {
      if (action.check !== null && !readinessChecks.some(({ id }) => id === action.check)) {
        return fail(productError('request.invalid', `There is no check ${action.check}.`));
      }
      this.#begin(state, action.check);
      return succeed(this.view());
    }
    if (site.me.role === 'viewer') {
      return fail(
        productError('command.forbidden', 'A viewer may look at readiness, and not answer for it.'),
      );
    }
    const refusal = refusalOf(action, this.#ports.time.wallTime());
    if (refusal !== null) return fail(productError('request.invalid', refusal));
    return this.#say(state, action, site.me.name);
  }

  /** What changed between two kept runs. Errors: site.missing, request.invalid. */
  async compare(before: string, after: string): Promise<Result<RunChange[], ProductError>> {
    const state = await this.#read();
    if (state === null) return fail(productError('site.missing', 'No site is open.'));
    const all = [...state.runs, ...(state.baseline ? [state.baseline] : [])];
    const named = (wallTime: string) => all.find((run) => run.wallTime === wallTime);
    const [one, other] = [named(before), named(after)];
    if (!one || !other) return fail(productError('request.invalid', 'One of the runs is not kept any more.'));
    return succeed(compareRuns(one, other));
  }

  /** For a report: what stands, each check judged within the last minutes, or now. Errors: site.missing, internal. */
  async standing(): Promise<Result<StandingReadiness, ProductError>> {
    const { time } = this.#ports;
    const state = await this.#read();
    const site = this.#ports.site();
    if (state === null || site === null) return fail(productError('site.missing', 'No site is open.'));
    const oldestMs = Math.min(...[...state.standing.values()].map(({ atMs }) => atMs));
    if (state.scene === null || time.bootMs() - oldestMs > reportedWithinMs) await this.#run(state, null);
    if (state.scene === null) return fail(productError('internal', 'The checks could not be run.'));
    const { scene, standing } = state;
    return succeed({
      scene: { ...scene, sight: sightOf(site, time) },
      results: [...standing.values()].map(({ result }) => result),
      judgedAt: (check) => standing.get(check)?.wallTime ?? scene.wallTime,
    });
  }

  /** Runs of all checks, newest first; empty before anything was asked for. */
  runs(): readonly ReadinessRun[] {
    return this.#state?.runs ?? [];
  }

  view(): ReadinessView {
    const state = this.#state;
    const now = this.#ports.time.bootMs();
    const running = this.#running;
    return {
      checks: [...(state?.standing.values() ?? [])].map(({ result, atMs }) => ({
        result,
        judgedAgoMs: now - atMs,
      })),
      lastRun: state?.lastRun
        ? {
            wallTime: state.lastRun.run.wallTime,
            by: state.lastRun.run.by,
            tookMs: state.lastRun.run.tookMs,
            agoMs: now - state.lastRun.atMs,
          }
        : null,
      running: running && {
        ...{ check: running.check, awaits: running.awaits, done: running.done, of: running.of },
        sinceMs: now - running.startedMs,
      },
      goalSeconds: state?.kept.goalSeconds ?? null,
      runs: (state?.runs ?? []).map(summaryOf),
      baseline: state?.baseline ? summaryOf(state.baseline) : null,
      trouble: state?.trouble ?? null,
    };
  }

  /** The state of the site that is shown now. */
  async #read(): Promise<SiteState | null> {
    const directory = this.#ports.site()?.profileDirectory ?? null;
    if (directory === this.#state?.directory) return this.#state;
    this.#opening = this.#opening.then(async () => {
      if (directory === this.#state?.directory) return this.#state;
      this.#state = directory === null ? null : await this.#open(directory);
      return this.#state;
    });
    return this.#opening;
  }

  async #open(directory: string): Promise<SiteState> {
    const [{ kept, trouble }, runs, baseline] = await Promise.all([
      readAnswers(directory, this.#ports.time.wallTime()),
      readRuns(directory),
      readBaseline(directory),
    ]);
    const unseen = { standing: new Map(), scene: null, sceneAtMs: 0, lastRun: null };
    return { directory, kept, trouble, runs, baseline, ...unseen };
  }

  #begin(state: SiteState, check: string | null): void {
    if (this.#running !== null) return;
    this.#run(state, check).catch((cause: unknown) => {
      this.#ports.log.error('the checks of readiness broke', cause);
      this.#running = null;
      state.trouble = productError('internal', 'The checks could not be run.');
      this.#ports.onNews();
    });
  }

  async #run(state: SiteState, check: string | null): Promise<void> {
    const { time, onNews } = this.#ports;
    const site = this.#ports.site();
    if (site === null) return;
    const startedMs = time.bootMs();
    const wanted = readinessChecks.filter(({ id }) => check === null || id === check);
    this.#running = { check, awaits: 'Agents and journals are asked', done: 0, of: wanted.length, startedMs };
    onNews();
    const scene = await gatherScene(site, state.kept.goalSeconds, time);
    const results = judgeReadiness(scene, state.kept, wanted);
    const atMs = time.bootMs();
    const { wallTime } = scene;
    for (const result of results) state.standing.set(result.check, { result, atMs, wallTime });
    state.scene = scene;
    state.sceneAtMs = atMs;
    this.#running = null;
    if (check === null) {
      const run = { wallTime: scene.wallTime, by: site.me.name, tookMs: atMs - startedMs, results };
      state.lastRun = { run, atMs };
      state.runs = [run, ...state.runs];
      const written = await keepRun(state.directory, run);
      if (!written.ok) state.trouble = written.error;
      state.baseline = await readBaseline(state.directory);
    }
    onNews();
  }

  async #say(
    state: SiteState,
    action: Exclude<ReadinessAction, { act: 'run' }>,
    name: string,
  ): Promise<Result<ReadinessView, ProductError>> {
    const about = 'check' in action ? readinessChecks.find(({ id }) => id === action.check) : undefined;
    const validDays = about?.how.by === 'person' ? about.how.validDays : 0;
    const work = this.#writing.then(async () => {
      const now = this.#ports.time.wallTime();
      // Another console, or another person on this workstation, may have said something since it was read.
      const { kept, trouble, isUnread } = await readAnswers(state.directory, now);
      if (trouble !== null && isUnread) return fail(trouble);
      const before = state.kept;
      state.kept = trouble === null ? kept : before;
      const refusal = saidMeanwhile(before, state.kept, action);
      const verdict = state.standing
        .get('check' in action ? action.check : '')
        ?.result.subjects.find(({ subject }) => 'subject' in action && subject === action.subject)?.verdict;
      const next = withSaid(state.kept, action, { name, now, validDays, verdict });
      const written =
        refusal === null
          ? await writeAnswers(state.directory, next)
          : fail(productError('readiness.changed', refusal));
      if (written.ok) {
        state.kept = next;
        state.trouble = null;
      }
      this.#judgeAnew(state);
      this.#ports.onNews();
      return written.ok ? succeed(this.view()) : written;
    });
    this.#writing = work.catch(() => undefined);
    return work;
  }

  /** What people said changes what is known at once; what agents said stays as it was last seen, with its age. */
  #judgeAnew(state: SiteState): void {
    if (state.scene === null) return;
    const { goalSeconds } = state.kept;
    const scene = { ...state.scene, goalSeconds };
    state.scene = scene;
    for (const result of judgeReadiness(scene, state.kept)) {
      state.standing.set(result.check, { result, atMs: state.sceneAtMs, wallTime: scene.wallTime });
    }
  }
}

function summaryOf({ wallTime, by, results }: ReadinessRun) {
  return { wallTime, by, tally: tally(results) };
}

function refusalOf(action: Exclude<ReadinessAction, { act: 'run' }>, now: string): string | null {
  if (action.act === 'goal') return null;
  const check = readinessChecks.find(({ id }) => id === action.check);
  if (check === undefined) return `There is no check ${action.check}.`;
  if (action.act === 'answer' && check.how.by !== 'person')
    return `${check.title}: the agents see this by themselves.`;
  const until = action.act === 'answer' ? action.expires : action.act === 'snooze' ? action.until : null;
  return until !== null && until < now.slice(0, 10) ? `${until} has passed already.` : null;
}
