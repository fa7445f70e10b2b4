import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createTemporary, withoutLeftovers } from '../../../scripts/lib/temporary.mjs';

it('names what a stage left behind, once, and removes it', () => {
  const temporary = createTemporary();
  try {
    mkdirSync(join(temporary.folder, 'ixa-left'));
    writeFileSync(join(temporary.folder, 'ixa-left', 'file'), '');
    mkdirSync(join(temporary.folder, 'org.chromium.Chromium.abc'));
    expect(temporary.env.TMPDIR).toBe(temporary.folder);
    expect(temporary.takeLeftovers()).toEqual(['ixa-left (file)']);
    expect(temporary.takeLeftovers()).toEqual([]);
  } finally {
    temporary.end();
  }
  expect(existsSync(temporary.folder)).toBe(false);
});

it('fails the stage that left something behind, and only that', () => {
  const outcome = { passed: 3, failures: [], skipped: [] };
  expect(withoutLeftovers(outcome, [])).toBe(outcome);
  expect(withoutLeftovers(outcome, ['ixa-left']).failures).toEqual([
    { name: 'temporary files', message: 'left behind in the folder for temporary files: ixa-left' },
  ]);
});
