import { describe, expect, it } from 'vitest';
import {
  assessRole,
  signalCountsMs,
  type RoleSignal,
  type RoleSignalName,
} from '../../../shared/role/assess-role.ts';

type Says = RoleSignal['says'];
const names: readonly RoleSignalName[] = [
  'lease',
  'process',
  'api',
  'components',
  'listeners',
  'journal',
  'active-answer',
];
/** Every signal says the same, apart from those that are given. */
function all(says: Says, but: Partial<Record<RoleSignalName, Says>> = {}, ageMs = 100): RoleSignal[] {
  const told = names.map((name) => ({
    name,
    says: name in but ? (but[name] ?? null) : says,
    text: name,
    ageMs,
  }));
  const outsider = but.outsider ?? null;
  return [
    ...told,
    { name: 'outsider', says: outsider, text: 'process 7 listens on port 6661 of ADT', ageMs },
  ];
}
const role = (signals: RoleSignal[]) => {
  const { role: found, confidence } = assessRole(signals);
  return `${found} ${confidence}`;
};

describe('the role of a member', () => {
  it.each<[string, RoleSignal[], string]>([
    ['everything says so', all('active'), 'active high'],
    ['everything says not', all('passive'), 'passive high'],
    ['one signal is missing', all('active', { journal: null }), 'active high'],
    ['one signal is against', all('active', { listeners: 'passive' }), 'active medium'],
    [
      'most signals are missing',
      all('active', { api: null, components: null, listeners: null, journal: null }),
      'active low',
    ],
    ['two signals are against', all('active', { listeners: 'passive', components: 'passive' }), 'active low'],
    ['a Passive has an open listener', all('passive', { listeners: 'active' }), 'passive medium'],
    ['an engine runs without a lease', all('active', { lease: 'passive' }), 'conflict high'],
    ['nothing but a process runs without a lease', all('passive', { process: 'active' }), 'conflict medium'],
    ['the holder has no engine', all('passive', { lease: 'active' }), 'none high'],
    ['an engine runs outside its unit', all('passive', { outsider: 'active' }), 'conflict high'],
    ['one runs beside the right one', all('active', { outsider: 'active' }), 'conflict high'],
    ['the process is not known', all('active', { process: null }), 'unknown low'],
    ['the lease is not known', all('passive', { lease: null }), 'unknown low'],
    ['nothing is known', all(null), 'unknown low'],
    ['nothing was told', [], 'unknown low'],
  ])('when %s', (_when, signals, expected) => {
    expect(role(signals)).toBe(expected);
  });

  it('is not concluded from signals that are too old', () => {
    expect(role(all('active', {}, signalCountsMs))).toBe('active high');
    expect(role(all('active', {}, signalCountsMs + 1))).toBe('unknown low');
  });

  it('says what contradicts it', () => {
    const { sentence } = assessRole(all('active', { listeners: 'passive' }));
    expect(sentence).toBe('It is Active: 5 of 6 signals agree, although listeners.');
  });

  it('is never rounded: a single changed signal never makes a Passive of an Active or the other way round', () => {
    for (const [says, other] of [
      ['active', 'passive'],
      ['passive', 'active'],
    ] as const) {
      for (const name of names) {
        expect(assessRole(all(says, { [name]: other })).role).not.toBe(other);
        expect(assessRole(all(says, { [name]: null })).role).not.toBe(other);
      }
    }
  });
});
