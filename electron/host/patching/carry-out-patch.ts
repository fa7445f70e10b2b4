import { randomUUID } from 'node:crypto';
import { formatMeasured } from '../../../shared/fleet/age.ts';
import type { Asker } from '../../../shared/fleet/asker.ts';
import { clusterVerdict, isReady } from '../../../shared/fleet/cluster-verdict.ts';
import { siteSight, type SiteSight } from '../../../shared/fleet/sight.ts';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { planPatch, type PatchPlan, type PatchStep } from '../../../shared/patching/patch-plan.ts';
import {
  patchStanding,
  type PatchHold,
  type PatchStanding,
} from '../../../shared/patching/patch-standing.ts';
import { patchWhy } from '../../../shared/patching/patch-why.ts';
import { movedAway, stoppedSentence, unknownSentence } from '../../../shared/patching/patch-words.ts';
import type { PatchOrder, PatchRun, PatchStepRun } from '../../../shared/patching/patch-view.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { workWaitsWords } from '../../../shared/second-person/told-request.ts';
import type { ConsoleSite } from '../console-site.ts';
import { withUsual } from '../history/usual-of-cluster.ts';
import type { HostTime } from '../host-time.ts';
import { CallFailure } from '../ipc/call-failure.ts';
import { changePolicy } from '../operations/change-policy.ts';
import { moveToEnd } from '../operations/move-to-end.ts';

/** What a patch works with. */
export interface PatchPorts {
  readonly site: Pick<ConsoleSite, 'watch' | 'ask' | 'me' | 'history'>;
  readonly time: HostTime;
  /** Why nothing more shall be asked for; null: it goes on. */
  readonly ends: () => string | null;
  /** Nobody waits any more: what has begun is not watched to its end. */
  readonly closed: () => boolean;
  readonly tell: (run: PatchRun) => void;
}

/** How a step ended that was not done. unknown: it may have been. */
interface NotDone {
  readonly kind: 'failed' | 'unknown';
  readonly sentence: string;
}

const lookEveryMs = 200;
const seenWithinMs = 20_000;
const readyWithinMs = 90_000;
/** How far the end of a block, as it is told and heard, may be off. */
const toldApartMs = 5_000;

/** What an order would do now, with the times that are usual on this site. Errors: request.invalid. */
export async function lookAtPatch(
  { server, direction }: Pick<PatchOrder, 'server' | 'direction'>,
  { site, time }: Pick<PatchPorts, 'site' | 'time'>,
): Promise<Result<PatchPlan, ProductError>> {
  const sight = await withUsual(sightOf(site, time), site);
  const plan = planPatch(sight, server, direction, askerOf(site));
  if (plan !== null) return succeed(plan);
  return fail(productError('request.invalid', `No cluster of this site has a member on ${server}.`));
}

/** Judges an order by what is known now. Errors: patch.refused with every reason, request.invalid. */
export async function preparePatch(
  order: PatchOrder,
  ports: Pick<PatchPorts, 'site' | 'time'>,
): Promise<Result<PatchRun, ProductError>> {
  const { site, time } = ports;
  const looked = await lookAtPatch(order, ports);
  if (!looked.ok) return looked;
  const plan = looked.value;
  const { name } = plan.standing;
  const what = order.direction === 'out' ? 'taken out of service' : 'brought back';
  const unsaid = order.reason.trim() === '' ? ['The reason is not said. Say why: people read it later.'] : [];
  const words = [...plan.refusals.map(({ reason, remedy }) => `${reason} ${remedy}`), ...unsaid];
  if (words.length > 0) return fail(productError('patch.refused', `${name} cannot be ${what} now.`, words));
  const run: PatchRun = {
    ...{ server: order.server, serverName: name, direction: order.direction },
    ...{ by: site.me.name, reason: order.reason.trim(), startedAt: time.wallTime() },
    ...{ state: 'running', sentence: 'It begins.' },
    steps: plan.steps.map(({ kind, cluster, title, usualMs }) => ({
      ...{ kind, cluster, title, usualMs, state: 'pending' },
      ...{ at: null, tookMs: null, evidence: '', operation: null },
    })),
  };
  return succeed(run);
}

