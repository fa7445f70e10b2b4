// Process groups: whether anybody in one still lives, and signals to all of it.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

const windows = process.platform === 'win32';

/**
 * @param {import('node:child_process').ChildProcess} leader started with `detached`, so its number is the group's
 */
export function groupLives(leader) {
  if (!leader.pid) return false;
  const leaderLives = leader.exitCode === null && leader.signalCode === null;
  if (windows || leaderLives) return leaderLives;
  if (!canBeSignalled(leader.pid)) return false;
  // A dead process that its parent has not read yet still counts for kill(2); in a container nobody may ever read it.
  return process.platform !== 'linux' || hasLivingMember(leader.pid);
}

/** Sends a signal to every process of the group; a group that is gone is fine. */
export function signalGroup(leader, signal) {
  if (!leader.pid) return;
  if (windows) {
    spawnSync('taskkill', ['/pid', String(leader.pid), '/t', '/f'], { windowsHide: true });
    return;
  }
  try {
    process.kill(-leader.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

function canBeSignalled(group) {
  try {
    return process.kill(-group, 0);
  } catch (error) {
    // Not permitted means that somebody is there; no such process means that nobody is.
    return error.code === 'EPERM';
  }
}

function hasLivingMember(group) {
  return readdirSync('/proc').some((name) => /^\d+$/.test(name) && isLivingMember(name, group));
}

function isLivingMember(pid, group) {
  const stat = readStat(pid);
  // `pid (name, which may hold anything) state parent group …`
  const [state, , processGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(processGroup) === group && state !== 'Z' && state !== 'X';
}

function readStat(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return ''; // It ended while we looked.
  }
}
