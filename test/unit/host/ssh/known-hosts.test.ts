import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { knownKeys, parseKnownHosts } from '../../../../electron/host/ssh/known-hosts.ts';

/**
 * Goal: a known_hosts file says here what it says to OpenSSH. Method: samples of every form, files that
 * ssh-keygen itself has hashed, and anything at all as input.
 */
const blob = 'AAAAC3NzaC1lZDI1NTE5AAAAIKslPuSZYV+byk5ysl8Nkb56ka6CnnCDW9cOlnEfw7Qq';
const key = `ssh-ed25519 ${blob}`;
// What ssh-keygen -lf said of this key.
const fingerprint = 'SHA256:NjCCTc1ZUOJL2IL2lFpz3EvW4Q/hhYGfnJd+TE11yxo';

function found(text: string, name: string, port = 22): boolean {
  return knownKeys(parseKnownHosts(text), [name], port).keys.some((one) => one.fingerprint === fingerprint);
}

describe('a known_hosts file', () => {
  it.each([
    ['a plain name', `ig-north ${key}`, 'ig-north', 22, true],
    ['a name in capitals', `ig-north ${key}`, 'IG-North', 22, true],
    ['one of several names', `a,10.0.0.7,b ${key} with a comment`, '10.0.0.7', 22, true],
    ['another port', `[ig-north]:2222 ${key}`, 'ig-north', 2222, true],
    ['only another port', `[ig-north]:2222 ${key}`, 'ig-north', 22, false],
    ['only the standard port', `ig-north ${key}`, 'ig-north', 2222, false],
    ['a pattern', `*.example,ig-?orth ${key}`, 'ig-north', 22, true],
    ['a pattern that is longer', `ig-north? ${key}`, 'ig-north', 22, false],
    ['a pattern with its exception after it', `*,!ig-north ${key}`, 'ig-north', 22, false],
    ['a pattern with its exception before it', `!ig-*,* ${key}`, 'ig-north', 22, false],
    ['a pattern with another exception', `*,!ig-south ${key}`, 'ig-north', 22, true],
    ['tabs between the words', `ig-north\tssh-ed25519\t${blob}`, 'ig-north', 22, true],
    ['an end of line of Windows', `ig-north ${key}\r`, 'ig-north', 22, true],
  ] as const)('is understood with %s', (_what, text, name, port, expected) => {
    expect(parseKnownHosts(text).malformed).toEqual([]);
    expect(found(text, name, port)).toBe(expected);
  });

  it('is understood after ssh-keygen has hashed its names', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ixha-known-'));
    try {
      const file = join(folder, 'known_hosts');
      writeFileSync(file, `ig-north ${key}\n[10.0.0.7]:2222 ${key}\n`);
      execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'pipe' });
      const text = readFileSync(file, 'utf8');
      expect(text).not.toContain('ig-north');
      expect([found(text, 'ig-north'), found(text, '10.0.0.7', 2222)]).toEqual([true, true]);
      expect([found(text, 'ig-south'), found(text, '10.0.0.7')]).toEqual([false, false]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('tells revoked keys and authorities apart from keys to trust', () => {
    const text = `@revoked * ${key}\n@cert-authority *.example ${key}\nig-north ${key}`;
    expect(knownKeys(parseKnownHosts(text), ['a.example'], 22)).toEqual({
      keys: [],
      revoked: [fingerprint],
      authorityLines: [2],
    });
  });

  it('is looked up by every name a server has', () => {
    const known = parseKnownHosts(`ig-north ${key}\n10.0.0.7 ${key}`);
    expect(knownKeys(known, ['10.0.0.7', 'ig-north'], 22).keys).toEqual([
      { keyType: 'ssh-ed25519', fingerprint },
    ]);
  });

  it.each([
    ['half a line', 'ig-north ssh-ed25519'],
    ['a key that is not base64', 'ig-north ssh-ed25519 $$$$'],
    ['a key of another type than named', `ig-north ssh-rsa ${blob}`],
    ['a key that is cut off', 'ig-north ssh-ed25519 AAAA'],
    ['a marker nobody knows', `@trusted ig-north ${key}`],
    ['a hashed name of another version', `|2|AAAA|AAAA ${key}`],
    ['a hashed name that is cut off', `|1|AAAA ${key}`],
    ['a key of protocol 1', 'ig-north 1024 35 1234567890'],
    ['no name', `, ${key}`],
    ['a line without end', `ig-north ${key} ${'x'.repeat(70_000)}`],
  ])('names the line that has %s and goes on', (_what, line) => {
    const known = parseKnownHosts(`# a comment\n${line}\n\nig-south ${key}\n`);
    expect(known.malformed).toMatchObject([{ line: 2 }]);
    expect(known.entries.map((entry) => entry.line)).toEqual([4]);
  });
});

describe('anything as known_hosts', () => {
  const word = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom('@revoked', '@cert-authority', '|1|', 'ssh-ed25519', blob, '*', '!*', '[a]:1', '#', ','),
  );
  const line = fc.array(word, { maxLength: 6 }).map((words) => words.join(' '));

  it('is read without an exception, every line counted once', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        const text = lines.join('\n');
        const known = parseKnownHosts(text);
        const told = [...known.entries, ...known.malformed].map((one) => one.line);
        const worded = text.split('\n').flatMap((one, index) => {
          const trimmed = one.trim();
          return trimmed === '' || trimmed.startsWith('#') ? [] : [index + 1];
        });
        expect(told.toSorted((a, b) => a - b)).toEqual(worded);
        knownKeys(known, ['ig-north', ''], 22);
      }),
      { numRuns: 500 },
    );
  });

  it('gives a key only where a plain line holds that very key', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        const text = lines.join('\n');
        if (found(text, 'ig-north')) expect(text).toContain(blob);
      }),
      { numRuns: 500 },
    );
  });

  it('matches the most expensive pattern in no time', () => {
    const text = `${'*a'.repeat(10_000)}b ${key}`;
    expect(found(text, 'a'.repeat(200))).toBe(false);
  });
});
