// Runs one program of the project with everything it needs: packages, Node 24, current bundles.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createChildren, stopOnSignals } from './children.mjs';
import { problemText } from './failure-sentences.mjs';
import { createProgress } from './progress.mjs';
import { projectFolder } from './project.mjs';
import { buildPrograms, setUp, SetUpProblem } from './set-up.mjs';

/**
 * @param {string} program a bundle in dist/, or a TypeScript file, which Node 24 reads
 * @param {string[]} args
 * @param {Record<string, string>} [env] added to the environment
 * @returns {Promise<number>} its exit code; 1 when it could not be set up, 2 when there is no such program
 */
export async function runBuilt(program, args, env = {}) {
  const children = createChildren({ graceMs: 30_000 });
  // The set-up speaks on the error stream: the program's own output may be read by another program.
  const progress = createProgress({ out: process.stderr, quiet: true });
  stopOnSignals(children);
  try {
    const programs = await setUp({ children, progress });
    await buildPrograms({ children, progress }, programs);
    const path = join(projectFolder, program);
    if (!existsSync(path)) {
      console.error(`There is no program "${program}" in this version.`);
      return 2;
    }
    const options = { env: { ...programs.env, ...env }, stdin: /** @type {const} */ ('inherit') };
    const ending = await children.run(programs.node, [path, ...args], options);
    return ending.code ?? 1;
  } catch (error) {
    if (!(error instanceof SetUpProblem)) throw error;
    console.error(`${error.output ? `${error.output}\n` : ''}${problemText(error)}`);
    return 1;
  }
}
