import { lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { readProcess } from '../../demo/server/process-table.ts';

export const demoFolderPrefix = 'ixha-demo-';

/** `<profile>/demo.json`: how the command line reaches a running demo, and whose it is. */
export const DemoControlFile = z.object({
  url: z.string(),
  token: z.string(),
  supervisorPid: z.int(),
  /** Tells the supervisor's pid from its next owner. */
  supervisorStartTime: z.string(),
});
export type DemoControlFile = z.infer<typeof DemoControlFile>;

/**
 * Removes folders of this user's demos whose supervisor was killed before it could. A folder without a
 * control file may be of a demo that is just starting and is left alone.
 */
export function removeOldDemos(base: string): void {
  for (const name of readdirSync(base).filter((entry) => entry.startsWith(demoFolderPrefix))) {
    const folder = join(base, name);
    try {
      if (lstatSync(folder).uid !== process.getuid?.()) continue;
      const text = readFileSync(join(folder, 'profile', 'demo.json'), 'utf8');
      const { supervisorPid, supervisorStartTime } = DemoControlFile.parse(JSON.parse(text));
      if (readProcess(supervisorPid)?.startTime === supervisorStartTime) continue;
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Not a demo's folder, or already on its way out: not ours to touch.
    }
  }
}
