// Digests of everything that is installed on servers, as it was built: the console compares with them before it places
// anything, so that a file that was cut short or exchanged is never put on a server.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Beside the agent's programs. */
export const digestsName = 'digests.json';

/**
 * Where the files lie: the agent's programs and `scripts/`, the templates of units, and the Node runtime for servers.
 * @typedef {{ agent: string, units: string, runtime: string }} AgentPlaces
 */

/** Writes the digests of what lies there now. @param {AgentPlaces} places */
export function writeDigests(places) {
  const digests = Object.fromEntries(agentFiles(places).map(([name, file]) => [name, digestOf(file)]));
  writeFileSync(join(places.agent, digestsName), `${JSON.stringify(digests, undefined, 2)}\n`);
}

/** Files that differ from their digests or have none, by name. @param {AgentPlaces} places @returns {string[]} */
export function differingFiles(places) {
  const digests = JSON.parse(readFileSync(join(places.agent, digestsName), 'utf8'));
  const present = new Map(agentFiles(places));
  return [...new Set([...Object.keys(digests), ...present.keys()])].filter((name) => {
    const file = present.get(name);
    return file === undefined || digestOf(file) !== digests[name];
  });
}

/** @param {AgentPlaces} places @returns {[string, string][]} */
function agentFiles({ agent, units, runtime }) {
  /** @type {(folder: string, prefix: string, ending: RegExp) => [string, string][]} */
  const below = (folder, prefix, ending) =>
    readdirSync(folder)
      .filter((name) => ending.test(name))
      .sort()
      .map((name) => [`${prefix}${name}`, join(folder, name)]);
  return [
    ['node', runtime],
    ...below(agent, '', /\.cjs$/),
    ...below(join(agent, 'scripts'), 'scripts/', /\.sh$/),
    ...below(units, 'units/', /\.(?:service|conf)$/),
  ];
}

function digestOf(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
