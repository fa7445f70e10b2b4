// Builds every program of the product into dist/. Plain Node; needs `npm ci` first.
// Usage: node scripts/build.mjs [--only agent,demo,host,electron,renderer]
import { existsSync, mkdirSync, cpSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as bundle } from 'esbuild';
import { build as buildPage } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const onlyFlag = process.argv.indexOf('--only');
const only = onlyFlag > 0 ? process.argv[onlyFlag + 1].split(',') : undefined;

/** Programs: [group, entry, output]. Each becomes one file that needs nothing beside Node. */
const programs = [
  ['agent', 'agent/main.ts', 'agent/ixha.cjs'],
  ['demo', 'electron/demo/engine/main.ts', 'demo/standin-engine.cjs'],
  ['demo', 'electron/demo/server/main.ts', 'demo/demo-server.cjs'],
  ['demo', 'electron/demo/network/main.ts', 'demo/demo-network.cjs'],
  ['demo', 'electron/demo/balancer/main.ts', 'demo/demo-balancer.cjs'],
  ['demo', 'electron/demo/traffic/main.ts', 'demo/traffic.cjs'],
  ['host', 'electron/browser-shell/main.ts', 'host/browser-shell.cjs'],
  ['host', 'electron/host/site-command/main.ts', 'host/site.cjs'],
  ['electron', 'electron/shell/main.ts', 'electron/main.cjs'],
  ['electron', 'electron/shell/preload.ts', 'electron/preload.cjs'],
];

const started = performance.now();
const wanted = (group) => !only || only.includes(group);
for (const group of new Set(programs.map(([name]) => name))) {
  if (wanted(group)) rmSync(join(root, 'dist', group), { recursive: true, force: true });
}
await Promise.all(
  programs
    .filter(([group, entry]) => wanted(group) && existsSync(join(root, entry)))
    .map(([, entry, output]) =>
      bundle({
        absWorkingDir: root,
        entryPoints: [entry],
        outfile: join('dist', output),
        bundle: true,
        platform: 'node',
        target: 'node24',
        format: 'cjs',
        sourcemap: 'linked',
        external: ['electron', 'cpu-features', '*.node'],
        logLevel: 'warning',
        legalComments: 'none',
        define: { 'import.meta.url': 'undefined' },
      }),
    ),
);
if (wanted('agent')) {
  const scripts = join(root, 'resources/agent');
  mkdirSync(join(root, 'dist/agent'), { recursive: true });
  if (existsSync(scripts)) cpSync(scripts, join(root, 'dist/agent/scripts'), { recursive: true });
}
if (wanted('renderer') && existsSync(join(root, 'renderer/vite.config.ts'))) {
  await buildPage({ configFile: join(root, 'renderer/vite.config.ts'), logLevel: 'warn' });
}
console.log(`built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
