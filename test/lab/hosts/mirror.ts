import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Debian archive named by apt source files (one-line or deb822 style); undefined when none names it. */
export function mirrorIn(sources: readonly string[]): string | undefined {
  for (const line of sources.flatMap((text) => text.split('\n'))) {
    const words = line.trim().split(/\s+/);
    const candidates = words[0] === 'URIs:' || words[0] === 'deb' ? words.slice(1) : [];
    const archive = candidates.find((word) => /^https?:\/\/\S+\/debian\/?$/.test(word));
    if (archive) return archive.replace(/\/$/, '');
  }
  return undefined;
}

/** The archive that this machine itself installs from; `LAB_MIRROR` overrides it. */
export function machineMirror(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  return environment.LAB_MIRROR ?? mirrorIn(aptSources('/etc/apt'));
}

function aptSources(folder: string): string[] {
  const parts = join(folder, 'sources.list.d');
  const files = [join(folder, 'sources.list'), ...list(parts).map((name) => join(parts, name))];
  return files.flatMap((file) => {
    try {
      return [readFileSync(file, 'utf8')];
    } catch {
      return [];
    }
  });
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /\.(list|sources)$/.test(name));
  } catch {
    return [];
  }
}
