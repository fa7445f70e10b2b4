import { describe, expect, it } from 'vitest';
import { ruleTable } from '../../../shared/failover/rules.ts';
import { readScenarios } from '../../golden/golden-files.ts';
import { parseScenario, runScenario } from '../../golden/scenario.ts';

/** Goal: each diagnosis tells the story that is written down for it (npm run rules -- --write). */
const scenarios = readScenarios();

describe('a scenario', () => {
  it.each(scenarios)('$name goes as it is written down', ({ text }) => {
    const scenario = parseScenario(text);
    expect(runScenario(scenario)).toBe(scenario.expected);
  });

  it('is there for every diagnosis, shows its rule, and no two Actives', () => {
    expect(scenarios.map(({ name }) => name).sort()).toEqual(
      ruleTable.map(({ id, diagnosis }) => `${id}-${diagnosis}`).sort(),
    );
    for (const { name, text } of scenarios) {
      expect(parseScenario(text).expected, name).toMatch(new RegExp(` ${name.slice(0, 3)} `));
      expect(text).not.toMatch(/two engines run|two members answer/);
    }
  });

  it('with a command that is not understood is refused', () => {
    expect(() => runScenario({ commands: 'settle\nexplode north', expected: '' })).toThrow('explode north');
    expect(() => runScenario({ commands: 'kill-agent east', expected: '' })).toThrow('not understood');
  });
});
