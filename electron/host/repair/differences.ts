import { X509Certificate } from 'node:crypto';
import type { ProductError } from '../../../shared/errors.ts';
import { succeed, type Result } from '../../../shared/result.ts';
import { identityUri } from '../../../shared/site/identity.ts';
import type { ServerFacts } from '../../../shared/preflight/server-facts.ts';
import { differingBalancerFile } from '../install/balancer-step.ts';
import { renewWithinDays, type Issuer } from '../install/enrol-step.ts';
import { planInstall, type PlannedStep } from '../install/plan.ts';
import { isProven } from '../install/preflight.ts';
import { startedMark } from '../install/server-paths.ts';
import type { ServerWork } from '../install/server-work.ts';
import { isRevoked } from '../revocation/is-revoked.ts';
import type { WantedDirectory } from '../install/wanted-files.ts';
import type { WantedEnrolment } from '../install/wanted-server.ts';

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Everything on one server that is not as the installer would put it, each as a sentence without full stop. Changes
 * nothing. Empty: it is whole.
 */
export async function differencesOf(
  work: ServerWork,
  issuer: Issuer,
): Promise<Result<string[], ProductError>> {
  const certificates: string[] = [];
  for (const enrolment of work.wanted.enrolments) {
    const trouble = await certificateTrouble(work, enrolment, issuer);
    if (!trouble.ok) return trouble;
    if (trouble.value !== null) certificates.push(trouble.value);
  }
  return succeed([
    ...placeDifferences(work),
    ...certificates,
    ...unitDifferences(work),
    ...otherDifferences(work),
  ]);
}

function placeDifferences({ facts, wanted }: ServerWork): string[] {
  return planInstall(facts, wanted)
    .filter(({ needed, step }) => needed && step.kind !== 'enrol')
    .flatMap((planned) => stepDifference(facts, planned));
}

function stepDifference(facts: ServerFacts, { step }: PlannedStep): string[] {
  switch (step.kind) {
    case 'user':
      return [`the user ${step.name} or the folder that belongs to it is missing`];
    case 'directory':
      return [accessDifference(step.directory, facts.folders.get(step.directory.path))];
    case 'file': {
      const seen = facts.files.get(step.file.path);
      const otherContent = seen !== undefined && seen.sha256 !== step.file.sha256;
      return [otherContent ? `${step.file.path} has other content` : accessDifference(step.file, seen)];
    }
    case 'link':
      return [`${step.path} does not lead to version ${step.target}`];
    case 'storage-mark':
      return [`${step.engine.storage.directory} is not marked as that of ${step.engine.cluster}`];
    case 'daemon-reload':
      return [...facts.units.values()].some(({ needsReload }) => needsReload)
        ? ['the service manager has not read its files again']
        : [];
    case 'enrol':
      return [];
  }
}

function accessDifference(
  wanted: WantedDirectory,
  seen: { readonly mode: string; readonly owner: string } | undefined,
): string {
  const { path, mode, owner } = wanted;
  if (seen === undefined) return `${path} is missing`;
  if (seen.mode !== mode) return `${path} has the mode ${seen.mode} instead of ${mode}`;
  return `${path} belongs to ${seen.owner} instead of ${owner}`;
}

function unitDifferences({ facts, wanted }: ServerWork): string[] {
  return wanted.units.flatMap((unit) => {
    const seen = facts.units.get(unit);
    return [
      ...(seen?.activeState === 'active' ? [] : [`${unit} does not run`]),
      ...(seen?.unitFileState === 'enabled' ? [] : [`${unit} is not started with the server`]),
      ...(facts.files.has(startedMark(unit)) ? [] : [`${unit} runs what was placed before`]),
    ];
  });
}

function otherDifferences(work: ServerWork): string[] {
  const unproven = work.wanted.engines.filter(
    (engine) => !isProven(work.facts, engine, ['engine', 'stand-in']),
  );
  const balancerFile = differingBalancerFile(work);
  return [
    ...unproven.map(({ unit }) => `refusal and kill of ${unit} are not proven`),
    ...(balancerFile === undefined ? [] : [`${balancerFile} is not what HAProxy shall run`]),
  ];
}

/** The certificate of one part as it lies there; undefined: none that can be read. Errors: ssh.*. */
export async function certificateOf(
  { connection }: ServerWork,
  { directory }: WantedEnrolment,
): Promise<Result<X509Certificate | undefined, ProductError>> {
  const printed = await connection.run(['cat', '--', `${directory}/certificate.pem`], { privileged: true });
  if (!printed.ok) return printed;
  try {
    return succeed(new X509Certificate(printed.value.stdout));
  } catch {
    return succeed(undefined);
  }
}

/** How many whole days a certificate is still good for; below 0: it has ended. */
export function daysLeft(certificate: X509Certificate): number {
  return Math.floor((certificate.validToDate.getTime() - Date.now()) / dayMs);
}

async function certificateTrouble(
  work: ServerWork,
  enrolment: WantedEnrolment,
  issuer: Issuer,
): Promise<Result<string | null, ProductError>> {
  const seen = await certificateOf(work, enrolment);
  if (!seen.ok) return seen;
  const certificate = seen.value;
  const path = `${enrolment.directory}/certificate.pem`;
  if (certificate === undefined) return succeed(`${path} is missing or no certificate`);
  if (!certificate.verify(new X509Certificate(issuer.authority.certificatePem).publicKey)) {
    return succeed(`${path} was not issued by the authority of this site`);
  }
  if (certificate.subjectAltName !== `URI:${identityUri(enrolment.identity)}`) {
    return succeed(`${path} speaks for somebody else`);
  }
  if (isRevoked(certificate.toString(), issuer.revoked)) return succeed(`${path} was revoked`);
  const days = daysLeft(certificate);
  return succeed(days < renewWithinDays ? `${path} has ${days} days left` : null);
}
