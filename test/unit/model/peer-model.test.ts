import { describe, expect, it } from 'vitest';
import { brokenPeerRules } from '../../model/peer/broken-rules.ts';
import { smallPeer } from '../../model/peer/configurations.ts';
import { runBrokenPeer, runPeerConfiguration } from '../../model/peer/run.ts';

/** The quick part of `npm run model` for peer mode: every broken rule, and the configurations that take seconds. */
const quick = new Set(['promise', 'second-epoch']);
const maxStates = 300_000;
const limitMs = 120_000;

describe('model of peer mode', () => {
  it.each(smallPeer.filter(({ name }) => quick.has(name)))(
    'finds no violation and nobody kept out for ever: $name',
    (configuration) => {
      const result = runPeerConfiguration(configuration, maxStates);
      expect(result.violation).toBeNull();
      expect(result.complete).toBe(true);
      expect(result.worstTicks).not.toBeNull();
    },
    limitMs,
  );

  it.each(brokenPeerRules)(
    'finds what goes wrong without: $rule',
    (rule) => {
      expect(runBrokenPeer(rule, maxStates).violation).not.toBeNull();
    },
    limitMs,
  );
});
