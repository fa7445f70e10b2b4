import { Buffer } from 'node:buffer';
import { expect, it } from 'vitest';
import { bundleParts } from '../../../../electron/host/history/bundle-parts.ts';

const part = (upload: string, number: number, text: string, last = false) => ({
  ...{ upload, part: number, last, name: 'b.tar.gz' },
  base64: Buffer.from(text).toString('base64'),
});

it('joins the parts of a file in their order', () => {
  const parts = bundleParts();
  expect(parts.take(part('one', 0, 'abc'))).toEqual({ ok: true, value: null });
  const whole = parts.take(part('one', 1, 'def', true));
  expect(whole.ok && Buffer.from(whole.value!).toString()).toBe('abcdef');
});

it('refuses a part that does not follow, as when two windows choose a file at once', () => {
  const parts = bundleParts();
  parts.take(part('one', 0, 'abc'));
  parts.take(part('two', 0, 'xyz'));
  expect(parts.take(part('one', 1, 'def', true))).toMatchObject({ error: { code: 'request.invalid' } });
  expect(parts.take(part('two', 2, 'def', true))).toMatchObject({ error: { code: 'request.invalid' } });
  const whole = parts.take(part('two', 1, '!', true));
  expect(whole.ok && Buffer.from(whole.value!).toString()).toBe('xyz!');
});

it('refuses what is larger than any bundle, before it is whole', () => {
  const parts = bundleParts(5);
  parts.take(part('one', 0, 'abc'));
  expect(parts.take(part('one', 1, 'def'))).toMatchObject({ error: { code: 'bundle.foreign' } });
  expect(parts.take(part('one', 2, 'g', true))).toMatchObject({ error: { code: 'request.invalid' } });
});
