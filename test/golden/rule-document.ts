import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  describeMaintenance,
  describeRules,
  describePlans,
  describeSteps,
} from '../../shared/failover/describe.ts';
import { drawPlan, drawRoles } from '../../shared/failover/describe-states.ts';
import { describeRunbooks } from '../../shared/help/describe-runbooks.ts';
import { roleChanges, writeDumps, writeScenarios } from './golden-files.ts';
import { dumpRules } from './rule-dump.ts';
import { describeTiming } from '../../shared/lease/describe-timing.ts';
import { withParts } from './generated-parts.ts';
import { readinessDocument, readinessSchema, verificationSchema } from './readiness-document.ts';

const path = join(import.meta.dirname, '../../docs/failover.md');

export const runbooksPath = join(import.meta.dirname, '../../docs/runbooks.md');

/** The generated parts of docs/failover.md by the name of their markers. */
export const generatedParts: Readonly<Record<string, () => string>> = {
  rules: describeRules,
  plans: describePlans,
  steps: describeSteps,
  maintenance: describeMaintenance,
  roles: () => drawRoles(roleChanges()),
  switchover: () => drawPlan('switchover'),
  timing: describeTiming,
};

export function readDocument(): string {
  return readFileSync(path, 'utf8');
}

/** `npm run rules`: prints the rule table; with `--write` brings documents, schemas, dumps and scenarios up to date. */
function main(): void {
  if (!process.argv.includes('--write')) return console.log(dumpRules());
  writeFileSync(path, withParts(readDocument(), generatedParts));
  writeFileSync(runbooksPath, describeRunbooks());
  writeDumps();
  writeScenarios();
  const others = [readinessDocument(), readinessSchema(), verificationSchema()];
  for (const { path: other, text } of others) writeFileSync(other, text);
}

if (process.argv[1] === import.meta.filename) main();