/**
 * Carries the steps of a prepared run out one after another, and plans again before each move: what was clear at the
 * beginning may not be any more. Ends at the first that is not done. Never rejects.
 */
export async function carryOutPatch(
  order: PatchOrder,
  begun: PatchRun,
  ports: PatchPorts,
): Promise<PatchRun> {
  const work = new PatchWork(order, begun, ports);
  try {
    for (const index of begun.steps.keys()) {
      const why = ports.ends();
      if (why !== null) return work.end('stopped', stoppedSentence(work.standing(), why));
      const notDone = await work.step(index);
      if (notDone === null) continue;
      return notDone.kind === 'failed'
        ? work.end('stopped', stoppedSentence(work.standing(), notDone.sentence))
        : work.end('unknown', unknownSentence(work.standing(), notDone.sentence));
    }
    return work.end('done', doneSentence(order, work.standing()));
  } catch (cause) {
    const broke = `It broke: ${cause instanceof Error ? cause.message : String(cause)}.`;
    return work.end('unknown', unknownSentence(work.standing(), broke));
  }
}

function planned({ server, direction }: PatchOrder, site: PatchPorts['site'], time: PatchPorts['time']) {
  return planPatch(sightOf(site, time), server, direction, askerOf(site));
}

function askerOf({ me }: PatchPorts['site']): Asker {
  return { role: me.role, connected: true };
}

function sightOf(site: PatchPorts['site'], time: PatchPorts['time']): SiteSight {
  return siteSight(site.watch.view(time.bootMs()), 0);
}

function doneSentence({ direction }: PatchOrder, { name }: PatchStanding): string {
  return direction === 'out'
    ? `${name} may be patched now: it carries nothing, and is not asked to take over.`
    : `${name} is back in service: every cluster is where it belongs and can fail over.`;
}

/** Whether a hold was made for so long within the time that has passed since. */
function isLately(held: PatchHold | null, minutes: number, passedMs: number): boolean {
  const leftMs = held?.leftMs ?? null;
  if (leftMs === null) return false;
  const sinceMs = minutes * 60_000 - leftMs;
  return sinceMs >= -toldApartMs && sinceMs <= passedMs + toldApartMs;
}

/** One run under way: its record grows step by step. */
class PatchWork {
  readonly #order: PatchOrder;
  readonly #ports: PatchPorts;
  #run: PatchRun;

  constructor(order: PatchOrder, run: PatchRun, ports: PatchPorts) {
    this.#order = order;
    this.#run = run;
    this.#ports = ports;
  }

