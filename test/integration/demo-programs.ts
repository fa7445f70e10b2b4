import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build, stop } from 'esbuild';
import type { DemoRuntime } from '../../electron/host/demo/demo-programs.ts';
import { node, root } from './demo-harness.ts';

/** Bundles the demo's programs and the agent into a folder, the way the product is built, and says where they are. */
export async function buildDemoRuntime(folder: string): Promise<DemoRuntime> {
  mkdirSync(folder, { recursive: true });
  const entries = {
    agent: 'agent/main.ts',
    'ixha-commands': 'agent/commands.ts',
    engine: 'electron/demo/engine/main.ts',
    demoServer: 'electron/demo/server/main.ts',
    network: 'electron/demo/network/main.ts',
    balancer: 'electron/demo/balancer/main.ts',
    traffic: 'electron/demo/traffic/main.ts',
  };
  await build({
    absWorkingDir: root,
    entryPoints: entries,
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    logLevel: 'error',
    external: ['*.node'],
    define: { 'import.meta.url': 'undefined' },
  });
  // Tests count the processes below them: the bundler's own shall not be among these.
  await stop();
  const at = (name: keyof typeof entries) => join(folder, `${name}.cjs`);
  return {
    nodePath: node,
    programs: {
      agent: at('agent'),
      engine: at('engine'),
      demoServer: at('demoServer'),
      network: at('network'),
      balancer: at('balancer'),
      traffic: at('traffic'),
    },
    scriptsDirectory: join(root, 'resources/agent'),
  };
}
