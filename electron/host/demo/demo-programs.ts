import { existsSync } from 'node:fs';

/** Files that the demo starts. All programs are single bundles that need only Node. */
export interface DemoPrograms {
  readonly agent: string;
  readonly engine: string;
  readonly demoServer: string;
  readonly network: string;
  readonly balancer: string;
  readonly traffic: string;
}

/** Where to find what runs: the same for every process of the demo. */
export interface DemoRuntime {
  readonly nodePath: string;
  readonly programs: DemoPrograms;
  /** Folder with `guard.sh`, `gate.sh` and `storage.sh`. */
  readonly scriptsDirectory: string;
}

/** What is missing on this machine for a demo, as sentences; empty when it can run. */
export function missingForDemo(runtime: DemoRuntime, platform: NodeJS.Platform): string[] {
  if (platform !== 'linux' || !existsSync('/proc/uptime')) {
    return [
      'The demo needs Linux: its guards read the boot-time clock from /proc. A real site can be managed from here.',
    ];
  }
  const files = [
    runtime.nodePath,
    ...Object.values(runtime.programs as unknown as Record<string, string>),
    ...['guard.sh', 'gate.sh', 'storage.sh', 'standby.sh', 'holders.sh', 'engine-log.sh'].map(
      (name) => `${runtime.scriptsDirectory}/${name}`,
    ),
    '/bin/bash',
  ];
  return files.filter((file) => !existsSync(file)).map((file) => `${file} is missing.`);
}
