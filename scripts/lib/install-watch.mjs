// Follows the lines of `npm ci --loglevel=http`: how far it is, and whether it still gets anything. npm itself tries
// every package on its own, several times; with no network that takes minutes, so the script gives up earlier.

/** Failing requests without one answer in between for this long mean that there is no network. */
export const noAnswerMs = 20_000;

/** @param {{ now: () => number }} clock milliseconds that never jump */
export function createInstallWatch({ now }) {
  let fetched = 0;
  let failingSince;
  let output = '';
  let rest = '';

  function readLine(line) {
    if (/npm http (fetch GET 200|cache) /.test(line)) failingSince = undefined;
    if (/npm http (fetch GET 200|cache) \S+\.tgz/.test(line)) fetched += 1;
    if (/npm http fetch \w+ \S+ attempt \d+ failed/.test(line)) failingSince ??= now();
  }

  return {
    /** @param {string | Buffer} chunk */
    read(chunk) {
      const text = String(chunk);
      output = (output + text).slice(-200_000);
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(readLine);
    },
    fetched: () => fetched,
    /** True when only failures came for too long. */
    isHopeless: () => failingSince !== undefined && now() - failingSince >= noAnswerMs,
    output: () => output,
    /** The lines that help a reader: npm's errors without its stack traces and hints. */
    errorLines() {
      const helpful = output
        .split('\n')
        .filter((line) => /^npm (error|ERR!) (?! *(at |[{}]|A complete log))\S/.test(line));
      return helpful.slice(-12).join('\n');
    },
  };
}
