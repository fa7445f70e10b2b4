import type { ScreenState } from './screen-state.ts';

const hash = '#/verification/WK1/e272e383';

/** The proof of a move, however it was found. */
export const verificationStates: readonly ScreenState[] = [
  { name: 'verification', fixture: 'healthy', verified: 'silent', hash },
  { name: 'verification-good', fixture: 'healthy', verified: 'good', hash },
  { name: 'verification-gap', fixture: 'healthy', verified: 'gap', hash },
  { name: 'verification-under-way', fixture: 'healthy', verified: null, hash },
  {
    name: 'verification-judge',
    fixture: 'healthy',
    verified: 'silent',
    hash,
    act: (page) => page.getByRole('button', { name: 'Judge…' }).click(),
  },
  { name: 'verification-overtaken', fixture: 'healthy', verified: 'overtaken', hash },
  {
    name: 'verification-earlier',
    fixture: 'healthy',
    verified: 'overtaken',
    hash,
    act: async (page) => {
      await page.getByLabel('Look', { exact: true }).selectOption({ index: 1 });
      await page.getByText('This is look 1, as it was then').waitFor();
    },
  },
];
