import { readFileSync } from 'node:fs';
import prettier from 'prettier';
import { expect, test } from 'vitest';
import { readinessDocument, readinessSchema, verificationSchema } from '../../golden/readiness-document.ts';

test.each([
  ['markdown', readinessDocument()],
  ['json', readinessSchema()],
  ['json', verificationSchema()],
] as const)('a document in %s is what the checks and the schemas say', async (parser, { path, text }) => {
  const wanted = await prettier.format(text, { ...(await prettier.resolveConfig(path)), parser });
  expect(readFileSync(path, 'utf8')).toBe(wanted);
});
