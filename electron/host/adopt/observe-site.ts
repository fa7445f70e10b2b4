import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import type { MemberWork } from '../install/arming.ts';
import { onConfiguredServers } from '../install/configured-work.ts';
import { serversInUse } from '../install/install-file.ts';
import { mayRun } from '../install/leaving-parts.ts';
import { installRefusals, prepareSite, type InstallInputs } from '../install/prepare-site.ts';
import { consoleCredentials, saveSite } from '../install/profile.ts';
import { inOrder, inParallel, type ServerWork } from '../install/server-work.ts';
import { recorded, transcriptIn } from '../install/transcript.ts';
import type { ServerConnection } from '../ssh/server-connection.ts';
import { askActives, askMembers } from '../upgrade/ask-site.ts';
import { noUpgradeCutOff } from '../upgrade/cut-off-upgrade.ts';
import { modeRefusal } from './installed-mode.ts';
import { backToObserving } from './member-mode.ts';

/**
 * Takes the protection off again: every member only observes, and running engines go on as they are, without guards.
 * Members that are not Active come first, so that nobody takes over while the Active gives its lease up. Run again it
 * goes on where it stopped. Errors: arm.half-done, ssh.*, install.*.
 */
export async function observeSite(armed: InstallInputs): Promise<Result<string[], ProductError[]>> {
  const opened: ServerConnection[] = [];
  const document = { ...armed.document, site: { ...armed.document.site, mode: 'observe' as const } };
  const inputs = { ...armed, document };
  const record = transcriptIn(inputs.profileDirectory, inputs.onProgress);
  try {
    const { site } = document;
    const refusal = await modeRefusal(inputs);
    if (refusal !== null) return fail([refusal]);
    const prepared = await prepareSite(inputs, record, opened, serversInUse(site), observeRefusals);
    if (!prepared.ok) return prepared;
    const { works, wantedInputs, keys } = prepared.value;
    const unfit = await inParallel(works, noUpgradeCutOff);
    if (!unfit.ok) return unfit;
    const ask = inputs.createAsk(consoleCredentials(keys));
    const busy = await changesUnderWay(ask, site);
    if (busy.length > 0) return fail(busy);
    const scene = { wantedInputs, keys, ask, record };
    const configured = { what: 'taking the protection off', works, authority: keys.authority, record };
    return await onConfiguredServers(inputs, configured, async (place) => {
      const numbered = await place();
      if (!numbered.ok) return numbered;
      const done = await inOrder(await activesLast(site, works, ask), (member) =>
        recorded(
          record,
          member.work.wanted.server.id,
          `agent of ${member.engine.cluster} only observes`,
          () => backToObserving(scene, member),
        ),
      );
      if (!done.ok) return done;
      await saveSite(inputs.profileDirectory, document);
      return succeed([
        `${site.id} is only observed now: running engines go on without protection, and nothing is done by itself.`,
      ]);
    });
  } finally {
    for (const connection of opened) connection.close();
  }
}

/** Taken off in the middle of a move, it would leave a cluster without an Active that nobody brings back. */
async function changesUnderWay(ask: AskAgent, site: SiteDocument): Promise<ProductError[]> {
  const members = await Promise.all(site.clusters.map(({ id }) => askMembers(ask, site, id)));
  return members
    .flat()
    .flatMap(({ name, snapshot }) =>
      snapshot?.operation?.state === 'running'
        ? [
            productError(
              'arm.refused',
              `${name}: a ${snapshot.operation.kind} is under way.`,
              [],
              'Wait for its end.',
            ),
          ]
        : [],
    );
}

/** A guarded engine is what it is for. */
function observeRefusals(work: ServerWork): ProductError[] {
  return installRefusals(work).filter(({ code }) => code !== 'arm.refused');
}

async function activesLast(
  site: SiteDocument,
  works: readonly ServerWork[],
  ask: AskAgent,
): Promise<MemberWork[]> {
  const actives = await askActives(ask, site);
  // An agent that does not answer tells nothing of its engine; the service manager does.
  const runs = ({ work, engine }: MemberWork) =>
    mayRun(work.facts.units.get(engine.unit)?.activeState ?? 'inactive');
  const isActive = (member: MemberWork) =>
    actives.get(member.engine.cluster) === member.work.wanted.server.id || runs(member);
  return works
    .flatMap((work) => work.wanted.engines.map((engine): MemberWork => ({ work, engine })))
    .toSorted((one, other) => Number(isActive(one)) - Number(isActive(other)));
}
