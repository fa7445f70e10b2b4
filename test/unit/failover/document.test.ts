import { describe, expect, it } from 'vitest';
import { partOf } from '../../golden/generated-parts.ts';
import { generatedParts, readDocument } from '../../golden/rule-document.ts';

describe('docs/failover.md', () => {
  it.each(Object.keys(generatedParts))(
    'shows the %s as they are in the code (npm run rules -- --write)',
    (name) => {
      expect(partOf(readDocument(), name)).toBe(generatedParts[name]?.());
    },
  );
});
