import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorSentences } from '../../shared/error-sentences.ts';
import { errorCodes, formatProductError, productError } from '../../shared/errors.ts';

const root = join(import.meta.dirname, '../..');
const scripts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
const ixhaVerbs = ['status', 'watch', 'why', 'journal', 'switchover', 'handover'];

/** Goal: every error says what to do, and nothing that is not there. Method: walk the whole table. */
describe.each(errorCodes)('the error %s', (code) => {
  const { meaning, next } = errorSentences[code];

  it('says in whole sentences what it means and what to do next', () => {
    for (const text of [meaning, next]) expect(text).toMatch(/^[A-Z].{15,}[.]$/);
    expect(next.split(' ').length).toBeGreaterThanOrEqual(4);
  });

  it('begins its next step with something to do', () => {
    const doing =
      /^(Ask|Bring|Build|Change|Check|Choose|Clear|Close|Compare|Correct|Do|Enter|Free|Give|Go on|Install|It opens|Keep|Let|Look|Make|Move|Open|Press|Read|Remove|Renew|Repair|Replace|Restart|Restore|Run|See|Send|Set|Start|Stop|Take|Try|Upgrade|Use|Wait|Write)\b/;
    expect(next).toMatch(doing);
  });

  it('does not point at lines that may not be there', () => {
    expect(next).not.toMatch(/\b(below|above|listed|named|shown here|fields?)\b/i);
    expect(next).not.toMatch(/support bundle/);
  });

  it('names only documents, scripts and commands that exist', () => {
    for (const [path] of next.matchAll(/docs\/[\w-]+\.md/g)) expect(existsSync(join(root, path))).toBe(true);
    for (const [, name] of next.matchAll(/npm run ([\w-]+)/g)) {
      expect(Object.keys(scripts.scripts)).toContain(name);
    }
    for (const [, verb] of next.matchAll(/\bixha ([a-z]+)/g)) expect(ixhaVerbs).toContain(verb);
  });
});

describe('an error as text', () => {
  it('is its sentence with the code, the meaning, the next step and the evidence', () => {
    const text = formatProductError(productError('port.taken', 'Port 1 is taken.', ['by nobody']));
    expect(text.split('\n')).toEqual([
      'Port 1 is taken. [port.taken]',
      errorSentences['port.taken'].meaning,
      `Next: ${errorSentences['port.taken'].next}`,
      '  - by nobody',
    ]);
  });

  it('has the next step of its very case where that is known', () => {
    const error = productError('command.refused', 'Engines are running.', [], 'Say --keep-engine.');
    expect(error.next).toBe('Say --keep-engine.');
    expect(error).not.toHaveProperty('details');
  });
});
