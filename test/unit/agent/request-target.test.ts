import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestTarget } from '../../../agent/api/request-target.ts';

describe('target of a request', () => {
  it('takes path and query apart', () => {
    const target = requestTarget('/v1/journal?from=3&limit=%zz');
    expect([target?.path, target?.query.get('from'), target?.query.get('limit')]).toEqual([
      '/v1/journal',
      '3',
      '%zz',
    ]);
  });

  it.each(['//', '//host/v1/status', 'https://host/v1/status', '*', '', undefined, '/a#b'])(
    'refuses %j',
    (url) => {
      expect(requestTarget(url)).toBeNull();
    },
  );

  it('never throws, whatever is asked', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        requestTarget(text);
        requestTarget(`/${text}`);
      }),
    );
  });
});
