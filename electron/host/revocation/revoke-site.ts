import { X509Certificate } from 'node:crypto';
import { formatProductError, productError, type ProductError } from '../../../shared/errors.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { identityOfSubjectAltName } from '../../../shared/site/identity.ts';
import {
  grownList,
  holdsAll,
  longestRevocationText,
  revocationBody,
  revocationsKind,
} from '../../../shared/site/revocation-list.ts';
import type { Revocation } from '../../../shared/site/revocation-list.ts';
import { agentEndpoints, type AgentEndpoint } from '../agent-links/agent-endpoint.ts';
import type { AskAgent } from '../agent-links/agent-requests.ts';
import { signText } from '../authority/signed-words.ts';
import { beginOfThoseFrom } from '../authority/site-authority.ts';
import { renewWithNewKey } from '../install/enrol-step.ts';
import type { InstallInputs } from '../install/prepare-site.ts';
import {
  consoleCredentials,
  loadOrCreateKeys,
  newConsole,
  saveKeys,
  type SiteKeys,
} from '../install/profile.ts';
import { statusOf } from '../install/verify.ts';
import { renewSite } from '../repair/renew-site.ts';
import { siteRefusal } from '../upgrade/installed-site.ts';
import { issuedWorkstations } from '../workstations/issued-workstations.ts';
import { upgradeLimits, type UpgradeLimits } from '../upgrade/upgrade-limits.ts';
import { handOut, listsOfAgents, type Handed } from './hand-out.ts';
import {
  keepAsideDamaged,
  keepRevocations,
  keptRevocations,
  type SignedRevocations,
} from './kept-revocations.ts';
import {
  consoleHolders,
  holderEntries,
  serialEntry,
  type RevokedHolder,
  type RevokeOrder,
} from './revoke-order.ts';

export interface RevokeChoice {
  readonly order: RevokeOrder;
  readonly why: string;
  /** Clusters whose agents are restarted although nobody could take over. */
  readonly unprotected: readonly string[];
}

export interface RevokeOutcome {
  /** Null: nothing was ever revoked. */
  readonly list: SignedRevocations | null;
  /** Entries that were not in any list before. */
  readonly added: number;
  readonly handed: readonly Handed[];
}

/** Two workstations that revoke at the same moment both end with what both have revoked. */
const rounds = 5;

/**
 * Revokes certificates in the whole site: first whoever goes on gets a new key and certificate, then the list with the
 * old ones is kept here, and handed to every agent. Errors: revocation.*, repair.refused, upgrade.*, ssh.*.
 */
export async function revokeInSite(
  inputs: InstallInputs,
  choice: RevokeChoice,
  limits: UpgradeLimits = upgradeLimits,
): Promise<Result<RevokeOutcome, ProductError[]>> {
  const { profileDirectory, document } = inputs;
  const refusal = await siteRefusal(inputs);
  if (refusal !== null) return fail([productError('revocation.refused', refusal)]);
  await keepAsideDamaged(profileDirectory, document.site.id);
  const entries = await entriesOf(inputs, choice, limits);
  if (!entries.ok) return entries;
  return withKeys(inputs, entries.value);
}

/** What revoking needs that reaches no server over SSH. */
export type RevokingInputs = Pick<InstallInputs, 'profileDirectory' | 'document' | 'createAsk'>;

/** Revokes all certificates of workstations of this name so far. Errors: revocation.*, kit.no-authority. */
export async function revokeWorkstation(
  inputs: RevokingInputs,
  { name, why }: { readonly name: string; readonly why: string },
): Promise<Result<RevokeOutcome, ProductError[]>> {
  await keepAsideDamaged(inputs.profileDirectory, inputs.document.site.id);
  const entries = await entriesOfConsole(inputs, { name, why });
  return entries.ok ? withKeys(inputs, entries.value) : fail([entries.error]);
}

