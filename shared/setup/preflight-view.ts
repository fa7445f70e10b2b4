import { checkKey, type PreflightCheck } from '../preflight/preflight-check.ts';
import type { EngineService, Listening } from '../preflight/server-facts.ts';
import type { LookedServer, ToldEngine } from '../preflight/looked-server.ts';
import type { TriedWay } from '../preflight/ways.ts';
import type { FoundEngine, SeenServer, SetupCheck } from './setup-view.ts';

/** A check as the setup on the screen shows it. Pure. */
export function shownCheck(check: PreflightCheck, ageMs: number): SetupCheck {
  const { subject, what, verdict, finding, evidence, remedy, fix, byPerson } = check;
  return {
    id: checkKey(check),
    subject,
    title: what,
    verdict,
    finding,
    evidence: [...evidence],
    remedy,
    fix: fix && { title: fix.title, effects: [fix.change, fix.command.join(' ')] },
    byPerson,
    ageMs,
  };
}

/** The facts for the table above the checks. Pure. */
export function seenServers(looked: readonly LookedServer[], ways: readonly TriedWay[]): SeenServer[] {
  return looked.map(({ expected: { server }, facts, clock }) => ({
    server: server.id,
    system: `${facts.osName.replace(/ GNU\/Linux| \(.*\)/g, '')}, ${facts.machine}`,
    freeMb: facts.freeMb.var ?? null,
    clockMs: clock?.offsetMs ?? null,
    engines: facts.survey.services.length,
    paths: looked.flatMap(({ expected: { server: other } }) => {
      const tried = ways.filter(
        ({ from, to, result }) =>
          from.server.id === server.id && to.server.id === other.id && !result.startsWith('not-'),
      );
      if (tried.length === 0) return [];
      const lost = tried.some(({ result }) => result !== 'ok');
      const rtts = tried.flatMap(({ rttMs }) => rttMs ?? []);
      return [{ to: other.id, rttMs: lost || rtts.length === 0 ? null : Math.min(...rtts) }];
    }),
  }));
}

/** Engines that were found, for the step that asks for them. Pure. */
export function foundEngines(looked: readonly LookedServer[], told: readonly ToldEngine[]): FoundEngine[] {
  return looked.flatMap(({ expected, facts }) =>
    facts.survey.services.map((service) => {
      const ports = portsOf(service, facts.listeners);
      return {
        server: expected.server.id,
        unit: service.unit,
        product: /iguanax/i.test(`${service.unit} ${service.command}`) ? 'IguanaX' : 'Iguana',
        version: null,
        workingDirectory: service.workingDirectory ?? null,
        apiPort: ports.find((port) => port >= 6_000 && port < 7_000) ?? ports[0] ?? null,
        running: service.running,
        components:
          told
            .find(({ server, unit }) => server === expected.server.id && unit === service.unit)
            ?.components.slice() ?? null,
      };
    }),
  );
}

function portsOf({ sockets }: EngineService, listeners: readonly Listening[]): number[] {
  return [...new Set(listeners.filter(({ inode }) => sockets.includes(inode)).map(({ port }) => port))];
}
