// The demo sites of this user that run on this machine. Plain Node ≥ 20.19; the folder is written by
// electron/host/demo/demo-pointer.ts.
import { lstatSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * @typedef {{ profile: string, url: string, token: string }} RunningDemo `profile`: its console profile folder
 * @returns {RunningDemo[]} the one started last first
 */
export function runningDemos() {
  const folder = join(tmpdir(), `ixha-demo-of-${userInfo().uid}`);
  if (!isOurs(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.demo'))
    .map((name) => ({ path: join(folder, name), since: startedAt(join(folder, name)) }))
    .sort((one, other) => other.since - one.since)
    .flatMap(({ path }) => readDemo(readText(path)?.trim() ?? '') ?? []);
}

/**
 * The demo of a profile folder.
 * @param {string} profile
 */
export function demoOfProfile(profile) {
  return readDemo(join(profile, 'demo.json'));
}

/** @returns {RunningDemo | undefined} */
function readDemo(controlFile) {
  try {
    const { url, token, supervisorPid, supervisorStartTime } = JSON.parse(readFileSync(controlFile, 'utf8'));
    if (startTimeOf(supervisorPid) !== supervisorStartTime) return undefined;
    return { profile: dirname(controlFile), url, token };
  } catch {
    return undefined; // Gone or damaged: no demo runs there.
  }
}

/** What somebody else placed there must not be followed. */
function isOurs(folder) {
  try {
    const { uid, mode } = lstatSync(folder);
    return uid === userInfo().uid && (mode & 0o170077) === 0o040000;
  } catch {
    return false;
  }
}

function startedAt(path) {
  try {
    return lstatSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

/** Clock ticks after boot, so that a process number given to somebody else is noticed. */
function startTimeOf(pid) {
  const stat = readText(`/proc/${pid}/stat`) ?? '';
  return stat.slice(stat.lastIndexOf(') ') + 2).split(' ')[19];
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
