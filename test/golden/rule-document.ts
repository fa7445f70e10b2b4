import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeRules, describePlans, describeSteps } from '../../shared/failover/describe.ts';
import { describeTiming } from '../../shared/lease/describe-timing.ts';
import { withParts } from './generated-parts.ts';

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

/** `npm run rules`: prints the rule table; with `--write` brings the document up to date. */
function main(): void {
  if (!process.argv.includes('--write')) return console.log(describeRules());
  writeFileSync(path, withParts(readDocument(), generatedParts));
}

if (process.argv[1] === import.meta.filename) main();
