// Runs one program of the project with everything it needs: packages, Node 24, current bundles.
// Usage: node scripts/run.mjs PROGRAM [arguments]   (a bundle in dist/, or a TypeScript file, which Node 24 reads)
import { answerWithoutRunning, readCommandLine } from './lib/command-line.mjs';
import { programSpecs } from './lib/program-specs.mjs';
import { runBuilt } from './lib/run-built.mjs';

const [program = '', ...programArguments] = process.argv.slice(2);
const spec = programSpecs[program];
const answer = spec && answerWithoutRunning(readCommandLine(spec, programArguments));
process.exitCode = answer ?? (await runBuilt(program, programArguments));