  standing(): PatchStanding {
    const standing = patchStanding(sightOf(this.#ports.site, this.#ports.time), this.#order.server);
    if (standing === null) throw new Error(`the site has no member on ${this.#order.server} any more`);
    return standing;
  }

  end(state: PatchRun['state'], sentence: string): PatchRun {
    this.#run = { ...this.#run, state, sentence };
    this.#ports.tell(this.#run);
    return this.#run;
  }

  /** Carries one step out; null: it was done. */
  async step(index: number): Promise<NotDone | null> {
    const { time } = this.#ports;
    const { title } = this.#run.steps[index]!;
    const startedMs = time.bootMs();
    this.#set(index, { state: 'running', at: time.wallTime() }, `${title}: under way.`);
    const outcome = await this.#carryOut(index);
    const tookMs = Math.round(time.bootMs() - startedMs);
    if (outcome.ok) {
      this.#set(index, { state: 'done', tookMs, evidence: outcome.value });
      return null;
    }
    const { kind, sentence } = outcome.error;
    this.#set(index, { state: kind, tookMs, evidence: sentence });
    return outcome.error;
  }

  #carryOut(index: number): Promise<Result<string, NotDone>> {
    const { kind, cluster } = this.#run.steps[index]!;
    switch (kind) {
      case 'move':
      case 'return':
        return this.#move(index, kind, cluster!);
      case 'hold':
        return this.#hold(cluster!);
      case 'allow':
        return this.#allow(cluster!);
      case 'stopped':
        return this.#provenStopped();
      case 'ready':
        return this.#provenReady();
    }
  }

  async #move(index: number, kind: 'move' | 'return', cluster: string): Promise<Result<string, NotDone>> {
    const settled = await this.#settled(kind, cluster);
    if (!settled.ok) return settled;
    const { plan, step } = settled.value;
    const one = plan.standing.clusters.find(({ sight }) => sight.cluster.id === cluster)!;
    if (step === null) return succeed('somebody has moved it already');
    const target = kind === 'move' ? one.other! : one.member;
    const moved = await moveToEnd(
      {
        site: this.#ports.site,
        sight: () => this.#cluster(cluster).sight,
        until: (what, withinMs, look) => this.#until(what, withinMs, look),
        waiting: (waits) => this.#waits(index, waits),
        accepted: (operation) => this.#set(index, { operation }),
      },
      {
        verb: kind === 'move' ? 'switchover' : 'failback',
        target,
        reason: kind === 'move' ? this.#why() : `${movedAway(this.#order.server)}: ${this.#run.reason}`,
        idempotencyKey: randomUUID(),
      },
    );
    if (moved.ok) return succeed(moved.value.sentence);
    const { kind: how, sentence } = moved.error;
    return fail({ kind: how === 'unknown' ? 'unknown' : 'failed', sentence });
  }

