import type { Blocker } from '../agent-api/member-snapshot.ts';
import type { ConsoleRole } from '../site/identity.ts';

/** Who asks for a change, and whether the console can pass it on. */
export interface Asker {
  readonly role: ConsoleRole;
  readonly connected: boolean;
}

/** Why this person or this console can change nothing now, each with its way out. */
export function askerBlockers(asker: Asker): Blocker[] {
  const found: Blocker[] = [];
  if (!asker.connected) {
    const remedy = 'Wait until it is back, then look again.';
    found.push({ code: 'console.disconnected', reason: 'The console host does not answer.', remedy });
  }
  if (asker.role === 'viewer') {
    const remedy = 'Ask an administrator of the site for another role.';
    found.push({ code: 'command.forbidden', reason: 'You may only look.', remedy });
  }
  return found;
}

/** The same for what only administrators may ask. */
export function administratorBlockers(asker: Asker): Blocker[] {
  const found = askerBlockers(asker);
  if (asker.role === 'operator') {
    const reason = 'You are operator; this is for administrators.';
    found.push({ code: 'command.forbidden', reason, remedy: 'Ask an administrator of the site.' });
  }
  return found;
}