/** The outcome for people, one line after the other. Pure. */
export function revocationLines({ list, added, handed }: RevokeOutcome): string[] {
  if (list === null) return ['Nothing was ever revoked in this site.'];
  const { number, revoked } = list.list;
  return [
    `Revocation list ${number}: ${revoked.length} in all, ${added} new.`,
    ...handed.map(({ endpoint: { name }, error }) =>
      error === null ? `${name}: has it` : `${name}: has it not yet. ${formatProductError(error)}`,
    ),
    ...(handed.some(({ error }) => error !== null)
      ? ['Whoever has it not gets it from the others when they reach one another.']
      : []),
  ];
}

async function withKeys(
  inputs: RevokingInputs,
  entries: readonly Revocation[],
): Promise<Result<RevokeOutcome, ProductError[]>> {
  const keys = await loadOrCreateKeys(inputs.profileDirectory, inputs.document.site.id);
  if (!keys.ok) return fail([keys.error]);
  return carryOut(inputs, keys.value, inputs.createAsk(consoleCredentials(keys.value)), entries);
}

async function carryOut(
  { profileDirectory, document: { site } }: RevokingInputs,
  { authority }: SiteKeys,
  ask: AskAgent,
  entries: readonly Revocation[],
): Promise<Result<RevokeOutcome, ProductError[]>> {
  const endpoints = agentEndpoints(site);
  let added = 0;
  for (let round = 1; ; round += 1) {
    const kept = await keptRevocations(profileDirectory, site.id, authority.certificatePem);
    if (!kept.ok) return fail([kept.error]);
    const seen = await listsOfAgents(ask, endpoints, site.id, authority.certificatePem);
    const known = [...(kept.value === null ? [] : [kept.value]), ...seen];
    if (round === 1) added = entries.filter((one) => isNew(one, known)).length;
    const grown = grownList(
      known.map(({ list }) => list),
      site.id,
      entries,
    );
    if (grown === null) return succeed({ list: null, added: 0, handed: [] });
    const present = known.find(({ list }) => list === grown);
    const list = present ?? {
      list: grown,
      text: signText(authority, revocationsKind, revocationBody(grown)),
    };
    if (list.text.length > longestRevocationText) return fail([tooLong()]);
    await keepRevocations(profileDirectory, list);
    const handed = await handOut(ask, endpoints, list);
    const overtaken = handed.some(({ error }) => error?.code === 'revocation.older');
    if (overtaken && round < rounds) continue;
    return handed.every(({ error }) => error !== null)
      ? fail([heardByNobody(list, handed)])
      : succeed({ list, added, handed });
  }
}

function isNew(entry: Revocation, known: readonly SignedRevocations[]): boolean {
  return !known.some(({ list }) => holdsAll(list, { revoked: [entry] }));
}

/** What the order adds to the list; whoever goes on has its new certificate when this answers. */
async function entriesOf(
  inputs: InstallInputs,
  { order, why, unprotected }: RevokeChoice,
  limits: UpgradeLimits,
): Promise<Result<Revocation[], ProductError[]>> {
  const now = Date.now();
  const at = new Date(now).toISOString();
  switch (order.kind) {
    case 'nothing':
      return succeed([]);
    case 'serial': {
      const entry = serialEntry(order.serial, why, at);
      return entry.ok ? entry : fail([entry.error]);
    }
    case 'console': {
      const entries = await entriesOfConsole(inputs, { name: order.name, why });
      return entries.ok ? entries : fail([entries.error]);
    }
    case 'server': {
      const holders = order.lost
        ? await holdersOfLost(inputs, order.server, now)
        : await renewedHolders(inputs, { server: order.server, unprotected }, limits);
      return holders.ok ? succeed(holderEntries(holders.value, why, at)) : holders;
    }
  }
}

