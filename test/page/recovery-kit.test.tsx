import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { kitRefusal } from '../../renderer/features/recovery/recovery-page.tsx';
import { CallFailure } from '../../renderer/ipc/console-client.ts';
import { productError } from '../../shared/errors.ts';
import { fixtures } from '../screens/fixtures.ts';
import { openPage } from './open-page.tsx';

const passphrase = 'four words without sense';
afterEach(() => vi.restoreAllMocks());

function open(makeRecoveryKit: (request: unknown) => unknown) {
  const saved: { name: string; blob: Blob }[] = [];
  let last: Blob | undefined;
  URL.createObjectURL = (blob) => {
    last = blob as Blob;
    return 'blob:kit';
  };
  URL.revokeObjectURL = () => undefined;
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push({ name: this.download, blob: last! });
  });
  const page = openPage({
    snapshot: fixtures.healthy(),
    hash: '#/recovery-kit',
    answers: { makeRecoveryKit },
  });
  return { ...page, saved };
}

async function type(first: string, second = first): Promise<void> {
  await userEvent.type(screen.getByLabelText('Passphrase'), first);
  await userEvent.type(screen.getByLabelText('The same again'), second);
}
const button = () => screen.getByRole('button', { name: 'Make and save the kit' });

test('makes a kit with the passphrase, saves it, says how to keep it, and forgets the passphrase', async () => {
  const page = open(() => ({ fileName: 'demo.kit', text: 'sealed' }));
  await type(passphrase);
  await userEvent.click(button());
  expect(await screen.findByText('The recovery kit was given to you as demo.kit.')).toBeTruthy();
  expect(page.calls.at(-1)).toEqual({ name: 'makeRecoveryKit', request: { passphrase } });
  expect(page.saved.map(({ name }) => name)).toEqual(['demo.kit']);
  expect(await page.saved[0]!.blob.text()).toBe('sealed');
  expect(screen.getByLabelText<HTMLInputElement>('Passphrase').value).toBe('');
});

test('asks nothing of the host while the passphrases are short or differ, by button or Enter', async () => {
  const page = open(() => ({ fileName: 'demo.kit', text: 'sealed' }));
  await type(passphrase, `${passphrase}x{Enter}`);
  await userEvent.click(button());
  expect(screen.getByText(/the two passphrases differ/)).toBeTruthy();
  expect(page.calls.some(({ name }) => name === 'makeRecoveryKit')).toBe(false);
});

test('tells why there is none, and keeps what was typed', async () => {
  const page = open(() => {
    throw new CallFailure(productError('kit.no-authority', 'The key is elsewhere.'));
  });
  await type(passphrase);
  await userEvent.click(button());
  expect(await screen.findByText('The key is elsewhere.')).toBeTruthy();
  expect(page.saved).toEqual([]);
  expect(screen.getByLabelText<HTMLInputElement>('Passphrase').value).toBe(passphrase);
});

test.each([
  ['viewer', true, 'x'.repeat(12), 'only an administrator'],
  ['admin', false, 'x'.repeat(12), 'does not answer'],
  ['admin', true, 'x'.repeat(11), '1 more character is needed'],
  ['admin', true, '', '12 more characters are needed'],
] as const)('%s, connected %s, %j: %s', (role, connected, typed, why) => {
  expect(kitRefusal({ passphrase: typed, again: typed }, { role, connected })).toContain(why);
});