  #waits(index: number, waits: boolean): void {
    const { title, cluster } = this.#run.steps[index]!;
    const evidence = waits ? workWaitsWords(cluster!) : '';
    this.#set(index, { evidence }, `${title}: ${waits ? 'waits for a second person' : 'under way'}.`);
  }

  /** Planned again until nothing speaks against this move: what the move before has left behind settles by itself. */
  async #settled(
    kind: 'move' | 'return',
    cluster: string,
  ): Promise<Result<{ plan: PatchPlan; step: PatchStep | null }, NotDone>> {
    let last = '';
    const seen = await this.#until('A cluster that may move', seenWithinMs, () => {
      const plan = planned(this.#order, this.#ports.site, this.#ports.time);
      if (plan === null) return null;
      const step = plan.steps.find((one) => one.kind === kind && one.cluster === cluster) ?? null;
      const blocker = plan.refusals.find(({ code }) => code !== 'nothing-to-do');
      last = blocker === undefined ? '' : `${blocker.reason} ${blocker.remedy}`;
      return blocker === undefined ? { plan, step } : null;
    });
    return seen.ok ? seen : fail({ kind: 'failed', sentence: last === '' ? seen.error : last });
  }

  #why(): string {
    return patchWhy(this.#order.server, this.#run.reason);
  }

  async #hold(cluster: string): Promise<Result<string, NotDone>> {
    const { time } = this.#ports;
    const { minutes } = this.#order;
    const askedMs = time.bootMs();
    const asked = await this.#policy({ cluster, verb: 'block-failover', minutes, reason: this.#why() });
    if (!asked.ok) return asked;
    const seen = await this.#until(`The block of ${cluster} for ${minutes} min`, seenWithinMs, () => {
      const { held } = this.#cluster(cluster);
      // Without an answer the one that is seen may be the one before, which ends at its old time.
      const counts = asked.value === 'accepted' || isLately(held, minutes, time.bootMs() - askedMs);
      return counts ? held : null;
    });
    if (!seen.ok) return fail({ kind: 'unknown', sentence: seen.error });
    return succeed(`the lease store has it for ${minutes} min, by ${seen.value.by}`);
  }

  async #allow(cluster: string): Promise<Result<string, NotDone>> {
    if (this.#cluster(cluster).held === null) return succeed('it was allowed already');
    const reason = `${movedAway(this.#order.server)}: ${this.#run.reason}`;
    const asked = await this.#policy({ cluster, verb: 'allow-failover', minutes: null, reason });
    if (!asked.ok) return asked;
    const seen = await this.#until(`The end of the block of ${cluster}`, seenWithinMs, () =>
      this.#cluster(cluster).held === null ? true : null,
    );
    return seen.ok
      ? succeed('the members act by themselves again')
      : fail({ kind: 'unknown', sentence: seen.error });
  }

  /** A change of what the agents do by themselves. Without an answer the members tell whether it was made. */
  async #policy(
    wish: Pick<Parameters<typeof changePolicy>[0], 'cluster' | 'verb' | 'minutes' | 'reason'>,
  ): Promise<Result<'accepted' | 'not-answered', NotDone>> {
    const { watch, ask } = this.#ports.site;
    try {
      const answer = await changePolicy({ ...wish, idempotencyKey: randomUUID() }, watch.agents(), ask);
      if (answer.accepted) return succeed('accepted');
      if (answer.error.code === 'server.timeout') return succeed('not-answered');
      return fail({ kind: 'failed', sentence: `${answer.error.message} ${answer.error.next}` });
    } catch (cause) {
      if (!(cause instanceof CallFailure)) throw cause;
      if (cause.error.code === 'server.timeout') return succeed('not-answered');
      return fail({ kind: 'failed', sentence: `${cause.error.message} ${cause.error.next}` });
    }
  }

  async #provenStopped(): Promise<Result<string, NotDone>> {
    const { name } = this.standing();
    const seen = await this.#until(`Every engine on ${name} stopped`, seenWithinMs, () =>
      this.standing().clusters.every(({ active, member: { silent, snapshot } }) => {
        return active === 'away' && !silent && snapshot?.engine.process.value === 'stopped';
      })
        ? true
        : null,
    );
    if (!seen.ok) return fail({ kind: 'failed', sentence: seen.error });
    return succeed(`every engine on ${name} is seen stopped, and its gate holds it back`);
  }

  async #provenReady(): Promise<Result<string, NotDone>> {
    let last = '';
    const seen = await this.#until('Clusters that can fail over', readyWithinMs, () => {
      const verdicts = this.standing().clusters.map(({ sight }) => clusterVerdict(sight));
      const open = verdicts.find((verdict) => !isReady(verdict));
      last = open?.sentence ?? verdicts.map(({ sentence }) => sentence).join('; ');
      return open === undefined ? true : null;
    });
    return seen.ok ? succeed(last) : fail({ kind: 'failed', sentence: `${seen.error} ${last}.` });
  }

  #cluster(id: string) {
    const found = this.standing().clusters.find(({ sight }) => sight.cluster.id === id);
    if (found === undefined) throw new Error(`the site has no cluster ${id} any more`);
    return found;
  }

  /** Looks until something is found. What has begun is seen to its end, also when nothing more shall be asked for. */
  async #until<Found>(
    what: string,
    withinMs: number,
    look: () => Promise<Found | null> | Found | null,
  ): Promise<Result<Found, string>> {
    const { time, closed } = this.#ports;
    const lastMs = time.bootMs() + withinMs;
    for (;;) {
      const found = await look();
      if (found !== null) return succeed(found);
      if (closed()) return fail(`The console was closed. ${what} was not waited for.`);
      if (time.bootMs() > lastMs) return fail(`${what} was not seen within ${formatMeasured(withinMs)}.`);
      await new Promise<void>((resolve) => time.after(lookEveryMs, resolve));
    }
  }

  #set(index: number, change: Partial<PatchStepRun>, sentence = this.#run.sentence): void {
    const steps = this.#run.steps.map((step, at) => (at === index ? { ...step, ...change } : step));
    this.#run = { ...this.#run, steps, sentence };
    this.#ports.tell(this.#run);
  }
}
