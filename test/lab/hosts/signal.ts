/**
 * Sends a signal to a process that may end at any moment by itself. Answers false when it is gone: between
 * reading its number and using it there is always time enough for that.
 */
export function signalIfThere(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/**
 * Signals every process that `list` names. A freeze is repeated until no new one shows up, since one that is
 * not frozen yet may start others; other signals are sent once, since what starts afterwards is not meant.
 * Answers how many processes were reached.
 */
export function signalAll(list: () => readonly number[], signal: NodeJS.Signals): number {
  const reached = new Set<number>();
  const rounds = signal === 'SIGSTOP' ? mostRounds : 1;
  for (let round = 0; round < rounds; round += 1) {
    const fresh = list().filter((pid) => !reached.has(pid));
    if (fresh.length === 0) break;
    for (const pid of fresh) if (signalIfThere(pid, signal)) reached.add(pid);
  }
  return reached.size;
}

const mostRounds = 20;
