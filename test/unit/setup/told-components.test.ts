import { describe, expect, it } from 'vitest';
import type { FoundEngine } from '../../../shared/setup/setup-view.ts';
import { toldComponents, unknownWords, withPoller } from '../../../shared/setup/told-components.ts';

/** Goal: what an engine has told is offered for its own cluster only, and nothing becomes a poller unless a person says so. */
const engine = (server: string, unit: string, components: string[] | null): FoundEngine => ({
  ...{ server, unit, components, product: 'IguanaX', version: null },
  ...{ workingDirectory: null, apiPort: 6543, running: components !== null },
});
const member = (server: string, unit = 'wk1.service') => ({
  ...{ server, unit, preferred: false, apiPort: 6543, apiUser: 'ha', workingDirectory: '/share/wk1' },
});
const cluster = (pollers: string[] = []) => ({ members: [member('north'), member('south')], pollers });

describe('components that engines have told', () => {
  it('are those of the engines of this cluster, each once, by alphabet', () => {
    const engines = [
      engine('north', 'wk1.service', ['Sweep', 'ADT in']),
      engine('south', 'wk1.service', ['ADT in', 'Fetch']),
      engine('north', 'wk2.service', ['Other']),
      engine('third', 'wk1.service', ['Strange']),
    ];
    expect(toldComponents(cluster(), engines)).toEqual({
      by: ['north', 'south'],
      offered: ['ADT in', 'Fetch', 'Sweep'],
      unknown: [],
    });
  });

  it('are not offered again once they were said, and a name that no engine knows is told', () => {
    const told = toldComponents(cluster(['Sweep ', '', 'Swep']), [
      engine('north', 'wk1.service', ['Sweep', 'ADT in']),
    ])!;
    expect([told.offered, told.unknown]).toEqual([['ADT in'], ['Swep']]);
    expect(unknownWords(told)).toBe('none of them is called Swep');
    expect(unknownWords({ ...told, unknown: [] })).toBeUndefined();
  });

  it('are nothing where no engine has told any, which is another thing than none', () => {
    expect(toldComponents(cluster(), [engine('north', 'wk1.service', null)])).toBeNull();
    expect(toldComponents(cluster(), [])).toBeNull();
    expect(toldComponents(cluster(), [engine('south', 'wk1.service', [])])?.offered).toEqual([]);
  });

  it('are not offered where the field could not hold them', () => {
    expect(toldComponents(cluster(), [engine('north', 'wk1.service', ['A, B'])])?.offered).toEqual([]);
  });

  it('are added after what was said, without what was typed half and never twice', () => {
    expect(withPoller(['Sweep ', ''], 'Fetch')).toEqual(['Sweep', 'Fetch']);
    expect(withPoller(['Fetch'], 'Fetch')).toEqual(['Fetch']);
  });
});
