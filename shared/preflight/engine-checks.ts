import { liesInStorage } from './configuration-check.ts';
import type { ExpectedEngine, ExpectedServer } from './expected-server.ts';
import { failedCheck, passed, toLookAt, unknownCheck, type PreflightCheck } from './preflight-check.ts';
import type { EngineService, FoundEngine, ServerFacts, UnitFacts } from './server-facts.ts';
import { starterChecks } from './starter-checks.ts';

const fewOpenFiles = 4_096;

/** What was found of the engines of one server, and of whatever else might start them. Pure. */
export function engineChecks(facts: ServerFacts, expected: ExpectedServer): PreflightCheck[] {
  if (!expected.isMember) return [];
  const subject = expected.server.name;
  const { services } = facts.survey;
  const said = expected.engines.map(({ unit }) => unit);
  // While nobody has said which engines belong to the site, every service that was found may.
  const ours = new Set(said.length > 0 ? said : services.map(({ unit }) => unit));
  return [
    ...(said.length > 0
      ? expected.engines.flatMap((engine) => oneEngine(facts, expected, engine))
      : [foundEngines(services, subject)]),
    ...openFiles(
      services.filter(({ unit }) => ours.has(unit)),
      subject,
    ),
    otherEngines(facts, subject, ours),
    ...starterChecks(facts.survey.starters, subject),
    otherManagers(facts, subject),
  ];
}

function foundEngines(services: readonly EngineService[], subject: string): PreflightCheck {
  const name = { id: 'engine-found', subject, what: 'engine' };
  if (services.length === 0) {
    const remedy = 'Install IguanaX there as a systemd service, or name the right server.';
    return failedCheck(name, 'no service names Iguana', remedy);
  }
  const found = services.map(({ unit, running: runs }) => `${unit}${runs ? ' (running)' : ''}`);
  return passed(name, found.join(', '));
}

function openFiles(services: readonly EngineService[], subject: string): PreflightCheck[] {
  const told = services.flatMap((service) => service.openFiles ?? []);
  if (told.length === 0) return [];
  const name = { id: 'engine-open-files', subject, what: 'open files of the engine' };
  const few = services.filter((service) => (service.openFiles ?? fewOpenFiles) < fewOpenFiles);
  if (few.length === 0) return [passed(name, `${Math.min(...told)} or more`)];
  const many = few.map((service) => `${service.unit}: ${service.openFiles}`).join(', ');
  const finding = `${many}; below ${fewOpenFiles} an engine with many components can run out of them`;
  return [toLookAt(name, finding, 'Set LimitNOFILE=16384 in its service.')];
}

function oneEngine(facts: ServerFacts, expected: ExpectedServer, engine: ExpectedEngine): PreflightCheck[] {
  const subject = expected.server.name;
  const unit = facts.units.get(engine.unit);
  const service = { id: 'engine-service', subject, what: `engine of ${engine.cluster}` };
  if (unit?.loadState !== 'loaded') {
    const state = unit?.loadState || 'unknown';
    const finding = `the engine's service ${engine.unit} of ${engine.cluster} is not installed (${state})`;
    const remedy = 'Install the engine there, or correct the name of its service in the site file.';
    return [failedCheck(service, finding, remedy, { refusal: { code: 'install.engine-missing' } })];
  }
  return [
    expected.observes ? observed(facts, unit, service, engine) : running(facts, unit, service, engine),
    autostart(unit, subject, engine),
    version(facts, unit, subject, engine),
    ...workingDirectory(facts, subject, engine),
  ];
}

function isStopped(unit: UnitFacts): boolean {
  return unit.activeState === 'inactive' || unit.activeState === 'failed';
}

type Name = Pick<PreflightCheck, 'id' | 'subject' | 'what'>;

const goOnOrBack =
  'Go on with the arming: npm run site -- arm FILE. Or give the protection up: npm run site -- observe FILE.';

/** An observed engine may run; a gate there is one of an armed site, or of an arming that was cut off. */
function observed(facts: ServerFacts, unit: UnitFacts, name: Name, engine: ExpectedEngine): PreflightCheck {
  if (!facts.files.has(engine.gate))
    return passed(name, `${engine.unit} is ${unit.activeState}, and is only observed`);
  const finding = `${engine.unit} of ${engine.cluster} is guarded, and this site file only observes it`;
  const remedy = `Take "mode": "observe" out of the site file if the site is armed. ${goOnOrBack}`;
  return failedCheck(name, finding, remedy, { refusal: { code: 'arm.refused' } });
}

function running(facts: ServerFacts, unit: UnitFacts, name: Name, engine: ExpectedEngine): PreflightCheck {
  // A gate alone holds nothing: what was to renew the deadline may have been ended by hand, or by a removal that was cut off.
  const isGuarded = facts.files.has(engine.gate) && facts.found.atWork?.includes(engine.cluster) !== false;
  if (isStopped(unit)) return passed(name, `${engine.unit} is ${unit.activeState}`);
  const { mode } = facts.found.members.find(({ cluster }) => cluster === engine.cluster) ?? {};
  // Guards that found no deadline would end it.
  if (mode !== undefined) {
    const finding = `${engine.unit} of ${engine.cluster} is running (${unit.activeState}), and its agent does not protect it yet (${mode})`;
    return failedCheck(name, finding, goOnOrBack, { refusal: { code: 'arm.refused' } });
  }
  if (isGuarded) return passed(name, `${engine.unit} is ${unit.activeState} and guarded`);
  const finding = `the engine's service ${engine.unit} of ${engine.cluster} is running (${unit.activeState}) and not yet guarded`;
  const remedy =
    'Observe the site first (a choice of the setup, "mode": "observe" in a site file) and arm it then, or stop the engine on both servers in a maintenance window before the installation.';
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
        title: 'Disable the service',
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
  { survey, shares }: ServerFacts,
  subject: string,
  engine: ExpectedEngine,
): PreflightCheck[] {
  const { workingDirectory: path, cluster, storage } = engine;
  const name = { id: 'engine-directory', subject, what: `working directory of ${cluster}` };
  const licence = { id: 'engine-licence', subject, what: `licence of the engine of ${cluster}` };
  const inQuestion = 'Make sure that the licence of this server covers all components of the cluster.';
  const seen = survey.directories.get(path);
  if (
    !seen &&
    storage.mountUnit !== undefined &&
    liesInStorage(engine) &&
    !shares.get(storage.directory)?.isMount
  ) {
    const where = `${path} lies in the storage, which is not mounted now`;
    return [passed(name, where), unknownCheck(licence, where, inQuestion)];
  }
  if (!seen) {
    const remedy = 'Correct the working directory in the site file (Settings, About: Data Directory).';
    return [failedCheck(name, `there is no directory ${path}`, remedy)];
  }
  return [
    passed(name, `${path} is there`),
    seen.hasLicence
      ? passed(licence, `a licence file lies in ${path}; what it covers was not read`)
      : unknownCheck(licence, `no licence file was seen in ${path}`, inQuestion),
  ];
}

function otherEngines({ survey }: ServerFacts, subject: string, ours: ReadonlySet<string>): PreflightCheck {
  const name = { id: 'engine-others', subject, what: 'other engines' };
  const processes = survey.engines.filter((engine) => !ours.has(engine.unit));
  const units = survey.services.map(({ unit }) => unit).filter((unit) => !ours.has(unit));
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
