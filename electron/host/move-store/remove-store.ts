import type { ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { SiteDocument } from '../../../shared/site/site-document.ts';
import { witnessServerOf } from '../../../shared/site/site-rules.ts';
import { connectInstalled } from '../install/connect-installed.ts';
import { siteDescription } from '../install/install-file.ts';
import { leavingParts } from '../install/leaving-parts.ts';
import { placesOf } from '../install/server-paths.ts';
import { inParallel, type ServerWork } from '../install/server-work.ts';
import { removeLeft } from '../install/take-off.ts';
import { recorded } from '../install/transcript.ts';
import { runChecked, type ServerConnection } from '../ssh/server-connection.ts';
import type { MoveScene } from './move-cluster.ts';
import type { MoveInputs, SiteBefore } from './move-inputs.ts';
import { storeName } from './move-refusals.ts';

/**
 * Takes the store of before away: nobody belongs to it any more. One that cannot be reached is told, and no reason to
 * call the move off: it is retired, and has no say.
 */
export async function removeStore(
  inputs: MoveInputs,
  { site, ways }: SiteBefore,
  scene: MoveScene,
): Promise<string[]> {
  const server = witnessServerOf(site);
  if (server === undefined) return forgetEtcd(site, scene);
  const { record } = scene;
  const opened: ServerConnection[] = [];
  const document = siteDescription(site, ways);
  const target = (one: Parameters<MoveInputs['target']>[0]) => inputs.targetBy(one, ways);
  try {
    const works = await connectInstalled({ ...inputs, document, target }, record, opened, [server]);
    if (!works.ok) return notRemoved(server, works.error);
    const [work] = works.value;
    let lines: string[] = [];
    const done = await recorded(record, server, 'the witness of before is removed', async () => {
      const removed: Result<string[], ProductError> = await removeLeft(witnessOn(work!, site));
      if (!removed.ok) return fail(removed.error);
      lines = removed.value;
      return succeed(lines.length > 0);
    });
    return done.ok ? [`${server}: the witness of before is removed`] : notRemoved(server, [done.error]);
  } finally {
    for (const connection of opened) connection.close();
  }
}

/** Nothing but the witness leaves: a balancer on the same server goes on, and so does a member that lies there. */
function witnessOn(work: ServerWork, site: SiteDocument) {
  const { members, gates } = work.facts.found;
  const isAlone = members.length + gates.length === 0;
  const parts = leavingParts(work, site, true);
  return { ...parts, members: [], engines: [], marks: [], witness: true, whole: isAlone };
}

/** The members keep nothing to sign in to an etcd with that is left. Its records stay, retired: they are not ours. */
async function forgetEtcd(site: SiteDocument, { to, works, record }: MoveScene): Promise<string[]> {
  const stays = [`${storeName(site)} keeps its retired records; nothing reads them any more`];
  if (to.leaseStore.kind === 'etcd') return stays;
  const forgot = await inParallel(works, ({ wanted, connection }) =>
    recorded(record, wanted.server.id, 'what its members signed in to the etcd with is removed', async () => {
      const folders = wanted.engines.map(({ cluster }) => placesOf(cluster).etcd);
      const what = 'removing the secrets of the etcd';
      const argv = ['rm', '-rf', '--', ...folders];
      const removed = await runChecked(connection, argv, { what, privileged: true });
      return removed.ok ? succeed(true) : removed;
    }),
  );
  return forgot.ok ? stays : [...stays, ...forgot.error.map(({ message }) => `Not removed: ${message}`)];
}

function notRemoved(server: string, errors: readonly ProductError[]): string[] {
  const why = errors.map(({ message }) => message).join(' ');
  return [
    `${server}: the witness of before is not removed (${why}); it is retired and has no say. Stop and disable ixha-witness.service there`,
  ];
}
