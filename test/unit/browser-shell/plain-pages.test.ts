import { expect, test } from 'vitest';
import { openingPage, refusalText } from '../../../electron/browser-shell/plain-pages.ts';

test('the page of a used or expired address says how to get a new one', () => {
  const text = refusalText('session');
  expect(text).toContain('used already or has expired');
  expect(text).toMatch(/Press Enter in the terminal.*prints a new address/);
});

test('the page in between says the same, should it stay', () => {
  expect(openingPage({ path: '/', afterSeconds: 0 })).toContain('press Enter');
});
