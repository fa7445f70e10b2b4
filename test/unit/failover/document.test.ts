import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { partOf } from '../../golden/generated-parts.ts';
import { goldenDumps, readDump } from '../../golden/golden-files.ts';
import { describeRunbooks } from '../../../shared/help/describe-runbooks.ts';
import { generatedParts, readDocument, runbooksPath } from '../../golden/rule-document.ts';

describe('docs/runbooks.md', () => {
  it('says what the program says', () => {
    expect(readFileSync(runbooksPath, 'utf8')).toBe(describeRunbooks());
  });
});

describe('docs/failover.md', () => {
  it.each(Object.keys(generatedParts))(
    'shows the %s as they are in the code (npm run rules -- --write)',
    (name) => {
      expect(partOf(readDocument(), name)).toBe(generatedParts[name]?.());
    },
  );
});

describe('the golden dump', () => {
  it.each(Object.keys(goldenDumps))('%s shows what the rules decide (npm run rules -- --write)', (name) => {
    expect(goldenDumps[name]?.()).toBe(readDump(name));
  });
});
