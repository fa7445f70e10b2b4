import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  chooseWindow,
  findRuntime,
  readLastFailure,
  rememberFailure,
  shortReason,
} from '../../../scripts/lib/electron-runtime.mjs';

const now = Date.parse('2031-05-01T10:00:00Z');
const desktop = {
  runtime: undefined,
  mainBuilt: true,
  hasDisplay: true,
  isRoot: false,
  forced: undefined,
  lastFailure: undefined,
  now,
};

describe('the window of the console', () => {
  it('is its own where a runtime is present', () => {
    expect(chooseWindow({ ...desktop, runtime: '/e/electron' })).toEqual({
      kind: 'electron',
      path: '/e/electron',
    });
  });

  it('is fetched once where it is not', () => {
    expect(chooseWindow(desktop)).toEqual({ kind: 'fetch' });
  });

  it('is the browser for a day after a failed attempt, unless it is asked for', () => {
    const lastFailure = { at: '2031-05-01T09:00:00Z', reason: 'ENOTFOUND' };
    expect(chooseWindow({ ...desktop, lastFailure })).toMatchObject({ kind: 'browser' });
    expect(chooseWindow({ ...desktop, lastFailure, forced: 'electron' })).toEqual({ kind: 'fetch' });
    const older = { ...lastFailure, at: '2031-04-30T09:59:00Z' };
    expect(chooseWindow({ ...desktop, lastFailure: older })).toEqual({ kind: 'fetch' });
  });

  it.each([
    ['there is no display', { hasDisplay: false }],
    ['root runs it', { isRoot: true }],
    ['the version has none', { mainBuilt: false }],
    ['it was asked for', { forced: 'browser' as const }],
  ])('is the browser when %s', (_why, change) => {
    const choice = chooseWindow({ ...desktop, runtime: '/e/electron', ...change });
    expect(choice.kind).toBe('browser');
  });
});

describe('the runtime and the note about it', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ixha-scripts-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is found in the folder that the environment names', () => {
    expect(findRuntime('/nowhere', { ELECTRON_OVERRIDE_DIST_PATH: folder }, 'linux')).toBeUndefined();
    writeFileSync(join(folder, 'electron'), '');
    expect(findRuntime('/nowhere', { ELECTRON_OVERRIDE_DIST_PATH: folder }, 'linux')).toBe(
      join(folder, 'electron'),
    );
  });

  it('is remembered per version', () => {
    expect(rememberFailure(folder, '45.0.0', 'ENOTFOUND', now)).toBeUndefined();
    expect(readLastFailure(folder, '45.0.0')).toMatchObject({
      reason: 'ENOTFOUND',
      at: '2031-05-01T10:00:00.000Z',
    });
    expect(readLastFailure(folder, '46.0.0')).toBeUndefined();
  });

  it('is tried again after a damaged note, and told when it cannot be written', () => {
    writeFileSync(join(folder, 'electron-fetch.json'), '{"version":');
    expect(readLastFailure(folder, '45.0.0')).toBeUndefined();
    expect(rememberFailure(join(folder, 'electron-fetch.json'), '45.0.0', 'x', now)).toContain(
      'could not be remembered',
    );
  });
});

describe('the reason of a failed fetch', () => {
  it('is one word for the reader', () => {
    expect(shortReason('fetch failed: getaddrinfo ENOTFOUND example.test')).toBe('ENOTFOUND');
    expect(shortReason('Response code 404 (Not Found)')).toBe('answer 404');
    expect(shortReason('')).toBe('no connection');
    expect(shortReason('Generated checksum did not match')).toBe('Generated checksum did not match');
  });
});
