import { describe, expect, it } from 'vitest';
import { readProbeTarget } from '../../../shared/drills/probe-target.ts';

describe('a test listener', () => {
  it.each([
    ['lb.example.org:6699', { host: 'lb.example.org', port: 6699 }],
    [' 10.1.2.3:1 ', { host: '10.1.2.3', port: 1 }],
    ['[fd00::7]:65535', { host: 'fd00::7', port: 65_535 }],
  ])('is read from %s', (text, value) => {
    expect(readProbeTarget(text)).toEqual({ ok: true, value });
  });

  it.each(['', 'lb', 'lb:', ':6699', 'lb:0', 'lb:65536', 'fd00::7:1', 'a b:1', 'http://lb:1'])(
    'is not read from "%s", and how it is written is said',
    (text) => {
      expect(readProbeTarget(text)).toMatchObject({
        ok: false,
        error: expect.stringMatching(/HOST:PORT/) as string,
      });
    },
  );
});
