// Finds the Electron runtime, or fetches it once within bounds. It is not in the package registry: `npm ci` brings
// only the package that names it, and many hospital networks let nothing else through.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const dayMs = 24 * 60 * 60 * 1000;
/** A download that brings nothing for this long is given up. */
export const stallMs = 20_000;

const programs = { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' };

/** Path of the runtime's program, or undefined. `ELECTRON_OVERRIDE_DIST_PATH` names a folder that has one. */
export function findRuntime(projectFolder, env, platform) {
  const folder = env.ELECTRON_OVERRIDE_DIST_PATH ?? join(projectFolder, 'node_modules/electron/dist');
  const path = join(folder, programs[platform] ?? 'electron');
  return existsSync(path) ? path : undefined;
}

/**
 * Which window the console gets, before any download.
 * @param {{ runtime: string | undefined, mainBuilt: boolean, hasDisplay: boolean, isRoot: boolean,
 *   forced: 'electron' | 'browser' | undefined, lastFailure: { at: string, reason: string } | undefined,
 *   now: number }} facts
 * @returns {{ kind: 'electron', path: string } | { kind: 'fetch' } | { kind: 'browser', because: string }}
 */
export function chooseWindow(facts) {
  if (facts.forced === 'browser') return browser('asked for');
  if (!facts.mainBuilt) return browser('this version has no desktop window');
  if (!facts.hasDisplay) return browser('this session has no display');
  if (facts.isRoot) return browser('Electron keeps its sandbox, and that does not work as root');
  if (facts.runtime) return { kind: 'electron', path: facts.runtime };
  const recent = facts.lastFailure && facts.now - Date.parse(facts.lastFailure.at) < dayMs;
  if (recent && facts.forced !== 'electron') {
    return browser(
      `no Electron runtime here (${facts.lastFailure?.reason}; "npm start -- --electron" tries again)`,
    );
  }
  return { kind: 'fetch' };
}

/** @returns {{ kind: 'browser', because: string }} */
function browser(because) {
  return { kind: 'browser', because };
}

/** Folder for what may be lost: the note about the last attempt. */
export function cacheFolder(env, platform) {
  if (platform === 'win32' && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'iguanax-ha-console');
  if (platform === 'darwin') return join(homedir(), 'Library/Caches/iguanax-ha-console');
  return join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'iguanax-ha-console');
}

/** @returns {{ version: string, at: string, reason: string } | undefined} */
export function readLastFailure(folder, version) {
  try {
    const note = JSON.parse(readFileSync(join(folder, 'electron-fetch.json'), 'utf8'));
    return note.version === version && Number.isFinite(Date.parse(note.at)) ? note : undefined;
  } catch {
    return undefined; // No note, or a damaged one: try.
  }
}

/** Remembers a failed attempt; a cache that cannot be written only means that the next start tries again. */
export function rememberFailure(folder, version, reason, now) {
  const path = join(folder, 'electron-fetch.json');
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${JSON.stringify({ version, at: new Date(now).toISOString(), reason })}\n`);
  } catch (error) {
    return `the result could not be remembered (${error.code})`;
  }
  return undefined;
}

/**
 * Runs the download in a child process and gives it up when nothing arrives for `stallMs`.
 * @returns {Promise<{ ok: true } | { ok: false, reason: string }>}
 */
export async function fetchRuntime({ children, progress, node, env, projectFolder, limitMs = stallMs }) {
  let state = 'connecting';
  let lastLine = '';
  const stall = new AbortController();
  let timer = setTimeout(() => stall.abort(), limitMs);
  const end = progress.begin('window', () => `fetching the Electron runtime, ${state}`);
  const ending = await children.run(node, [join(projectFolder, 'scripts/fetch-electron.mjs')], {
    env,
    abort: stall.signal,
    onOutput: (chunk) => {
      lastLine = String(chunk).trim().split('\n').at(-1) ?? '';
      const received = /^received (.+)$/.exec(lastLine);
      if (!received) return;
      state = received[1];
      clearTimeout(timer);
      timer = setTimeout(() => stall.abort(), limitMs);
    },
  });
  clearTimeout(timer);
  const ok = ending.code === 0;
  const reason = stall.signal.aborted ? `nothing arrived for ${limitMs / 1000} s` : shortReason(lastLine);
  end(ok ? 'Electron runtime fetched' : `no Electron runtime could be fetched: ${reason}`);
  return ok ? { ok } : { ok: false, reason };
}

/** The one word that matters of a network error; the address it names is no use to the reader. */
export function shortReason(line) {
  const code =
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOSPC|EACCES)\b/.exec(
      line,
    );
  if (code) return code[1];
  const status = /\b(40[0-9]|50[0-9])\b/.exec(line);
  if (status) return `answer ${status[1]}`;
  return /fetch failed/i.test(line) || line === '' ? 'no connection' : line.slice(0, 100);
}
