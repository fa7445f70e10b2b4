import type { ExpectedEngine, ExpectedServer } from './expected-server.ts';
import { failedCheck, passed, toLookAt, unknownCheck, type PreflightCheck } from './preflight-check.ts';
import type { FoundEngine, ServerFacts, UnitFacts } from './server-facts.ts';

/** What was found of the engines of one server, and of whatever else might start them. Pure. */
export function engineChecks(facts: ServerFacts, expected: ExpectedServer): PreflightCheck[] {
  if (expected.engines.length === 0) return [];
  const subject = expected.server.name;
  return [
    ...expected.engines.flatMap((engine) => oneEngine(facts, subject, engine)),
    otherEngines(facts, expected),
    otherStarters(facts, subject),
    otherManagers(facts, subject),
  ];
}

function oneEngine(facts: ServerFacts, subject: string, engine: ExpectedEngine): PreflightCheck[] {
  const unit = facts.units.get(engine.unit);
  const service = { id: 'engine-service', subject, what: `engine of ${engine.cluster}` };
  if (unit?.loadState !== 'loaded') {
    const state = unit?.loadState || 'unknown';
    const finding = `the engine's service ${engine.unit} of ${engine.cluster} is not installed (${state})`;
    const remedy = 'Install the engine there, or correct the name of its service in the site file.';
    return [failedCheck(service, finding, remedy, { refusal: { code: 'install.engine-missing' } })];
  }
  return [
    running(facts, unit, service, engine),
    autostart(unit, subject, engine),
    version(facts, unit, subject, engine),
    workingDirectory(facts, subject, engine),
  ];
}

function isStopped(unit: UnitFacts): boolean {
  return unit.activeState === 'inactive' || unit.activeState === 'failed';
}

function running(
  facts: ServerFacts,
  unit: UnitFacts,
  name: Pick<PreflightCheck, 'id' | 'subject' | 'what'>,
  engine: ExpectedEngine,
): PreflightCheck {
  const isGuarded = facts.files.has(engine.gate);
  if (isStopped(unit) || isGuarded) {
    return passed(name, `${engine.unit} is ${unit.activeState}${isGuarded ? ' and guarded' : ''}`);
  }
  const finding = `the engine's service ${engine.unit} of ${engine.cluster} is running (${unit.activeState}) and not yet guarded`;
  const remedy = 'Stop the engine on both servers in a maintenance window before the first installation.';
  return failedCheck(name, finding, remedy, { refusal: { code: 'install.engine-running' } });
}

function autostart(
  unit: UnitFacts,
  subject: string,
  { unit: service, cluster }: ExpectedEngine,
): PreflightCheck {
  const name = { id: 'engine-autostart', subject, what: `start of the engine of ${cluster}` };
  const triggers = unit.triggeredBy ?? [];
  if (triggers.length > 0) {
    const remedy = `Take these away: ${triggers.map((one) => `systemctl disable --now ${one}`).join('; ')}.`;
    return toLookAt(name, `${service} is started by ${triggers.join(', ')}`, remedy);
  }
  if (!unit.unitFileState.startsWith('enabled')) return passed(name, `${service} does not start by itself`);
  return toLookAt(
    name,
    `${service} starts with the server; once installed, the gate holds it back`,
    'Disable it, so that only the agent starts it.',
    {
      fix: {
        change: `The service ${service} no longer starts with the server. It is not stopped now.`,
        command: ['systemctl', 'disable', '--', service],
      },
    },
  );
}

function version(
  { survey }: ServerFacts,
  unit: UnitFacts,
  subject: string,
  { apiPort, cluster }: ExpectedEngine,
): PreflightCheck {
  const name = { id: 'engine-version', subject, what: `version of the engine of ${cluster}` };
  const told = survey.versions.get(apiPort);
  if (told !== undefined) return passed(name, `it says ${told}`);
  const why = isStopped(unit) ? 'the engine does not run' : `nothing readable on port ${apiPort}`;
  return unknownCheck(name, why, 'Compare the versions of both engines in their Settings, About page.');
}

function workingDirectory(
  { survey }: ServerFacts,
  subject: string,
  { workingDirectory: path, cluster }: ExpectedEngine,
): PreflightCheck {
  const name = { id: 'engine-directory', subject, what: `working directory of ${cluster}` };
  const seen = survey.directories.get(path);
  if (!seen) {
    const remedy = 'Correct the working directory in the site file (Settings, About: Data Directory).';
    return failedCheck(name, `there is no directory ${path}`, remedy);
  }
  if (seen.hasLicence) return passed(name, `${path}, with a licence file`);
  return unknownCheck(
    name,
    `${path} is there; no licence file was seen in it`,
    'Make sure that the licence of this server covers all components of the cluster.',
  );
}

function otherEngines({ survey }: ServerFacts, expected: ExpectedServer): PreflightCheck {
  const name = { id: 'engine-others', subject: expected.server.name, what: 'other engines' };
  const ours = new Set(expected.engines.map((engine) => engine.unit));
  const processes = survey.engines.filter((engine) => !ours.has(engine.unit));
  const units = survey.otherUnits.filter((unit) => !ours.has(unit));
  if (processes.length === 0 && units.length === 0) return passed(name, 'none found');
  const evidence = [...processes.map(sayProcess), ...units.map((unit) => `service ${unit}`)];
  const finding = `${evidence.length} found that no cluster of the site names`;
  const remedy =
    'Give each to a cluster, or make sure that it shares neither ports nor directories with one.';
  return toLookAt(name, finding, remedy, { evidence });
}

function sayProcess({ pid, program, workingDirectory: place, unit }: FoundEngine): string {
  return `process ${pid}: ${program} in ${place || 'an unknown directory'}, ${unit || 'started by hand'}`;
}

function otherStarters({ survey }: ServerFacts, subject: string): PreflightCheck {
  const name = { id: 'engine-starters', subject, what: 'schedules and start scripts' };
  if (survey.starters.length === 0) return passed(name, 'none names an engine');
  const remedy = 'Take out what starts or restarts the engine: two starters work against each other.';
  const finding = `${survey.starters.length} lines name an engine`;
  return toLookAt(name, finding, remedy, { evidence: survey.starters });
}

function otherManagers({ survey }: ServerFacts, subject: string): PreflightCheck {
  const name = { id: 'engine-managers', subject, what: 'other cluster software' };
  const managing = survey.managers.filter((manager) => manager.namesEngine).map((manager) => manager.name);
  if (managing.length > 0) {
    const finding = `${managing.join(', ')} manages an engine of the site`;
    return failedCheck(name, finding, 'Take the engine out of its configuration first: only one may decide.');
  }
  const idle = survey.managers.map((manager) => manager.name);
  if (idle.length === 0) return passed(name, 'none runs');
  const finding = `${idle.join(', ')} runs, and its configuration does not name an engine`;
  return toLookAt(
    name,
    finding,
    'Make sure that it does not start or stop the engine by a script of its own.',
  );
}
