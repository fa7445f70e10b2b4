import { randomUUID } from 'node:crypto';
import { planDrill } from '../../../shared/drills/drill-plan.ts';
import type { DrillKind, DrillRecord } from '../../../shared/drills/drill-record.ts';
import type { DrillPlan } from '../../../shared/drills/plan-parts.ts';
import { concludeDrill, interruptDrill } from '../../../shared/drills/drill-verdict.ts';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { siteSight } from '../../../shared/fleet/sight.ts';
import { readProbeTarget } from '../../../shared/drills/probe-target.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { HostTime } from '../host-time.ts';
import { DrillRun, type DrillPorts } from './drill-run.ts';
import { cutOffDrill, storeCutDrill } from './cut-drills.ts';
import { engineKillDrill } from './engine-kill-drill.ts';
import { powerOffDrill } from './power-off-drill.ts';
import { componentsDrill, dryRunDrill } from './quiet-drills.ts';
import { switchoverDrill } from './switchover-drill.ts';

export interface DrillOrder {
  readonly cluster: string;
  readonly kind: DrillKind;
  readonly reason: string;
  /** A test listener behind the load balancer, as `HOST:PORT`; absent: no messages of its own are sent. */
  readonly probe?: string | undefined;
  /** As the person has typed it, where the drill asks for a name. */
  readonly typedName?: string | undefined;
}

export interface PreparedDrill {
  readonly record: DrillRecord;
  readonly plan: DrillPlan;
}

/** Judges an order by what is known now. Errors: drill.refused with every reason, drill.unconfirmed, request.invalid. */
export function prepareDrill(
  { cluster, kind, reason, probe, typedName }: DrillOrder,
  site: DrillPorts['site'],
  standing: { readonly goalSeconds: number | null; readonly running: string | null },
  time: Pick<HostTime, 'bootMs' | 'wallTime'>,
): Result<PreparedDrill, ProductError> {
  const sight = siteSight(site.watch.view(time.bootMs()), 0);
  const own = sight.clusters.find((one) => one.cluster.id === cluster);
  if (own === undefined) return fail(productError('request.invalid', `There is no cluster ${cluster}.`));
  const others = sight.clusters.filter((one) => one !== own);
  const asker = { role: site.me.role, connected: true };
  const plan = planDrill(own, kind, { asker, others, ...standing });
  if (plan.refusals.length > 0) {
    const words = plan.refusals.map((blocker) => `${blocker.reason} ${blocker.remedy}`);
    return fail(productError('drill.refused', `No drill of ${cluster} can begin now.`, words));
  }
  if (plan.typed !== undefined && typedName !== plan.typed) {
    const said = `Only with the name of the server whose power is cut, ${plan.typed}, can it begin.`;
    return fail(productError('drill.unconfirmed', said, plan.prose));
  }
  const target = probe === undefined ? null : readProbeTarget(probe);
  if (target?.ok === false) return fail(productError('request.invalid', target.error));
  const now = time.wallTime();
  const record: DrillRecord = {
    schema: 'ixha-drill/1',
    id: randomUUID(),
    site: site.watch.site.id,
    siteName: site.watch.site.name,
    ...{ cluster, kind, reason },
    by: { ...site.me },
    ...{ startedAt: now, aliveAt: now, endedAt: null, state: 'running' },
    goalSeconds: standing.goalSeconds,
    ...(probe === undefined ? {} : { probe: probe.trim() }),
    ...{ prose: [...plan.prose], expectation: plan.expectation, lines: [...plan.lines] },
    steps: plan.steps.map((title) => ({ title, state: 'pending', at: null, tookMs: null, evidence: '' })),
    ...{ operations: [], outage: null, loss: null, verdict: null },
    sentence: 'It begins.',
  };
  return succeed({ record, plan });
}

/** Carries a prepared drill out to its verdict; the last thing it tells is the record as it stays. Never rejects. */
export async function carryOutDrill(
  { record, plan }: PreparedDrill,
  ports: DrillPorts,
): Promise<DrillRecord> {
  const run = new DrillRun(record, ports);
  let broke: string | null = null;
  try {
    await run.tell();
    const probing = await run.beginProbe();
    if (!probing.ok) broke = `${probing.error}.`;
    else await drillOf(run, plan);
  } catch (cause) {
    broke = `The drill broke: ${cause instanceof Error ? cause.message : String(cause)}.`;
  }
  await run.endProbe();
  const now = ports.time.wallTime();
  const why = broke ?? run.calledOff() ?? ports.ends();
  const isWhole = run.record().steps.every(({ state }) => state === 'done');
  const ended =
    why === null || (broke === null && isWhole)
      ? concludeDrill(run.record(), now)
      : interruptDrill(run.record(), now, why);
  await ports.tell(ended);
  return ended;
}

async function drillOf(run: DrillRun, { kind, active, taker }: DrillPlan): Promise<void> {
  if (kind === 'dry-run') return dryRunDrill(run, active, taker);
  if (active === null || taker === null) throw new Error('a drill without an Active was not refused');
  switch (kind) {
    case 'components':
      return componentsDrill(run, active, taker);
    case 'switchover-and-back':
      return switchoverDrill(run, active, taker);
    case 'engine-kill':
      return engineKillDrill(run, active);
    case 'store-cut':
      return storeCutDrill(run, active);
    case 'cut-off':
      return cutOffDrill(run, active, taker);
    case 'power-off':
      return powerOffDrill(run, active, taker);
  }
}
