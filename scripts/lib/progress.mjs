// Lines of a set-up: one per step, with the time that passes; on a terminal the line is rewritten, in a log it is
// written again every half minute, so that a long step is never silent. Steps that run at once share the terminal's line.

/**
 * @param {{ out?: NodeJS.WriteStream, labelWidth?: number, quiet?: boolean }} [options]
 *   quiet: steps that had nothing to do are not told
 */
export function createProgress({ out = process.stdout, labelWidth = 10, quiet = false } = {}) {
  const rewrite = Boolean(out.isTTY);
  const write = (label, text) => out.write(`  ${label.padEnd(labelWidth)}${text}\n`);

  /** What is told of the steps that run now. @type {Set<() => string>} */
  const running = new Set();
  const line = () => `  ${[...running].map((told) => told()).join('   ')}`;
  const clear = () => rewrite && running.size > 0 && out.write('\r\x1b[K');

  /** Tells a step that took no time. */
  function note(label, text) {
    if (quiet) return;
    clear();
    write(label, text);
  }

  /**
   * Starts a step that takes a while; `detail` is asked for each time the line is written.
   * @returns {(text: string) => void} ends the step with its result
   */
  function begin(label, detail) {
    const started = performance.now();
    const told = () => `${label.padEnd(labelWidth)}${detail()} (${seconds(started)})`;
    running.add(told);
    const show = () => out.write(rewrite ? `\r\x1b[K${line()}` : `  ${told()}\n`);
    if (rewrite) show();
    const timer = setInterval(show, rewrite ? 1000 : 30_000);
    return (text) => {
      clearInterval(timer);
      clear();
      running.delete(told);
      write(label, `${text} (${seconds(started)})`);
    };
  }

  return { note, begin };
}

function seconds(started) {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}
