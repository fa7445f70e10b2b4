import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RoleChange } from '../../shared/failover/describe-states.ts';
import { dumpPairs } from './pairs.ts';
import { dumpRules } from './rule-dump.ts';
import { parseScenario, playScenario, printScenario, runScenario } from './scenario.ts';

const folder = join(import.meta.dirname, 'scenarios');

export function readScenarios(): { readonly name: string; readonly text: string }[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.txt'))
    .sort()
    .map((file) => ({ name: file.slice(0, -'.txt'.length), text: readFileSync(join(folder, file), 'utf8') }));
}

/** Runs every scenario and writes its log down. */
export function writeScenarios(): void {
  for (const { name, text } of readScenarios()) {
    const scenario = parseScenario(text);
    writeFileSync(
      join(folder, `${name}.txt`),
      printScenario({ commands: scenario.commands, expected: runScenario(scenario) }),
    );
  }
}

/** The golden dumps by their file names. */
export const goldenDumps: Readonly<Record<string, () => string>> = {
  'rules.txt': dumpRules,
  'pairs.txt': dumpPairs,
};

export function readDump(name: string): string {
  return readFileSync(join(import.meta.dirname, name), 'utf8');
}

export function writeDumps(): void {
  for (const [name, make] of Object.entries(goldenDumps)) {
    writeFileSync(join(import.meta.dirname, name), make());
  }
}

/** Every change of role in the scenarios where nothing is set by hand. */
export function roleChanges(): RoleChange[] {
  return readScenarios()
    .map(({ text }) => parseScenario(text))
    .filter(({ commands }) => !/^set /m.test(commands))
    .flatMap((scenario) => playScenario(scenario).roles);
}
