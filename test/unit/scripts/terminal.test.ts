import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { ownTerminal } from '../../../scripts/lib/terminal.mjs';

const terminal = Object.assign(new PassThrough(), { isTTY: true, fd: 0 });
/** pid (name) state parent group session terminal foreground-group … */
const stat = (group: number, foreground: number) => `12 (node (x) y) S 1 ${group} 12 34816 ${foreground} 0 0`;

it('reads the terminal in the foreground and leaves it alone in the background', () => {
  expect(ownTerminal(terminal, stat(12, 12))).toBe(terminal);
  expect(ownTerminal(terminal, stat(12, 99))).toBeUndefined();
});

it('does not read an input that is neither a terminal nor a pipe', () => {
  expect(ownTerminal(Object.assign(new PassThrough(), { fd: 9999 }))).toBeUndefined();
});
