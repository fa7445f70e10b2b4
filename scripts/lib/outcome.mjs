// Counting: what each stage says, and what the whole run says at its end.

/**
 * @typedef {{ passed: number, failures: { name: string, message: string }[],
 *   skipped: { name: string, reason: string }[], figures?: string }} Outcome `figures`: what else was counted
 */

/** Exit code of the lab runner where the machine lacks something. */
const labNotPossible = 3;

/** A stage that could not run on this machine counts as one skipped test with its reason. */
export function skippedStage(title, reason) {
  return { passed: 0, failures: [], skipped: [{ name: title, reason }] };
}

/**
 * The outcome of a Vitest run. A run that ends badly without naming a failed test (no file found, a crash) is one
 * failure, so that it can never look fine.
 * @param {Outcome | undefined} counts what the reporter wrote
 * @param {number | null} exitCode
 * @returns {Outcome}
 */
export function outcomeOfVitest(counts, exitCode) {
  const outcome = counts ?? { passed: 0, failures: [], skipped: [] };
  const tests = outcome.passed + outcome.failures.length + outcome.skipped.length;
  if (tests === 0) return withFailure(outcome, 'the stage', 'no test was run');
  if (exitCode !== 0 && outcome.failures.length === 0) {
    return withFailure(outcome, 'the stage', `the runner ended with code ${exitCode}`);
  }
  return outcome;
}

/**
 * The outcome of the lab runner: its last line is `lab: N passed, N failed, N skipped`; a line
 * `skipped: NAME: REASON` tells each test that it left out, `failed: NAME: REASON` each that failed. A machine that
 * cannot hold a lab at all answers `the lab needs: …`.
 * @param {string} output
 * @param {number | null} exitCode
 * @returns {Outcome}
 */
export function outcomeOfLab(output, exitCode) {
  const lines = output.trimEnd().split('\n');
  const sum = /^lab: (\d+) passed, (\d+) failed, (\d+) skipped$/.exec(lines.at(-1) ?? '');
  const nothing = { passed: 0, failures: [], skipped: [] };
  const needs = /^the lab needs: (.+)$/.exec(lines.at(-1) ?? '');
  if (needs && exitCode === labNotPossible) return skippedStage('the core set', `the lab needs ${needs[1]}`);
  if (!sum) return withFailure(nothing, 'the lab', `it ended with code ${exitCode} and without its result`);
  const [passed, failed, skipped] = sum.slice(1).map(Number);
  const outcome = {
    passed,
    failures: named(lines, 'failed', failed),
    skipped: named(lines, 'skipped', skipped).map(({ name, message }) => ({ name, reason: message })),
  };
  if (exitCode !== 0 && failed === 0)
    return withFailure(outcome, 'the lab', `it ended with code ${exitCode}`);
  return passed + failed + skipped === 0 ? withFailure(outcome, 'the lab', 'no test was run') : outcome;
}

/**
 * The outcome of the model: each configuration that was seen whole, without a violation and with an Active that
 * comes back, and each rule whose absence was noticed, is one test. The lines must add up to the last one.
 * @param {string} output
 * @param {number | null} exitCode
 * @returns {Outcome}
 */
export function outcomeOfModel(output, exitCode) {
  const sum = /^model: (\d+) configurations, (\d+) states, .* (\d+) of (\d+) broken rules caught$/.exec(
    lastLine(output),
  );
  const [configurations, states, caught, rules] = (sum ?? []).slice(1).map(Number);
  return outcomeOfTold('the model', output, exitCode, (line) => configurationTest(line) ?? ruleTest(line), {
    expected: sum ? configurations + rules : undefined,
    figures: `${configurations} configurations, ${states} states, ${caught} of ${rules} rules left out noticed`,
  });
}

/**
 * The outcome of the simulation: each line of seeds, and each planted bug, is one test. The lines must cover as many
 * seeds as the last one says.
 * @param {string} output
 * @param {number | null} exitCode
 * @returns {Outcome}
 */
export function outcomeOfSim(output, exitCode) {
  const sum = /^sim: (\d+) of (\d+) planted bugs found; (\d+) seeds, \d+ violations; (.*)$/.exec(
    lastLine(output),
  );
  const [found, bugs, seeds] = (sum ?? []).slice(1).map(Number);
  const lines = [...output.matchAll(/^seeds (\d+) to (\d+): /gm)];
  const told = lines.reduce((total, [, first, last]) => total + Number(last) - Number(first) + 1, 0);
  const outcome = outcomeOfTold(
    'the simulation',
    output,
    exitCode,
    (line) => seedsTest(line) ?? bugTest(line),
    {
      expected: sum ? lines.length + bugs : undefined,
      figures: `${seeds} seeds, ${sum?.[4]}; ${found} of ${bugs} planted bugs found`,
    },
  );
  if (!sum || told === seeds) return outcome;
  return withFailure(outcome, 'the simulation', `${seeds - told} seeds are missing their line`);
}

/** `seeds N to N: no violation`, or what was violated */
function seedsTest(line) {
  const match = /^(seeds \d+ to \d+): (.+)$/.exec(line);
  if (!match) return undefined;
  return { name: match[1], message: match[2] === 'no violation' ? undefined : match[2] };
}

