import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { parseJson } from '../../../shared/parse-json.ts';
import type { Begun } from '../../../shared/setup/setup-view.ts';
import { removalStep } from '../install/take-off.ts';
import { transcriptName } from '../install/transcript.ts';
import { readTouched } from '../install/touched-servers.ts';
import { installedSite } from '../install/site-change.ts';

const Line = z.object({
  at: z.string(),
  server: z.string(),
  step: z.string(),
  state: z.enum(['started', 'ok', 'failed']),
  changed: z.optional(z.boolean()),
});

/**
 * A first installation that was begun from this profile folder and has not come to its end; null: there is none. By the
 * note and the transcript of this workstation: what really lies on the servers is looked at when something is done.
 */
export async function begunInstallation(profileDirectory: string): Promise<Begun | null> {
  const { servers } = await readTouched(profileDirectory);
  if (servers.length === 0) return null;
  const installed = await installedSite(profileDirectory);
  if (!installed.ok || installed.value !== null) return null;
  const text = await readFile(join(profileDirectory, transcriptName), 'utf8').catch(() => '');
  const lines = text.split('\n').flatMap((line) => {
    const read = z.safeParse(Line, parseJson(line));
    return read.success ? [read.data] : [];
  });
  return {
    at: lines.at(-1)?.at ?? null,
    servers: servers.map(({ id, name }) => {
      // A removal takes off everything that was placed before it.
      const removed = lines.findLastIndex(
        ({ server, step, state }) => server === id && step === removalStep && state === 'ok',
      );
      const own = lines.slice(removed + 1).filter(({ server }) => server === id);
      const last = own.at(-1);
      const placed = own.filter(({ state, changed }) => state === 'ok' && changed === true);
      return {
        server: id,
        name,
        placed: [...new Set(placed.map(({ step }) => step))],
        stoppedAt: last === undefined || last.state === 'ok' ? null : last.step,
      };
    }),
  };
}
