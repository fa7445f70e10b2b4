import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { onEndSignals } from '../../../electron/host/end-signals.ts';

test('ends in order at the first signal and by force at the second, of whatever kind', () => {
  const source = new EventEmitter() as unknown as NodeJS.Process;
  const heard: string[] = [];
  onEndSignals(
    source,
    () => heard.push('first'),
    () => heard.push('again'),
  );
  source.emit('SIGINT');
  source.emit('SIGTERM');
  source.emit('SIGINT');
  expect(heard).toEqual(['first', 'again', 'again']);
});

test('does not take a signal that a library raises again for a second one', () => {
  const source = new EventEmitter() as unknown as NodeJS.Process;
  source.once('SIGTERM', () => source.emit('SIGTERM'));
  const heard: string[] = [];
  onEndSignals(
    source,
    () => heard.push('first'),
    () => heard.push('again'),
  );
  source.emit('SIGTERM');
  expect(heard).toEqual(['first']);
});
