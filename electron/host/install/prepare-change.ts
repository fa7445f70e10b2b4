import type { ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { moveUnderWay } from '../move-store/move-record.ts';
import type { ServerConnection } from '../ssh/server-connection.ts';
import { differingBalancerFile } from './balancer-step.ts';
import { numberedConfiguration } from './configured-work.ts';
import { leavingLines } from './leaving-parts.ts';
import { planInstall } from './plan.ts';
import { prepareSite, type InstallInputs, type Prepared } from './prepare-site.ts';
import { consoleCredentials } from './profile.ts';
import type { ServerWork } from './server-work.ts';
import { changeRefusal, installedSite, lookAtChange, type SiteChange } from './site-change.ts';
import type { RecordProgress } from './transcript.ts';

/** A prepared site, and what leaves it. */
export interface PreparedChange extends Prepared {
  readonly change: SiteChange;
}

/**
 * Prepares the whole site, and looks at what has to leave it. Changes nothing. Errors: those of `prepareSite` and
 * `lookAtChange`.
 */
export async function prepareChange(
  inputs: InstallInputs,
  record: RecordProgress,
  opened: ServerConnection[],
): Promise<Result<PreparedChange, ProductError[]>> {
  const moving = await moveUnderWay(inputs.profileDirectory);
  if (moving !== null) return fail([moving]);
  const installed = await installedSite(inputs.profileDirectory);
  if (!installed.ok) return fail([installed.error]);
  const unsafe = changeRefusal(installed.value, inputs.document.site);
  if (unsafe.length > 0) return fail(unsafe);
  const prepared = await prepareSite(inputs, record, opened);
  if (!prepared.ok) return prepared;
  const { keys, works } = prepared.value;
  const ask = inputs.createAsk(consoleCredentials(keys));
  const change = await lookAtChange(inputs, { installed: installed.value, works, ask, record, opened });
  return change.ok ? succeed({ ...prepared.value, change: change.value }) : change;
}

/** Only looks: connects, gathers facts, and says what would be refused or changed. */
export async function checkSite(
  inputs: InstallInputs,
): Promise<
  Result<{ readonly seen: readonly string[]; readonly changes: readonly string[] }, ProductError[]>
> {
  const opened: ServerConnection[] = [];
  try {
    const prepared = await prepareChange(inputs, inputs.onProgress, opened);
    if (!prepared.ok) return prepared;
    const { keys, works, change } = prepared.value;
    // What another administrator has installed since is said now, and not when it is carried out.
    const numbered = await numberedConfiguration(inputs, works, keys.authority);
    if (!numbered.ok) return numbered;
    const of = (server: string, lines: readonly string[]) => lines.map((line) => `${server}: ${line}`);
    const changes = [
      ...of('site', change.lines),
      ...change.leaving.flatMap((parts) => of(parts.work.wanted.server.id, leavingLines(parts))),
      ...works.flatMap((work) => of(work.wanted.server.id, changesOf(work))),
    ];
    return succeed({ seen: works.map(sayServer), changes });
  } finally {
    for (const connection of opened) connection.close();
  }
}

/** What an installation would change on one server, in its order. */
function changesOf(work: ServerWork): string[] {
  const balancerFile = differingBalancerFile(work);
  return [
    ...planInstall(work.facts, work.wanted)
      .filter(({ needed, step }) => needed && step.kind !== 'enrol')
      .map(({ title }) => title),
    ...(balancerFile === undefined ? [] : [`file ${balancerFile}, and a reload of HAProxy`]),
  ];
}

function sayServer({ facts, wanted }: ServerWork): string {
  const kill = facts.hasCgroupKill ? '' : ', without cgroup.kill';
  const { osName, kernel, systemdVersion } = facts;
  return `${wanted.server.id}: ${osName}, kernel ${kernel}, systemd ${systemdVersion}${kill}`;
}
