import { describe, expect, it } from 'vitest';
import { brokenLinks, relativeLinks, unknownScripts } from '../../../scripts/lib/doc-links.mjs';

describe('links of a document', () => {
  it('are those to files, without the place in the page', () => {
    const text = 'See [a](adr/a.md#why), [b](#here), [c](https://example.test/c) and ![d](../d.png).';
    expect(relativeLinks(text)).toEqual(['adr/a.md', '../d.png']);
  });

  it('are not looked for in code', () => {
    expect(relativeLinks('`x[0](y)`\n```\nf[1](z)\n```\n')).toEqual([]);
  });

  it('are broken when their file is not there, seen from the document', () => {
    const exists = (path: string) => path === 'docs/adr/a.md';
    expect(brokenLinks('docs/page.md', '[a](adr/a.md) [b](b.md)', exists)).toEqual([
      'docs/page.md: b.md does not exist',
    ]);
  });
});

describe('commands of a document', () => {
  it('name scripts that exist', () => {
    const text = '`npm run lab -- run all`, `npm run bench`, `npm run bench`';
    expect(unknownScripts('README.md', text, ['lab'])).toEqual(['README.md: there is no script "bench"']);
  });
});
