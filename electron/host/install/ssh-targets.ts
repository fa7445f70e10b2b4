import { readFile } from 'node:fs/promises';
import { productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import type { Server } from '../../../shared/site/site-document.ts';
import { readPinnedKey } from '../ssh/host-key.ts';
import type { AnswerQuestion, Privilege, SshPlace, SshTarget } from '../ssh/server-connection.ts';
import type { JumpHost, ServerAccess, SiteAccess } from './server-access.ts';

/** What this workstation and the person before it add to the ways that are written down. */
export interface SignInHelp {
  readonly sshAgentSocket?: string | undefined;
  readonly answer?: AnswerQuestion | undefined;
}

/** Turns a server and its access entry into an SSH target; keys and passwords are read from their files. */
export async function sshTarget(
  server: Server,
  ways: SiteAccess,
  help: SignInHelp,
): Promise<Result<SshTarget, ProductError>> {
  const access = ways.access[server.id]!;
  const place = await sshPlace(server.name, server.address, access, ways, help);
  if (!place.ok) return place;
  const jump = access.jump === undefined ? undefined : ways.jumpHosts?.[access.jump];
  const over = jump && (await sshPlace(`jump host ${access.jump}`, jump.address, jump, ways, help));
  if (over && !over.ok) return over;
  const secret = await secretsOf(server.name, { sudo: access.sudoPasswordFile ?? access.passwordFile });
  if (!secret.ok) return secret;
  return succeed({
    ...place.value,
    privilege: privilegeOf(access.sudo, secret.value.sudo ?? ''),
    ...(over && { jump: over.value }),
  });
}

async function sshPlace(
  name: string,
  address: string,
  access: ServerAccess | JumpHost,
  { revokedHostKeys = [] }: SiteAccess,
  { sshAgentSocket, answer }: SignInHelp,
): Promise<Result<SshPlace, ProductError>> {
  const files = { passphrase: access.passphraseFile, password: access.passwordFile };
  const secrets = await secretsOf(name, { ...files, key: access.identityFile });
  if (!secrets.ok) return secrets;
  const { key, passphrase, password } = secrets.value;
  return succeed({
    name,
    address,
    port: access.port,
    user: access.user,
    pinned: [access.hostKey ?? []].flat().map(readPinnedKey),
    revoked: revokedHostKeys,
    legacyAlgorithms: access.legacyAlgorithms ?? [],
    ...(key !== undefined && { privateKey: { text: key, ...(passphrase !== undefined && { passphrase }) } }),
    ...(password !== undefined && { password }),
    ...(access.sshAgent === true && sshAgentSocket !== undefined && { sshAgent: sshAgentSocket }),
    ...(answer && { answer }),
  });
}

async function secretsOf<Name extends string>(
  server: string,
  files: Readonly<Record<Name, string | undefined>>,
): Promise<Result<Partial<Record<Name, string>>, ProductError>> {
  const secrets: Partial<Record<Name, string>> = {};
  try {
    for (const [name, file] of Object.entries(files) as [Name, string | undefined][]) {
      if (file !== undefined) secrets[name] = (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
    }
    return succeed(secrets);
  } catch (cause) {
    const said = `${server}: a key or password file cannot be read.`;
    return fail(productError('ssh.authentication', said, [(cause as Error).message]));
  }
}

function privilegeOf(sudo: ServerAccess['sudo'], password: string): Privilege {
  return sudo === 'password' ? { kind: 'password', password } : { kind: sudo };
}

/** The password of the engines' API from its file. Errors: site.missing. */
export async function readEnginePassword(file: string): Promise<Result<string, ProductError>> {
  try {
    return succeed((await readFile(file, 'utf8')).replace(/\r?\n$/, ''));
  } catch (cause) {
    const said = `The engine's password file ${file} cannot be read.`;
    return fail(productError('site.missing', said, [(cause as Error).message]));
  }
}
