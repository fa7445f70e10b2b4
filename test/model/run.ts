import { ticksUntilActive } from './comes-back.ts';
import type { BrokenRule } from './broken-rules.ts';
import { firstWorldOf, restarted, rulesOf, small, type Configuration } from './configurations.ts';
import { explore } from './explore.ts';
import type { World } from './world.ts';
import { findNeedlessStop } from './needless-stop.ts';

export interface ConfigurationResult {
  readonly name: string;
  readonly words: string;
  readonly states: number;
  readonly moves: number;
  readonly complete: boolean;
  readonly violation: { readonly what: string; readonly trace: readonly string[] } | null;
  /** Sampled states from which an Active must come back, and the worst time to it; null: one did not. */
  readonly sampled: number;
  readonly worstTicks: number | null;
}

export function runConfiguration(configuration: Configuration, maxStates: number): ConfigurationResult {
  const rules = rulesOf(configuration);
  const bounds = { limits: configuration.limits, maxStates, sampleEvery: 211 };
  const { sample, ...rest } = explore(firstWorldOf(configuration, rules), rules, bounds);
  // With an older copy put back, members refuse the store until a person seeds it: nothing comes back by itself.
  const returns = configuration.surroundings === undefined ? evenly(sample).map(ticksUntilActive) : [];
  const { name, words } = configuration;
  const failed = returns.includes(null);
  return {
    name,
    words,
    ...rest,
    sampled: returns.length,
    worstTicks: failed ? null : Math.max(0, ...returns.map(Number)),
  };
}

const samples = 150;

function evenly(sample: readonly World[]): World[] {
  const step = Math.max(1, Math.floor(sample.length / samples));
  return sample.filter((_, at) => at % step === 0);
}

export interface BrokenResult {
  readonly rule: string;
  readonly configuration: string;
  readonly states: number;
  readonly violation: { readonly what: string; readonly trace: readonly string[] } | null;
}

export function runBroken(
  { rule, configuration: name, broken }: BrokenRule,
  maxStates: number,
): BrokenResult {
  const configuration = [...small, restarted].find((candidate) => candidate.name === name);
  if (configuration === undefined) throw new Error(`there is no configuration ${name}`);
  const bounds = { limits: configuration.limits, maxStates, sampleEvery: 0 };
  const rules = rulesOf(configuration, broken);
  const { states, violation } = explore(firstWorldOf(configuration, rules), rules, bounds);
  return { rule, configuration: name, states, violation };
}

/** The rule about H has a search of its own: it is about stops that are not needed. */
export function runRenewalPeriod(): { kept: ConfigurationResult; broken: BrokenResult } {
  const kept = findNeedlessStop('sent');
  const broken = findNeedlessStop('answered');
  const stop = (trace: readonly string[] | null) => trace && { what: 'the Active stops without need', trace };
  const words = 'one of two consecutive renewals is lost, the others are answered within O';
  const name = 'renewal-period';
  return {
    kept: {
      name,
      words,
      states: kept.states,
      moves: kept.states,
      complete: true,
      violation: stop(kept.trace),
      sampled: 0,
      worstTicks: 0,
    },
    broken: {
      rule: 'H is counted from tSend to tSend',
      configuration: name,
      states: broken.states,
      violation: stop(broken.trace),
    },
  };
}
