import { describe, expect, it } from 'vitest';
import { licenceTerms } from '../../../agent/engines/engine-look.ts';
import type { EngineLook } from '../../../shared/engine/engine-look.ts';
import { engineToldChecks } from '../../../shared/preflight/engine-told-checks.ts';
import { sampleWanted } from '../host/install/install-samples.ts';

/** Goal: what an engine tells is judged, and what it does not tell is never taken for good. Method: one answer after the other. */
const north = sampleWanted('north');
const engine = { ...north.engines[0]!, pollers: ['Lab files'] };
const now = Date.parse('2026-01-01T00:00:00Z');
const whole = {
  components: { names: ['Lab files', 'ADT in'] },
  licence: { components: 10, until: '2027-06-30' },
} satisfies EngineLook;

const told = (change: Partial<EngineLook>, pollers = engine.pollers) => {
  const [components, licence] = engineToldChecks(north, { ...engine, pollers }, { ...whole, ...change }, now);
  return { components: components!, licence: licence! };
};

describe('the components that an engine tells', () => {
  it('are counted and named, with which of them are pollers', () => {
    const { components } = told({});
    expect(components).toMatchObject({
      server: 'north',
      verdict: 'ok',
      finding: '2 components; pollers: Lab files',
      evidence: ['ADT in', 'Lab files'],
    });
    expect(told({}, []).components.finding).toBe('2 components; none is named as a poller');
  });

  it('show a poller whose name no component has', () => {
    const { components } = told({}, ['Lab files', 'Lab file']);
    expect([components.verdict, components.finding]).toEqual([
      'warning',
      '2 components, and none is called Lab file, which is named as a poller',
    ]);
  });

  it('are unknown with the reason where it tells none', () => {
    const { components } = told({ components: { why: 'the engine does not run here' } });
    expect([components.verdict, components.finding]).toEqual([
      'unknown',
      'it does not tell them: the engine does not run here',
    ]);
  });
});

describe('the licence that an engine tells', () => {
  it.each<[string, EngineLook['licence'], string, string]>([
    ['one that covers all', whole.licence, 'ok', 'it covers 10 components, valid until: 2027-06-30'],
    ['one without an end', { components: 10, until: 'never' }, 'ok', 'valid until: never'],
    ['one that has ended', { components: 10, until: '2025-12-31' }, 'failed', 'valid until: 2025-12-31'],
    ['one that ends soon', { components: 10, until: '2026-01-20' }, 'warning', 'valid until: 2026-01-20'],
    ['one for fewer', { components: 1, until: 'never' }, 'warning', 'the engine has 2 components'],
    [
      'one without an end that is told',
      { components: 10, until: null },
      'unknown',
      'until when is not known',
    ],
    [
      'one whose end can be read in two ways',
      { components: 10, until: '06/07/2020' },
      'unknown',
      '06/07/2020',
    ],
    ['one of unknown extent', { components: null, until: 'never' }, 'unknown', 'how many components'],
    ['none', { why: 'the engine refuses the log-in' }, 'unknown', 'refuses the log-in'],
  ])('%s', (_what, licence, verdict, finding) => {
    const check = told({ licence }).licence;
    expect([check.verdict, check.finding]).toEqual([verdict, expect.stringContaining(finding)]);
    expect(check.remedy === null).toBe(verdict === 'ok');
  });

  it('is read under the names that are known, and nothing else of it is told', () => {
    const secret = { iguana_id: 'A-1', code: 'SECRET' };
    const terms = { components: 5, until: '2027-01-01' };
    expect(licenceTerms({ ...secret, license: { Max_Components: 5, expires: '2027-01-01' } })).toEqual(terms);
    expect(licenceTerms({ ...secret, components: 5, expiration_date: '2027-01-01' })).toEqual(terms);
    const nothing = { components: null, until: null };
    expect(licenceTerms({ license: { components: '5', expires: 7 } })).toEqual(nothing);
    expect(licenceTerms({ license: 'SECRET' })).toEqual(nothing);
  });
});
