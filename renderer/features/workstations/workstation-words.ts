import type { ConsoleRole } from '../../../shared/site/identity.ts';

export const roleWords: Record<ConsoleRole, string> = {
  viewer: 'Viewer',
  operator: 'Operator',
  admin: 'Administrator',
};

/** What a role may do, as a sentence. */
export const roleMeaning: Record<ConsoleRole, string> = {
  viewer: 'Looks at everything, and changes nothing.',
  operator: 'Switches over, holds a cluster still and acknowledges; forces nothing.',
  admin: 'Also forces a takeover and takes members back. Works on servers need a recovery kit.',
};
