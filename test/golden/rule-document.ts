import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeRules, describePlans, describeSteps } from '../../shared/failover/describe.ts';
import { describeTiming } from '../../shared/lease/describe-timing.ts';

const path = join(import.meta.dirname, '../../docs/failover.md');

/** The generated parts of docs/failover.md by the name of their markers. */
export const generatedParts: Readonly<Record<string, () => string>> = {
  rules: describeRules,
  plans: describePlans,
  steps: describeSteps,
  timing: describeTiming,
};

export function readDocument(): string {
  return readFileSync(path, 'utf8');
}

/** The text between `<!-- name -->` and `<!-- /name -->`. Throws when the markers are missing. */
export function partOf(document: string, name: string): string {
  const [start, end] = boundsOf(document, name);
  return document.slice(start, end);
}

function boundsOf(document: string, name: string): [number, number] {
  const open = `<!-- ${name} -->\n`;
  const start = document.indexOf(open) + open.length;
  const end = document.indexOf(`\n<!-- /${name} -->`);
  if (start < open.length || end < start) throw new Error(`docs/failover.md has no part ${name}`);
  return [start, end];
}

/** `npm run rules`: prints the rule table; with `--write` brings the document up to date. */
function main(): void {
  if (!process.argv.includes('--write')) return console.log(describeRules());
  let document = readDocument();
  for (const [name, make] of Object.entries(generatedParts)) {
    const [start, end] = boundsOf(document, name);
    document = document.slice(0, start) + make() + document.slice(end);
  }
  writeFileSync(path, document);
}

if (process.argv[1] === import.meta.filename) main();
