import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteCommand } from '../../../../electron/host/ssh/quoting.ts';

const piece = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    "'",
    '"',
    '\\',
    '$(id)',
    '`id`',
    '\n',
    '\r',
    ' ',
    '*',
    '~',
    '&&',
    ';',
    '|',
    '>',
    '#',
    '-n',
    '%s',
    '',
  ),
);
const argument = fc
  .array(piece, { maxLength: 6 })
  .map((pieces) => pieces.join('').replaceAll('\0', '').toWellFormed());

describe('quoting for a remote shell', () => {
  it('lets a real shell see exactly the arguments, whatever they contain', () => {
    fc.assert(
      fc.property(fc.array(argument, { minLength: 1, maxLength: 5 }), (argv) => {
        const line = quoteCommand(['printf', '%s\\0', ...argv]);
        const seen = execFileSync('sh', ['-c', line]).toString('utf8').split('\0').slice(0, -1);
        expect(seen).toEqual(argv);
      }),
      { numRuns: 200 },
    );
  });

  it('refuses what no argument can carry', () => {
    expect(() => quoteCommand(['a\0b'])).toThrow('NUL');
    expect(() => quoteCommand([])).toThrow('name');
  });
});
