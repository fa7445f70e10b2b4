import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { wordedText } from '../../../../electron/host/support/bundle-of-site.ts';
import { wordsOf } from '../../../../shared/support/allowed-text.ts';

/**
 * Goal: only words of the product's own programs may leave a server. Method: a bundle of files with one word each.
 */
let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'ixha-worded-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('takes the words of services and commands, and none of the mail library or the runtime', async () => {
  const words = {
    node: 'runtime',
    'ixha.cjs': 'services',
    'ixha-commands.cjs': 'commands',
    'ixha-notify.cjs': 'library',
    'scripts/guard.sh': 'script',
  };
  const files = Object.entries(words).map(([path, word]) => {
    const file = join(folder, path.replace('/', '-'));
    writeFileSync(file, word);
    return { path, file };
  });
  expect([...wordsOf(await wordedText(files))].sort()).toEqual(['commands', 'services']);
});
