// The terminal that a person types into, if there is one and it is ours.
import { fstatSync, readFileSync } from 'node:fs';

/**
 * Standard input, or undefined where reading it would stop us or take somebody else's keys: a process in the
 * background (`npm start &`) must leave the terminal alone.
 * @param {NodeJS.ReadableStream & { isTTY?: boolean, fd: number }} input
 * @param {string} [stat] content of /proc/self/stat
 */
export function ownTerminal(input, stat = readStat()) {
  if (!input.isTTY) return isPipe(input.fd) ? input : undefined;
  const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(') ') + 2).split(' ');
  return stat === '' || group === foreground ? input : undefined;
}

function isPipe(descriptor) {
  try {
    const found = fstatSync(descriptor);
    return found.isFIFO() || found.isSocket();
  } catch {
    return false; // Closed.
  }
}

function readStat() {
  try {
    return readFileSync('/proc/self/stat', 'utf8');
  } catch {
    return ''; // Not Linux: there the shell's own rules apply.
  }
}
