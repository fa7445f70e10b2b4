import { stepKinds } from '../../shared/failover/member-facts.ts';
import { forceVerb, moveVerbs, type MoveVerb } from '../../shared/agent-api/agent-api.ts';
import { names, type Name } from '../world/world-server.ts';
import { World } from '../world/world.ts';

/**
 * A scenario is one text file: commands, a line of dashes, and the log that they lead to. `#` begins a comment.
 *
 *   site {"failbackAfterMs":60000}      before anything else
 *   settle [SERVER]                     until the cluster is served and quiet (there); forgets the log until then
 *   run SECONDS                         lets time pass
 *   ask SERVER switchover|handover|…    a person's command
 *   force SERVER [alone]                a person forces a takeover there, also without the store when `alone`
 *   readmit SERVER                      a person takes the server back
 *   maintain SERVER MINUTES             a person begins a maintenance there; end-maintenance SERVER ends it
 *   kill-agent|kill-engine SERVER      kill-server SERVER [SECONDS AWAY]
 *   silence store|link SECONDS          nobody hears the store, or the members do not hear each other
 *   mode SERVER observe|arming|armed   the agent is started anew in that mode; guards run where it is armed
 *   set SERVER FACT JSON                one fact is what is written here, until unset SERVER FACT
 *   fail SERVER STEP WHY                that step fails from now on; `fail SERVER STEP` ends it
 */
export interface Scenario {
  readonly commands: string;
  readonly expected: string;
}

const dashes = '----';
const settleLimitMs = 120_000;

export function parseScenario(text: string): Scenario {
  const [commands = '', ...rest] = text.split(`\n${dashes}\n`);
  return { commands, expected: rest.join(`\n${dashes}\n`).trimEnd() };
}

export function printScenario({ commands, expected }: Scenario): string {
  return `${commands}\n${dashes}\n${expected}\n`;
}

/** Runs the commands and answers the log. Throws on a command that is not understood. */
export function runScenario(scenario: Scenario): string {
  const world = playScenario(scenario);
  const log = world.log.map(
    ({ atMs, server, sentence }) => `${(atMs / 1000).toFixed(1)} ${server} ${sentence}`,
  );
  return [...log, ...world.violations].join('\n');
}

/** The world as the commands leave it. */
export function playScenario({ commands }: Pick<Scenario, 'commands'>): World {
  const lines = commands
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const [first = ''] = lines;
  const world = new World(first.startsWith('site ') ? (JSON.parse(first.slice(5)) as object) : {});
  for (const line of lines.slice(first.startsWith('site ') ? 1 : 0)) obey(world, line);
  return world;
}

function obey(world: World, line: string): void {
  const [verb = '', one = '', two = '', ...more] = line.split(' ');
  const rest = [two, ...more].join(' ');
  switch (verb) {
    case 'settle':
      return settle(world, one === '' ? null : server(one, line));
    case 'run':
      return world.run(seconds(one, line));
    case 'ask':
      return ask(world, server(one, line), two, line);
    case 'force':
      return force(world, server(one, line), two);
    case 'maintain':
      return done(world.maintain(server(one, line), seconds(two, line) / 1000), line);
    case 'kill-server':
      return world.killServer(server(one, line), two === '' ? undefined : seconds(two, line));
    case 'silence':
      if (one !== 'store' && one !== 'link') throw misunderstood(line);
      return world.silence(one, seconds(two, line));
    case 'set':
      return void world.servers[server(one, line)].told.set(two, JSON.parse(more.join(' ')));
    case 'unset':
      return void world.servers[server(one, line)].told.delete(two);
    case 'fail':
      return failing(world, server(one, line), rest, line);
    default:
      return simple(world, verb, server(one, line), line);
  }
}

/** Commands that need no more than a server. */
function simple(world: World, verb: string, name: Name, line: string): void {
  switch (verb) {
    case 'mode':
      return setMode(world, name, line);
    case 'readmit':
      return void world.readmit(name);
    case 'end-maintenance':
      return done(world.endMaintenance(name), line);
    case 'kill-agent':
      return world.killAgent(name);
    case 'kill-engine':
      return world.killEngine(name);
    default:
      throw misunderstood(line);
  }
}

function setMode(world: World, name: Name, line: string): void {
  const mode = (['observe', 'arming', 'armed'] as const).find((one) => line.endsWith(` ${one}`));
  if (mode === undefined) throw misunderstood(line);
  world.setMode(name, mode);
}

function settle(world: World, where: Name | null): void {
  const there = () => world.settled() && (where === null || world.active() === where);
  if (!world.until(there, settleLimitMs))
    throw new Error(`the cluster is not served${where ? ` by ${where}` : ''}`);
  world.log.length = 0;
}

/** A refusal is part of the log: the agent journals it. */
function ask(world: World, name: Name, verb: string, line: string): void {
  if (!(moveVerbs as readonly string[]).includes(verb)) throw misunderstood(line);
  world.ask(name, verb as MoveVerb);
}

function force(world: World, name: Name, how: string): void {
  const statement = 'power-off' as const;
  const said = { typedName: 'WK1', reason: 'nobody reaches it', statement, withoutStore: how === 'alone' };
  world.ask(name, forceVerb, said);
}

function failing(world: World, name: Name, rest: string, line: string): void {
  const [kind = '', ...why] = rest.split(' ');
  if (!(stepKinds as readonly string[]).includes(kind)) throw misunderstood(line);
  if (why.length === 0) world.servers[name].failing.delete(kind);
  else world.servers[name].failing.set(kind, why.join(' '));
}

/** A maintenance that is refused leaves nothing in the log of the rules. */
function done(refused: string | null, line: string): void {
  if (refused !== null) throw new Error(`${line}: ${refused}`);
}

function server(word: string, line: string): Name {
  const found = names.find((name) => name === word);
  if (found === undefined) throw misunderstood(line);
  return found;
}

function seconds(word: string, line: string): number {
  const value = Number(word);
  if (!(value > 0)) throw misunderstood(line);
  return value * 1000;
}

function misunderstood(line: string): Error {
  return new Error(`this command is not understood: ${line}`);
}
