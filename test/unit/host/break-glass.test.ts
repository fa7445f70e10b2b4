import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gatePath, unitsOf } from '../../../electron/host/install/server-paths.ts';

const document = readFileSync(join(import.meta.dirname, '../../../docs/failover.md'), 'utf8');

test('the commands for running an engine by hand name what the installation has put in place', () => {
  const section = document.split('## Break glass')[1]!.split('\n## ')[0]!;
  const [other, here] = section.split('\n2. ') as [string, string];
  const { agent, guards } = unitsOf('WK1');
  expect(here).toContain(`systemctl disable --now ${agent}`);
  expect(here).toContain(`systemctl disable --now ${guards.join(' ')}`);
  expect(here).toContain(`rm ${gatePath('iguanax-WK1.service')}`);
  expect(other).toContain(`systemctl disable --now ${agent}`);
  // There they go on holding the engine down.
  expect(other).not.toContain('guard-1');
});
