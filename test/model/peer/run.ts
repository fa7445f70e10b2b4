import type { BrokenResult, ConfigurationResult } from '../run.ts';
import type { BrokenPeerRule } from './broken-rules.ts';
import { firstWorldOf, largePeer, smallPeer, type PeerConfiguration } from './configurations.ts';
import { explore } from './explore.ts';
import { peerRules } from './rules.ts';
import { ticksUntilSettled } from './settles.ts';
import type { World } from './world.ts';

const samples = 150;

export function runPeerConfiguration(
  configuration: PeerConfiguration,
  maxStates: number,
): ConfigurationResult {
  const { name, words, limits } = configuration;
  const first = firstWorldOf(configuration, peerRules);
  const { sample, ...rest } = explore(first, peerRules, { limits, maxStates, sampleEvery: 211 });
  const returns = evenly(sample).map((world) => ticksUntilSettled(world, peerRules));
  const worstTicks = returns.includes(null) ? null : Math.max(0, ...returns.map(Number));
  return { name, words, ...rest, sampled: returns.length, worstTicks };
}

function evenly(sample: readonly World[]): World[] {
  const step = Math.max(1, Math.floor(sample.length / samples));
  return sample.filter((_, at) => at % step === 0);
}

/** Breaks one rule. What no state violates may still leave the cluster blocked for ever: some states are healed. */
export function runBrokenPeer(
  { rule, configuration: name, broken, firstStates }: BrokenPeerRule,
  maxStates: number,
): BrokenResult {
  const configuration = [...smallPeer, ...largePeer].find((candidate) => candidate.name === name);
  if (configuration === undefined) throw new Error(`there is no configuration ${name}`);
  const rules = { ...peerRules, ...broken };
  const { limits } = configuration;
  const first = firstWorldOf(configuration, { ...peerRules, tidies: rules.tidies });
  const bounds = { limits, maxStates: Math.min(maxStates, firstStates ?? maxStates), sampleEvery: 211 };
  const { states, violation, sample } = explore(first, rules, bounds);
  const blocked =
    violation === null && evenly(sample).some((world) => ticksUntilSettled(world, rules) === null);
  const stuck = blocked ? { what: 'it stays blocked although all is well again', trace: [] } : null;
  return { rule, configuration: name, states, violation: violation ?? stuck };
}