/** `planted NAME (WHAT): found with seed N: …` */
function bugTest(line) {
  const match = /^planted (\S+ \(.+?\)): (.+)$/.exec(line);
  if (!match) return undefined;
  const found = match[2].startsWith('found with seed ');
  return { name: `planted bug ${match[1]}`, message: found ? undefined : match[2] };
}

/**
 * Counts tests told line by line. `expected`: how many the last line promises; undefined: it is missing.
 * @param {string} name
 * @param {string} output
 * @param {number | null} exitCode
 * @param {(line: string) => { name: string, message?: string } | undefined} read
 * @param {{ expected: number | undefined, figures: string }} sum
 * @returns {Outcome}
 */
function outcomeOfTold(name, output, exitCode, read, { expected, figures }) {
  /** @type {Outcome} */
  const nothing = { passed: 0, failures: [], skipped: [] };
  if (expected === undefined)
    return withFailure(nothing, name, `it ended with code ${exitCode} and without its result`);
  const tests = output.split('\n').flatMap((line) => read(line) ?? []);
  const failures = tests.flatMap(({ name: test, message }) =>
    message === undefined ? [] : [{ name: test, message }],
  );
  const outcome = { passed: tests.length - failures.length, failures, skipped: [], figures };
  if (tests.length === 0 || tests.length !== expected)
    return withFailure(outcome, name, `${expected} results are missing their line`);
  if (exitCode !== 0 && failures.length === 0)
    return withFailure(outcome, name, `it ended with code ${exitCode}`);
  return outcome;
}

function lastLine(output) {
  return output.trimEnd().split('\n').at(-1) ?? '';
}

/** `NAME  N states, all seen; no violation; …, Active again within N ticks` */
function configurationTest(line) {
  const match = /^(\S+) +\d+ states, ([^;]+); ([^;]+); (.+)$/.exec(line);
  if (!match) return undefined;
  const [, name, extent, verdict, returns] = match;
  if (verdict !== 'no violation') return { name, message: verdict };
  if (returns === 'NO RETURN') return { name, message: 'no Active comes back from a state that was seen' };
  return { name, message: extent === 'all seen' ? undefined : `not all states were seen: ${extent}` };
}

/** `without "RULE" (CONFIGURATION): caught: WHAT, N moves, …` */
function ruleTest(line) {
  const match = /^without "(.+)" \(\S+\): (.+)$/.exec(line);
  if (!match) return undefined;
  const caught = match[2].startsWith('caught: ');
  return { name: match[1], message: caught ? undefined : 'leaving it out was not noticed' };
}

/** @returns {{ name: string, message: string }[]} */
function named(lines, word, count) {
  const found = lines.flatMap((line) => {
    const match = new RegExp(`^\\s*${word}:? +(.+?)(?:(?:: | — | - )(.*))?$`).exec(line);
    return match ? [{ name: match[1], message: match[2] ?? 'see its log' }] : [];
  });
  const rest = Array.from({ length: Math.max(0, count - found.length) }, (_unused, index) => ({
    name: `lab test ${found.length + index + 1}`,
    message: 'see its log',
  }));
  return [...found.slice(0, count), ...rest];
}

function withFailure(outcome, name, message) {
  return { ...outcome, failures: [...outcome.failures, { name, message }] };
}

/**
 * @param {Outcome[]} outcomes
 * @returns {string} the last line of `npm test`
 */
export function finalLine(outcomes) {
  const sum = (count) => outcomes.reduce((total, outcome) => total + count(outcome), 0);
  const passed = sum((outcome) => outcome.passed);
  const failed = sum((outcome) => outcome.failures.length);
  const skipped = sum((outcome) => outcome.skipped.length);
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/**
 * @param {{ title: string, minutes: number, outcome: Outcome }[]} rows
 * @param {number} minutes of the whole run: stages that ran at once add up to more
 * @returns {string[]} a table with the time per stage, then failures and skipped tests by name
 */
export function summaryLines(rows, minutes) {
  const width = Math.max(...rows.map(({ title }) => title.length), 'total'.length) + 2;
  const line = (title, ...columns) =>
    title.padEnd(width) + columns.map((cell) => String(cell).padStart(9)).join('');
  const cells = ({ passed, failures, skipped }) => [passed, failures.length, skipped.length];
  const all = rows.map(({ outcome }) => cells(outcome));
  const totals = [0, 1, 2].map((column) => all.reduce((sum, row) => sum + row[column], 0));
  return [
    line('', 'passed', 'failed', 'skipped', 'minutes'),
    ...rows.map((row, index) => line(row.title, ...all[index], row.minutes.toFixed(2))),
    line('total', ...totals, minutes.toFixed(2)),
    ...listed('Counted:', rows, ({ figures }) => (figures ? [figures] : [])),
    ...listed('Failed:', rows, ({ failures }) => failures.map(({ name, message }) => `${name}: ${message}`)),
    ...listed('Not run here:', rows, ({ skipped }) =>
      skipped.map(({ name, reason }) => `${name}: ${reason}`),
    ),
  ];
}

function listed(heading, rows, select) {
  const entries = rows.flatMap(({ title, outcome }) =>
    select(outcome).map((entry) => `  ${title}: ${entry}`),
  );
  return entries.length > 0 ? ['', heading, ...entries] : [];
}
