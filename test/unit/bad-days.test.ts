import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { engineTroubles } from '../../shared/engine/engine-trouble.ts';
import { errorCodes } from '../../shared/errors.ts';

/**
 * Goal: every bad day that is promised has a test, and the page does not name one that is gone. Method: read the tables
 * of the page, and the tests that they name.
 */
const folder = join(import.meta.dirname, '../../docs');
const page = readFileSync(join(folder, 'bad-days.md'), 'utf8');

interface BadDay {
  readonly name: string;
  readonly codes: readonly string[];
  /** Paths in the project. */
  readonly tests: readonly string[];
}

const badDays: readonly BadDay[] = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| case '))
  .filter((line) => !/^\| -/.test(line))
  .map((line) => {
    const [, name, , codes, , tests] = line.split('|').map((cell) => cell.trim());
    return {
      name: name!,
      codes: [...codes!.matchAll(/`([a-z.-]+)`/g)].map(([, code]) => code!),
      tests: [...tests!.matchAll(/\]\(([^)]+)\)/g)].map(([, path]) => join(folder, path!)),
    };
  });

/** What is promised, by words of its case. */
const promised = [
  'wrong password',
  'changed host key',
  'no sudo',
  'disk full in the middle of an upload',
  'connection lost at each step',
  'power of a server cut during the installation',
  'port taken',
  'clocks five minutes apart',
  'engine not found',
  'two engines found',
  'read-only storage',
  'same storage given to two clusters',
  'same server given twice',
  'damaged bundle',
  'foreign agent already there',
  'half-removed agent',
  'cannot be reached',
  'wrong processor',
  'half-done installation',
  'certificate that has ended',
  'state of a member that is damaged',
  'agents of another version',
  'folder for exports',
  'engine that answers nonsense',
  'two consoles',
];
/** Beside errors: why an engine is not well, and why a member must not be Active. */
const otherCodes = [...Object.keys(engineTroubles), 'state-damaged'];

describe('bad days', () => {
  it.each(promised)('include “%s”', (words) => {
    expect(badDays.filter(({ name }) => name.includes(words))).toHaveLength(1);
  });

  it.each(badDays.map((day) => [day.name, day] as const))('“%s” is shown by its tests', (_name, day) => {
    expect(day.tests.length).toBeGreaterThan(0);
    for (const path of day.tests) expect(existsSync(path), path).toBe(true);
    // In a regular expression a code has its point escaped.
    const texts = day.tests.map((path) => readFileSync(path, 'utf8').replaceAll('\\.', '.')).join('\n');
    for (const code of day.codes) {
      expect([...errorCodes, ...otherCodes]).toContain(code);
      expect(texts, `a test that asks for ${code}`).toContain(code);
    }
  });
});
