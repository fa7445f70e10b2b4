import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import {
  workstationStanding,
  type WorkstationStanding,
} from '../../../shared/workstations/workstation-standing.ts';
import type { WorkstationView } from '../../../shared/workstations/workstations-view.ts';
import { writeNewFile } from '../write-new-file.ts';
import { inviteWorkstation } from '../workstations/invite-workstation.ts';
import { joinSite, type Joined } from '../workstations/join-site.ts';
import { workstationsOf } from '../workstations/workstations-of-profile.ts';
import type { SiteCommand } from './commands.ts';
import type { Terminal } from './ask-at-terminal.ts';
import { passphraseOf } from './passphrase.ts';

type WorkstationCommand = Extract<SiteCommand, { verb: 'invite' | 'join' | 'workstations' }>;

export function isWorkstationVerb(command: SiteCommand): command is WorkstationCommand {
  return command.verb === 'invite' || command.verb === 'join' || command.verb === 'workstations';
}

/** Invites a workstation, joins by an invitation or a kit, or lists who was invited; lines for the person. */
export function carryOutWorkstationVerb(
  command: WorkstationCommand,
  terminal: Terminal | undefined,
  wallTime: string,
): Promise<Result<string[], ProductError[]>> {
  switch (command.verb) {
    case 'invite':
      return invite(command, terminal, wallTime);
    case 'join':
      return join(command, terminal, wallTime);
    case 'workstations':
      return list(command.file, wallTime);
  }
}

async function invite(
  { file: directory, name, role, days, out, passphraseFile }: Extract<SiteCommand, { verb: 'invite' }>,
  terminal: Terminal | undefined,
  wallTime: string,
): Promise<Result<string[], ProductError[]>> {
  const asked = { file: passphraseFile, terminal, of: 'invitation', isNew: true };
  const passphrase = await passphraseOf(asked);
  if (!passphrase.ok) return fail([passphrase.error]);
  const order = { invitation: { name, role, days }, passphrase: passphrase.value };
  const made = await inviteWorkstation(directory, order, wallTime);
  if (!made.ok) return fail([made.error]);
  const written = await writeNewFile(out, made.value.text, new AbortController().signal);
  if (!written.ok) {
    const said = `The invitation could not be written to ${out}.`;
    const next = `Revoke ${name}, then invite again with a file that does not exist yet, in a folder with room.`;
    return fail([productError('request.invalid', said, [written.error], next)]);
  }
  return succeed([
    `The invitation of ${name} (${role}) is in ${out}.`,
    'Hand the file and its passphrase over on two different ways. Whoever has both can do what this role may.',
    `There: npm run site -- join ${out} --profile DIR, or "Open a site" on the screen.`,
  ]);
}

const joinedWords: Record<Joined['role'], string> = {
  viewer: 'It may look.',
  operator: 'It may look, switch over, and hold clusters still.',
  admin: 'It may do everything that agents are asked for; works on servers need a recovery kit.',
};

async function join(
  { file, profile, passphraseFile }: Extract<SiteCommand, { verb: 'join' }>,
  terminal: Terminal | undefined,
  wallTime: string,
): Promise<Result<string[], ProductError[]>> {
  const asked = { file: passphraseFile, terminal, of: 'invitation', isNew: false };
  const passphrase = await passphraseOf(asked);
  if (!passphrase.ok) return fail([passphrase.error]);
  const joined = await joinSite(file, profile, passphrase.value, wallTime);
  if (!joined.ok) return fail([joined.error]);
  const { name, role, by } = joined.value;
  return succeed([
    `The profile of ${name} is in ${profile}.`,
    by === 'kit' ? 'It administers the site as the workstation that has made the kit.' : joinedWords[role],
    `Open it: npm start -- --profile ${profile}`,
  ]);
}

async function list(directory: string, wallTime: string): Promise<Result<string[], ProductError[]>> {
  const view = await workstationsOf(directory, wallTime);
  if (!view.ok) return fail([view.error]);
  return succeed(view.value.workstations.map((one) => workstationLine(one, Date.parse(wallTime))));
}

const standingWords: Record<WorkstationStanding, (one: WorkstationView) => string> = {
  good: ({ ends }) => `until ${ends.slice(0, 10)}`,
  ending: ({ ends }) => `until ${ends.slice(0, 10)}, which is soon`,
  ended: ({ ends }) => `ended on ${ends.slice(0, 10)}`,
  revoked: ({ revoked }) => `revoked on ${revoked!.slice(0, 10)}`,
};

/** Pure. */
export function workstationLine(one: WorkstationView, nowMs: number): string {
  const who = one.own ? 'this workstation' : `invited ${one.issued.slice(0, 10)} by ${one.by}`;
  const standing = standingWords[workstationStanding(one, nowMs)](one);
  return `${one.name}: ${one.role}, ${standing} (${who})`;
}
