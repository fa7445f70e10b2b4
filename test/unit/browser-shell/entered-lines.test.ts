import { closeSync, openSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { canBeEntered, onEnteredLine } from '../../../electron/browser-shell/entered-lines.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('each pressed Enter is told once, other keys and the end of the input are not', async () => {
  const input = new PassThrough();
  let told = 0;
  onEnteredLine(input, () => (told += 1));
  input.write('no line yet');
  await turn();
  expect(told).toBe(0);
  input.write('\n');
  await turn();
  input.write('\n');
  await turn();
  expect(told).toBe(2);
  input.end();
  await turn();
  expect(told).toBe(2);
});

test('a text that is piped in at once is one wish', async () => {
  const input = new PassThrough();
  let told = 0;
  onEnteredLine(input, () => (told += 1));
  input.write('y\n'.repeat(1000));
  await turn();
  expect(told).toBe(1);
});

test('a broken input is survived, and nothing is told after letting go', async () => {
  const input = new PassThrough();
  let told = 0;
  const letGo = onEnteredLine(input, () => (told += 1));
  letGo();
  input.write('\n');
  await turn();
  input.destroy(new Error('gone'));
  await turn();
  expect(told).toBe(0);
});

test('nothing can be entered into an input that says nothing', () => {
  const nothing = openSync('/dev/null', 'r');
  expect(canBeEntered(nothing)).toBe(false);
  closeSync(nothing);
  expect(canBeEntered(9999)).toBe(false);
});
