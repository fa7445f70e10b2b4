import { X509Certificate } from 'node:crypto';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { serverOrder } from '../../../shared/upgrade/upgrade-order.ts';
import { renewCertificate } from '../install/enrol-step.ts';
import { onConfiguredServers } from '../install/configured-work.ts';
import type { InstallInputs } from '../install/prepare-site.ts';
import { connectInstalled } from '../install/connect-installed.ts';
import {
  consoleCredentials,
  loadOrCreateKeys,
  saveKeys,
  newConsole,
  type SiteKeys,
} from '../install/profile.ts';
import { startedMark } from '../install/server-paths.ts';
import { inOrder, inParallel, lookAt, type ServerWork } from '../install/server-work.ts';
import { recorded, transcriptIn } from '../install/transcript.ts';
import type { WantedEnrolment } from '../install/wanted-server.ts';
import { moveUnderWay } from '../move-store/move-record.ts';
import type { ServerConnection } from '../ssh/server-connection.ts';
import { noUpgradeCutOff } from '../upgrade/cut-off-upgrade.ts';
import { choiceRefusal, siteRefusal, type ServerChoice } from '../upgrade/installed-site.ts';
import { restartProtected } from '../upgrade/restart-in-order.ts';
import type { UpgradeScene } from '../upgrade/restart-and-prove.ts';
import { serverByServer } from '../upgrade/server-by-server.ts';
import { upgradeLimits, type UpgradeLimits } from '../upgrade/upgrade-limits.ts';
import { certificateOf, daysLeft } from './differences.ts';

export interface RenewedCertificate {
  /** Server id, or `console` for this workstation. */
  readonly server: string;
  /** Cluster id, `lease store`, or the workstation's name. */
  readonly part: string;
  /** Null: there was none that could be read. */
  readonly daysBefore: number | null;
  readonly daysAfter: number;
  /** Identity URI that it speaks for, and when it begins, ISO 8601: all of this holder that begin earlier are older. */
  readonly holder: string;
  readonly begins: string;
}

/** How one part of a server gets its new certificate. */
export type RenewPart = typeof renewCertificate;

/**
 * Gives this workstation, the lease store and every member a new certificate of the site's authority for the key that
 * each has, one server after the other. An agent takes it by a restart, made only while its cluster could lose its
 * Active and proven like after an upgrade, so that no lease is lost; engines are not touched. With ended certificates
 * too: it works over SSH, and members accept one another meanwhile.
 */
export async function renewSite(
  inputs: InstallInputs,
  choice: ServerChoice,
  limits: UpgradeLimits = upgradeLimits,
  renewPart: RenewPart = renewCertificate,
): Promise<Result<RenewedCertificate[], ProductError[]>> {
  const { site } = inputs.document;
  const servers = serverOrder(site, new Map());
  const refusal = (await siteRefusal(inputs)) ?? choiceRefusal(site, choice, servers);
  if (refusal !== null) return fail([productError('repair.refused', refusal)]);
  const moving = await moveUnderWay(inputs.profileDirectory);
  if (moving !== null) return fail([moving]);
  const opened: ServerConnection[] = [];
  const record = transcriptIn(inputs.profileDirectory, inputs.onProgress);
  try {
    const wanted = choice.server === undefined ? servers : [choice.server];
    const reached = await connectInstalled(inputs, record, opened, wanted);
    if (!reached.ok) return reached;
    const works = reached.value;
    const present = await loadOrCreateKeys(inputs.profileDirectory, site.id);
    if (!present.ok) return fail([present.error]);
    const bare = works.filter(({ facts }) => facts.currentVersion === undefined);
    if (bare.length > 0) return fail(bare.map(notInstalled));
    const unfit = await inParallel(works, noUpgradeCutOff);
    if (!unfit.ok) return unfit;
    const { authority } = present.value;
    const configured = { what: 'a renewal of certificates', works, authority, record };
    return await onConfiguredServers(inputs, configured, async (place) => {
      const numbered = await place();
      if (!numbered.ok) return numbered;
      const { keys, renewed } = await renewConsole(inputs.profileDirectory, present.value);
      const ask = inputs.createAsk(consoleCredentials(keys));
      const done = await serverByServer({ site, ask, record, limits }, choice, works, (scene, work) =>
        renewServer(scene, work, keys, renewPart),
      );
      return done.ok ? succeed([renewed, ...done.value.flat()]) : done;
    });
  } finally {
    for (const connection of opened) connection.close();
  }
}

/** One line a certificate, for people. Pure. */
export function renewalLines(renewed: readonly RenewedCertificate[]): string[] {
  return renewed.map(({ server, part, daysBefore, daysAfter }) => {
    const before = daysBefore === null ? 'none that could be read' : `${daysBefore} days left`;
    return `${server} (${part}): ${before} before, ${daysAfter} days left now`;
  });
}

function notInstalled({ wanted: { server } }: ServerWork): ProductError {
  const said = `Nothing of the product works on ${server.name}. Install or repair it first.`;
  return productError('repair.refused', said);
}

function notThere({ wanted: { server } }: ServerWork, { directory }: WantedEnrolment): ProductError {
  const said = `${server.name}: the new certificate in ${directory} cannot be read.`;
  return productError('ssh.command-failed', said);
}

async function renewConsole(
  directory: string,
  before: SiteKeys,
): Promise<{ keys: SiteKeys; renewed: RenewedCertificate }> {
  const keys = { ...before, console: await newConsole(before.authority) };
  await saveKeys(directory, keys);
  const daysBefore = daysLeft(new X509Certificate(before.console.certificatePem));
  const after = new X509Certificate(keys.console.certificatePem);
  return {
    keys,
    renewed: { server: 'console', part: 'this workstation', daysBefore, ...renewedFacts(after) },
  };
}

function renewedFacts(certificate: X509Certificate) {
  return {
    daysAfter: daysLeft(certificate),
    holder: certificate.subjectAltName?.replace(/^URI:/, '') ?? '',
    begins: certificate.validFromDate.toISOString(),
  };
}

async function renewServer(
  scene: UpgradeScene,
  work: ServerWork,
  { authority }: SiteKeys,
  renewPart: RenewPart,
): Promise<Result<RenewedCertificate[], ProductError>> {
  const { wanted, connection, facts } = work;
  const renewed = await inOrder(wanted.enrolments, async (enrolment) => {
    const before = await certificateOf(work, enrolment);
    if (!before.ok) return before;
    const title = `new certificate in ${enrolment.directory}`;
    const done = await recorded(scene.record, wanted.server.id, title, () =>
      renewPart(connection, enrolment, authority),
    );
    if (!done.ok) return done;
    const after = await certificateOf(work, enrolment);
    if (!after.ok) return after;
    if (after.value === undefined) return fail(notThere(work, enrolment));
    return succeed({
      server: wanted.server.id,
      part: partOf(enrolment),
      daysBefore: before.value ? daysLeft(before.value) : null,
      ...renewedFacts(after.value),
    });
  });
  if (!renewed.ok) return fail(renewed.error[0]!);
  const now = await lookAt(connection, wanted);
  if (!now.ok) return now;
  const takers = new Set(wanted.enrolments.flatMap(({ restarts }) => restarts));
  const isStale = (unit: string) => takers.has(unit) && !now.value.files.has(startedMark(unit));
  const fresh = { ...work, facts: now.value };
  const restarted = await restartProtected(scene, fresh, facts.currentVersion!, isStale);
  return restarted.ok ? succeed(renewed.value) : restarted;
}

function partOf({ identity }: WantedEnrolment): string {
  return identity.kind === 'member' ? identity.cluster : 'lease store';
}
