import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, run } from './command.ts';
import {
  address,
  cableName,
  hostNames,
  isHostName,
  type HostName,
  type LabLayout,
  type Place,
} from './layout.ts';

/** One disturbed direction of the network. `loss` drops that percentage of frames by chance. */
export interface Cut {
  readonly from: Place;
  readonly to: Place;
  readonly how: 'drop' | 'reject' | { readonly lossPercent: number };
}

/**
 * Everything in force is kept as one list, and every change loads the whole rule set rendered from it
 * in one transaction. So a heal cannot stop half-way, and a repeated cut is no second rule.
 */
export function currentCuts(lab: LabLayout): Cut[] {
  const file = cutsFile(lab);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Cut[]) : [];
}

/** Cuts A → B, and B → A too unless `direction` is `one`. */
export async function cut(
  lab: LabLayout,
  from: Place,
  to: Place,
  how: Cut['how'] = 'drop',
  direction: 'one' | 'both' = 'both',
): Promise<void> {
  const added = direction === 'both' ? bothWays(from, to, how) : [{ from, to, how }];
  const kept = currentCuts(lab).filter((old) => !added.some((one) => samePath(one, old)));
  await enforce(lab, [...kept, ...added]);
}

export function bothWays(from: Place, to: Place, how: Cut['how'] = 'drop'): Cut[] {
  return [
    { from, to, how },
    { from: to, to: from, how },
  ];
}

/** Heals one pair in both directions, or everything. */
export async function heal(lab: LabLayout, pair?: readonly [Place, Place]): Promise<void> {
  const between = (one: Cut) => pair !== undefined && pair.includes(one.from) && pair.includes(one.to);
  await enforce(lab, pair ? currentCuts(lab).filter((one) => !between(one)) : []);
}

/**
 * Loads the rules for exactly these cuts; also after a host got a new network namespace. Hosts are left alone where none
 * of them has to refuse, or had to: each costs two programs, and a short cut has to be short on a busy machine too.
 */
export async function enforce(lab: LabLayout, cuts: readonly Cut[]): Promise<void> {
  await must('nft', ['-f', '-'], { input: bridgeRules(lab, cuts) });
  const refuses = [...currentCuts(lab), ...cuts].some(({ how }) => how === 'reject');
  for (const host of refuses ? hostNames : []) {
    const name = cableName(lab, host);
    const exists = (await run('ip', ['netns', 'pids', name])).code === 0;
    if (!exists) continue; // A host without power refuses nothing.
    await must('ip', ['netns', 'exec', name, 'nft', '-f', '-'], { input: refusalRules(lab, host, cuts) });
  }
  writeFileSync(cutsFile(lab), JSON.stringify(cuts));
}

/**
 * Drops and losses, in the bridge family by cable: that cuts neighbour discovery and floating addresses
 * too, and open connections, since nothing remembers a state.
 */
export function bridgeRules(lab: LabLayout, cuts: readonly Cut[]): string {
  const chains: Record<'forward' | 'input' | 'output', string[]> = { forward: [], input: [], output: [] };
  for (const { from, to, how } of cuts) {
    if (how === 'reject') continue;
    const action = how === 'drop' ? 'drop' : `numgen random mod 100 < ${how.lossPercent} drop`;
    const source = isHostName(from) ? `iifname "${cableName(lab, from)}" ` : '';
    const target = isHostName(to) ? `oifname "${cableName(lab, to)}" ` : '';
    const hook = from === 'outer' ? 'output' : to === 'outer' ? 'input' : 'forward';
    chains[hook].push(`${source}${target}${action}`);
  }
  return replaceTable(`bridge ${lab.table}`, chains);
}

/**
 * Refusals. The kernel cannot refuse in a bridge table, so the sender refuses its own packets on the way
 * out. Not the receiver on the way in: with both directions cut each would swallow the other's refusal.
 */
export function refusalRules(lab: LabLayout, host: HostName, cuts: readonly Cut[]): string {
  const chains: Record<'input' | 'output', string[]> = { input: [], output: [] };
  for (const { from, to, how } of cuts) {
    if (how !== 'reject') continue;
    if (from === host) chains.output.push(...refuse(`ip daddr ${address(lab, to)}`));
    if (from === 'outer' && to === host) chains.input.push(...refuse(`ip saddr ${address(lab, from)}`));
  }
  return replaceTable('inet labcut', chains);
}

function refuse(match: string): string[] {
  return [`${match} meta l4proto tcp reject with tcp reset`, `${match} reject with icmp host-unreachable`];
}

function replaceTable(table: string, chains: Record<string, string[]>): string {
  const body = Object.entries(chains).map(
    ([hook, rules]) =>
      `  chain ${hook} {\n    type filter hook ${hook} priority 0; policy accept;\n${rules.map((rule) => `    ${rule}\n`).join('')}  }\n`,
  );
  return `table ${table} {}\ndelete table ${table}\ntable ${table} {\n${body.join('')}}\n`;
}

function samePath(one: Cut, other: Cut): boolean {
  return one.from === other.from && one.to === other.to;
}

function cutsFile(lab: LabLayout): string {
  return join(lab.run, 'cuts.json');
}
