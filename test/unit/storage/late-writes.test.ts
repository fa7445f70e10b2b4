import { describe, expect, it } from 'vitest';
import { lateWrites, type WatchedFile } from '../../../shared/storage/late-writes.ts';

const file = (name: string, bytes = 10, changed = '1.0'): WatchedFile => ({ name, bytes, changed });
const context = { server: 'north', generation: 7, ownEngineWrites: true };

describe('late writes', () => {
  it('are none when nothing has changed', () => {
    const files = [file('.ixha/probe-south'), file('logt/journal-6.log'), file('logt/journal.log')];
    expect(lateWrites(files, files, { ...context, ownEngineWrites: false })).toEqual([]);
  });

  it.each([
    ['the agent of another server', '.ixha/probe-south', 'the agent of south still writes there'],
    ['an engine of an older generation', 'logt/journal-6.log', 'the journal of generation 6 still grows'],
  ])('by %s are told', (_who, name, sentence) => {
    expect(lateWrites([file(name)], [file(name, 11)], context)).toEqual([sentence]);
    expect(lateWrites([file(name)], [file(name, 10, '1.1')], context)).toEqual([sentence]);
  });

  it.each([
    ['our own agent', '.ixha/probe-north'],
    ['our own engine', 'logt/journal-7.log'],
    ['our own engine by its second name', 'logt/journal.log'],
  ])('are not those of %s', (_who, name) => {
    expect(lateWrites([file(name)], [file(name, 11)], context)).toEqual([]);
  });

  it('are all writes to a journal while no engine may run', () => {
    const before = [file('logt/journal.log')];
    const closed = { ...context, ownEngineWrites: false };
    const sentence = 'logt/journal.log is written although no engine may run';
    expect(lateWrites(before, [file('logt/journal.log', 11)], closed)).toEqual([sentence]);
    expect(lateWrites([], before, closed)).toEqual([sentence]);
  });

  it('are not concluded from an old journal that was not listed before', () => {
    expect(lateWrites([], [file('logt/journal-3.log')], { ...context, ownEngineWrites: false })).toEqual([]);
  });
});
