import { describe, expect, it } from 'vitest';
import { bridgeRules, refusalRules, type Cut } from '../../lab/hosts/cuts.ts';
import { labLayout } from '../../lab/hosts/layout.ts';

const lab = labLayout({ LAB_ID: '3' });

describe('rules of a cut network', () => {
  it('replace the whole table in one load, so that healing cannot stop half-way', () => {
    expect(bridgeRules(lab, [])).toMatch(
      /^table bridge lab3 \{\}\ndelete table bridge lab3\ntable bridge lab3 \{/,
    );
    expect(bridgeRules(lab, [])).not.toContain('drop');
  });

  it('drop between two hosts by cable, not by address', () => {
    const rules = bridgeRules(lab, [{ from: 'wk-a', to: 'wk-b', how: 'drop' }]);
    expect(rules).toContain('iifname "lab3-wk-a" oifname "lab3-wk-b" drop');
    expect(rules).not.toContain('10.77');
  });

  it('drop towards and from the outer machine in its own hooks', () => {
    const cuts: Cut[] = [
      { from: 'outer', to: 'lb', how: 'drop' },
      { from: 'lb', to: 'outer', how: { lossPercent: 30 } },
    ];
    expect(chain(bridgeRules(lab, cuts), 'output')).toContain('oifname "lab3-lb" drop');
    expect(chain(bridgeRules(lab, cuts), 'input')).toContain(
      'iifname "lab3-lb" numgen random mod 100 < 30 drop',
    );
  });

  it('refuse at the sender, because a receiver would swallow the other side’s refusal', () => {
    const cuts: Cut[] = [{ from: 'wk-a', to: 'wk-b', how: 'reject' }];
    expect(chain(refusalRules(lab, 'wk-a', cuts), 'output')).toContain(
      'ip daddr 10.77.3.12 meta l4proto tcp reject with tcp reset',
    );
    expect(refusalRules(lab, 'wk-b', cuts)).not.toContain('reject');
    expect(bridgeRules(lab, cuts)).not.toContain('wk-a');
  });
});

function chain(rules: string, hook: string): string {
  const start = rules.indexOf(`chain ${hook} {`);
  return rules.slice(start, rules.indexOf('}', start));
}
