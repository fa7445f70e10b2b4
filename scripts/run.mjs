// Runs one program of the project with everything it needs: packages, Node 24, current bundles.
// Usage: node scripts/run.mjs PROGRAM [arguments]   (a bundle in dist/, or a TypeScript file, which Node 24 reads)
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createChildren, stopOnSignals } from './lib/children.mjs';
import { problemText } from './lib/failure-sentences.mjs';
import { createProgress } from './lib/progress.mjs';
import { projectFolder } from './lib/project.mjs';
import { buildPrograms, setUp, SetUpProblem } from './lib/set-up.mjs';

const [program, ...programArguments] = process.argv.slice(2);
const children = createChildren({ graceMs: 30_000 });
// The set-up speaks on the error stream: the program's own output may be read by another program.
const progress = createProgress({ out: process.stderr, quiet: true });
stopOnSignals(children);

try {
  process.exitCode = await runProgram();
} catch (error) {
  if (!(error instanceof SetUpProblem)) throw error;
  console.error(`${error.output ? `${error.output}\n` : ''}${problemText(error)}`);
  process.exitCode = 1;
}

async function runProgram() {
  const programs = await setUp({ children, progress });
  await buildPrograms({ children, progress }, programs);
  const path = join(projectFolder, program ?? '');
  if (!program || !existsSync(path)) {
    console.error(`There is no program "${program ?? ''}" in this version.`);
    return 2;
  }
  const ending = await children.run(programs.node, [path, ...programArguments], {
    env: programs.env,
    stdin: 'inherit',
  });
  return ending.code ?? 1;
}
