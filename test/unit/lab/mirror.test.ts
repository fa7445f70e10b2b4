import { describe, expect, it } from 'vitest';
import { mirrorIn } from '../../lab/hosts/mirror.ts';

describe('the Debian archive of this machine', () => {
  it('is read from a deb822 source that is not the security archive', () => {
    const sources = [
      'Types: deb\nURIs: http://archive.example/debian-security\nSuites: bookworm-security\n',
      'Types: deb\n# a note\nURIs: http://archive.example/debian\nSuites: bookworm\n',
    ];
    expect(mirrorIn(sources)).toBe('http://archive.example/debian');
  });

  it('is read from a one-line source with options', () => {
    const source = 'deb [signed-by=/usr/share/keyrings/k.gpg] https://archive.example/debian/ bookworm main';
    expect(mirrorIn([source])).toBe('https://archive.example/debian');
  });

  it('is not taken from other vendors, comments or source packages', () => {
    const sources = [
      'deb https://packages.example/apt stable main\n# deb http://archive.example/debian bookworm main',
      'deb-src http://archive.example/debian bookworm main',
    ];
    expect(mirrorIn(sources)).toBeUndefined();
  });
});
