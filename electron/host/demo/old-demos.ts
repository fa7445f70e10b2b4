import { lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { readProcess } from '../../demo/server/process-table.ts';

export const demoFolderPrefix = 'ixha-demo-';

const supervisor = {
  supervisorPid: z.int(),
  /** Tells the supervisor's pid from its next owner. */
  supervisorStartTime: z.string(),
};

/** `<demo folder>/owner.json`: whose the folder is, from its first moment on. */
const OwnerFile = z.object(supervisor);
export type OwnerFile = z.infer<typeof OwnerFile>;

/** `<profile>/demo.json`: how the command line reaches a running demo, and whose it is. */
const DemoControlFile = z.object({ url: z.string(), token: z.string(), ...supervisor });
export type DemoControlFile = z.infer<typeof DemoControlFile>;

/** This process as the owner of a demo. */
export function thisOwner(): OwnerFile {
  return {
    supervisorPid: process.pid,
    supervisorStartTime: readProcess(process.pid)?.startTime ?? '',
  };
}

/** Marks a new demo folder as this process's own. */
export function writeOwner(folder: string): void {
  writeFileSync(join(folder, ownerName), `${JSON.stringify(thisOwner())}\n`, { mode: 0o600 });
}

/** Whether the demo of this control file is still running. */
export function readControlFile(path: string): { readonly lives: boolean } {
  try {
    return { lives: lives(DemoControlFile.parse(JSON.parse(readFileSync(path, 'utf8')))) };
  } catch {
    return { lives: false };
  }
}

/**
 * Removes folders of this user's demos whose supervisor was killed before it could. A folder that does not
 * say whose it is is left alone: it is of a demo that is just starting, or not a demo's at all.
 */
export function removeOldDemos(base: string): void {
  for (const name of readdirSync(base).filter((entry) => entry.startsWith(demoFolderPrefix))) {
    const folder = join(base, name);
    try {
      if (lstatSync(folder).uid !== process.getuid?.()) continue;
      const text = readFileSync(join(folder, ownerName), 'utf8');
      if (!lives(OwnerFile.parse(JSON.parse(text)))) rmSync(folder, { recursive: true, force: true });
    } catch {
      // Not a demo's folder, or already on its way out: not ours to touch.
    }
  }
}

const ownerName = 'owner.json';

function lives({ supervisorPid, supervisorStartTime }: OwnerFile): boolean {
  return readProcess(supervisorPid)?.startTime === supervisorStartTime;
}