/** Certificates begin at whole seconds: one of the very second of its revocation is named by its number. */
async function entriesOfConsole(
  inputs: RevokingInputs,
  { name, why }: { readonly name: string; readonly why: string },
): Promise<Result<Revocation[], ProductError>> {
  const nowMs = Date.now();
  const at = new Date(nowMs).toISOString();
  const issued = await issuedWorkstations(inputs.profileDirectory);
  if (!issued.ok) return issued;
  const holders = await holdersOfConsole(inputs, name, nowMs);
  if (!holders.ok) return holders;
  const begun = Date.parse(beginOfThoseFrom(nowMs));
  const entries = holderEntries(holders.value, why, at);
  for (const one of issued.value) {
    if (one.name !== name || Date.parse(one.begins) < begun) continue;
    const entry = serialEntry(one.serial, why, at);
    if (!entry.ok) return entry;
    entries.push(...entry.value);
  }
  return succeed(entries);
}

/** This workstation itself goes on with a new key. */
async function holdersOfConsole(
  { profileDirectory, document: { site } }: RevokingInputs,
  name: string,
  nowMs: number,
): Promise<Result<RevokedHolder[], ProductError>> {
  const keys = await loadOrCreateKeys(profileDirectory, site.id);
  if (!keys.ok) return keys;
  const { subjectAltName } = new X509Certificate(keys.value.console.certificatePem);
  const own = identityOfSubjectAltName(subjectAltName);
  if (own?.kind !== 'console' || own.name !== name) {
    return succeed(consoleHolders(site.id, name, beginOfThoseFrom(nowMs)));
  }
  const fresh = await newConsole(keys.value.authority);
  await saveKeys(profileDirectory, { ...keys.value, console: fresh });
  const begins = new X509Certificate(fresh.certificatePem).validFromDate.toISOString();
  return succeed(consoleHolders(site.id, name, begins));
}

async function renewedHolders(
  inputs: InstallInputs,
  choice: { readonly server: string; readonly unprotected: readonly string[] },
  limits: UpgradeLimits,
): Promise<Result<RevokedHolder[], ProductError[]>> {
  const renewed = await renewSite(inputs, choice, limits, renewWithNewKey);
  if (!renewed.ok) return renewed;
  return succeed(renewed.value.filter(({ server }) => server === choice.server));
}

/** A server that answers is not lost: it would be cut off while it may be the Active. */
async function holdersOfLost(
  inputs: InstallInputs,
  server: string,
  nowMs: number,
): Promise<Result<RevokedHolder[], ProductError[]>> {
  const { site } = inputs.document;
  const endpoints = agentEndpoints(site).filter((endpoint) => endpoint.server === server);
  const refuse = (said: string, next?: string) => fail([productError('revocation.refused', said, [], next)]);
  if (endpoints.length === 0) return refuse(`The site has no server ${server} with a certificate.`);
  const keys = await loadOrCreateKeys(inputs.profileDirectory, site.id);
  if (!keys.ok) return fail([keys.error]);
  const ask = inputs.createAsk(consoleCredentials(keys.value));
  const answers = await Promise.all(endpoints.map((endpoint) => statusOf(ask, endpoint)));
  // An agent of another version answers too; whoever else has its address by now does not count.
  const alive = endpoints.filter((_, index) => {
    const answer = answers[index]!;
    return answer.ok || answer.error.code === 'agent.nonsense';
  });
  if (alive.length > 0) {
    const next = 'Leave out --lost: it then gets new keys first, and goes on.';
    return refuse(`${names(alive)} answers, so the server is not lost.`, next);
  }
  const begins = beginOfThoseFrom(nowMs);
  return succeed(endpoints.map(({ identity: holder }) => ({ holder, begins })));
}

function names(endpoints: readonly AgentEndpoint[]): string {
  return endpoints.map(({ name }) => name).join(' and ');
}

/** The list is kept here alone, so nobody refuses what was revoked. */
function heardByNobody({ list }: SignedRevocations, handed: readonly Handed[]): ProductError {
  const said = `No program of ${list.site} has revocation list ${list.number}: none could be reached.`;
  const evidence = handed.map(({ endpoint: { name }, error }) => `${name}: ${error?.message ?? ''}`);
  return productError('revocation.unheard', said, evidence);
}

function tooLong(): ProductError {
  const said = 'The revocation list has no room for more.';
  const next = 'Remove the site from its servers and install it with a new authority.';
  return productError('revocation.refused', said, [], next);
}
