// Reads the flags of a script and explains them. Plain Node ≥ 20.19, before any package is there.
import { parseArgs } from 'node:util';

/**
 * @typedef {{ flag: string, does: string }} Option `flag` as it is shown: `--port N` takes a value, `--open` none
 * @typedef {{ usage: string, about: string, options: Option[], words?: { name: string, does: string }[],
 *   notes?: string[] }} Spec `usage` is how the command is called, `words` what may follow without dashes:
 *   undefined means none
 */

const help = { flag: '--help', does: 'print this and end' };

/**
 * @param {Spec} spec
 * @param {string[]} argv
 * @returns {{ kind: 'help', text: string } | { kind: 'refused', text: string }
 *   | { kind: 'run', values: Record<string, string | boolean | undefined>, words: string[] }}
 */
export function readCommandLine(spec, argv) {
  const options = [...spec.options, help];
  const known = Object.fromEntries(
    options.map(({ flag }) => [nameOf(flag), { type: takesValue(flag) ? 'string' : 'boolean' }]),
  );
  const { tokens } = parseArgs({
    args: argv,
    options: { ...known, h: { type: 'boolean', short: 'h' } },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  /** @type {Record<string, string | boolean | undefined>} */
  const values = {};
  const words = [];
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    if (token.name === 'help' || token.name === 'h') return { kind: 'help', text: usageText(spec) };
    const wanted = known[token.name];
    if (wanted === undefined || token.rawName !== `--${token.name}`) {
      return refused(spec, unknownOption(token.rawName, options));
    }
    const swallowed = token.inlineValue === false && token.value?.startsWith('--');
    if (wanted.type === 'string' && (!token.value || swallowed)) {
      return refused(spec, `${token.rawName} needs a value: ${flagOf(token.name, options)}.`);
    }
    if (wanted.type === 'boolean' && token.value !== undefined) {
      return refused(spec, `${token.rawName} takes no value.`);
    }
    values[token.name] = token.value ?? true;
  }
  if (words.length > 0 && spec.words === undefined) {
    const hint = words.some((word) => known[word] !== undefined) ? ` Did you mean --${words[0]}?` : '';
    return refused(spec, `"${words[0]}" is not an option here.${hint}`);
  }
  return { kind: 'run', values, words };
}

/**
 * Prints what must be printed instead of running; answers the exit code, or undefined when it shall run.
 * @param {{ kind: 'help' | 'refused', text: string } | { kind: 'run' }} read
 */
export function answerWithoutRunning(read) {
  if (read.kind === 'help') console.log(read.text);
  if (read.kind === 'refused') console.error(read.text);
  return { help: 0, refused: 2, run: undefined }[read.kind];
}

/** @param {Spec} spec */
export function usageText(spec) {
  const rows = [
    ...(spec.words ?? []).map(({ name, does }) => [name, does]),
    ...[...spec.options, help].map(({ flag, does }) => [flag, does]),
  ];
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return [
    `Usage: ${spec.usage}`,
    '',
    spec.about,
    '',
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`),
    ...(spec.notes ? ['', ...spec.notes] : []),
  ].join('\n');
}

/**
 * The known word that was probably meant; undefined when nothing is near.
 * @param {string} word
 * @param {string[]} candidates
 */
export function nearest(word, candidates) {
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: editDistance(word, candidate) }))
    .sort((one, other) => one.distance - other.distance);
  const [best] = ranked;
  return best && best.distance <= Math.max(2, Math.floor(word.length / 3)) ? best.candidate : undefined;
}

function refused(spec, what) {
  const call = spec.usage.replace(/ \[.*$/, '').replace(/ [A-Z]+.*$/, '');
  const dashes = call.startsWith('npm') && !call.includes(' --') ? ' --' : '';
  return /** @type {const} */ ({
    kind: 'refused',
    text: `${what}\n  Next: see what there is: ${call}${dashes} --help`,
  });
}

function unknownOption(name, options) {
  const near = nearest(
    name,
    options.map(({ flag }) => `--${nameOf(flag)}`),
  );
  return `There is no option ${name}.${near ? ` Did you mean ${near}?` : ''}`;
}

function flagOf(name, options) {
  return options.find(({ flag }) => nameOf(flag) === name).flag;
}

function nameOf(flag) {
  return flag.split(' ')[0].slice(2);
}

function takesValue(flag) {
  return flag.includes(' ');
}

/** How many letters must be changed, added or left out; Levenshtein. */
function editDistance(one, other) {
  let row = Array.from({ length: other.length + 1 }, (_unused, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const changed = row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(changed, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[other.length];
}
