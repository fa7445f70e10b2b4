import { expect, test } from 'vitest';
import { withinLimit } from '../../../electron/host/within-limit.ts';

const never = new Promise<string>(() => undefined);

test('work that never ends is answered after the limit', async () => {
  expect(await withinLimit(1, never, () => 'too late')).toBe('too late');
});

test('work that ends, and work that fails, are answered as they are', async () => {
  expect(await withinLimit(60_000, Promise.resolve('done'), () => 'too late')).toBe('done');
  const failed = withinLimit(60_000, Promise.reject(new Error('broken')), () => 'too late');
  await expect(failed).rejects.toThrow('broken');
});
