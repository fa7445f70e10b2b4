import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseToken,
  parseTxnAnswer,
  readRefusal,
  txnBody,
} from '../../../../agent/lease-stores/etcd-messages.ts';
import { etcdKeys, findRecord } from '../../../../agent/lease-stores/etcd-record.ts';
import { FakeEtcd } from './fake-etcd.ts';

/** Goal: nothing that etcd, or whoever answers in its place, can say is taken for something else. Method: fuzz. */
const at = etcdKeys('/ixha/site', 'WK1', 'north');
const good = () => {
  const etcd = new FakeEtcd();
  etcd.write(at.record, 'x');
  const { text } = etcd.answer(
    '/v3/kv/txn',
    txnBody({ unchanged: [{ key: at.record, revision: 2 }], puts: [], reads: [at.record, at.beat] }),
    null,
  );
  return text;
};

describe('what etcd answers', () => {
  it('is read with its cluster id, revision and keys', () => {
    expect(parseTxnAnswer(good())).toEqual({
      ok: true,
      value: {
        clusterId: '14841639068965178418',
        revision: 2,
        succeeded: true,
        keys: [{ key: at.record, value: 'x', modRevision: 2 }],
      },
    });
  });

  it('is refused without an exception when it is anything else', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc.jsonValue().map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(anything, (text) => {
        expect(parseTxnAnswer(text).ok).toBe(false);
        parseToken(text);
        expect(readRefusal(500, text).why.length).toBeLessThan(200);
      }),
    );
  });

  it('is refused or read whole when it is cut or changed anywhere', () => {
    const whole = good();
    const damage = fc.record({
      at: fc.nat(whole.length - 1),
      with: fc.string({ maxLength: 3 }),
      cut: fc.boolean(),
    });
    fc.assert(
      fc.property(damage, ({ at: where, with: other, cut }) => {
        const text = whole.slice(0, where) + other + (cut ? '' : whole.slice(where + 1));
        const parsed = parseTxnAnswer(text);
        if (!parsed.ok) return;
        expect(Number.isSafeInteger(parsed.value.revision)).toBe(true);
        // Whatever the keys hold now: it is found usable only in the form of a record.
        expect(findRecord(parsed.value, at, 'WK1').kind).toBe('none');
      }),
    );
  });

  it('counts no revision that cannot be compared', () => {
    const huge = good().replace('"revision":"2"', '"revision":"9007199254740993"');
    expect(parseTxnAnswer(huge)).toMatchObject({ ok: false });
  });

  it.each([
    [401, 'etcdserver: invalid auth token', 'log-in', /user and password/],
    [400, 'etcdserver: user name is empty', 'log-in', /user and password/],
    [400, 'etcdserver: revision of auth store is old', 'log-in', /user and password/],
    [400, 'etcdserver: authentication is not enabled', 'no-users', /no users/],
    [429, 'etcdserver: mvcc: database space exceeded', 'other', /NOSPACE/],
    [403, 'etcdserver: permission denied', 'other', /does not let this member/],
    [503, 'etcdserver: no leader', 'other', /no leader/],
    [504, 'etcdserver: request timed out', 'other', /in time/],
    [500, '\u001b[31mred', 'other', /status 500: {2}\[31mred/],
    [502, '', 'other', /status 502$/],
  ])('tells status %i, "%s", as %s', (status, message, kind, words) => {
    const refusal = readRefusal(status, JSON.stringify({ error: message, message, code: 1 }));
    expect(refusal.kind).toBe(kind);
    expect(refusal.why).toMatch(words);
  });
});
