import { describe, expect, it } from 'vitest';
import {
  describeEngineTrouble,
  engineTrouble,
  engineTroubles,
  troubleOfRefusal,
  type EngineTroubleCode,
} from '../../../shared/engine/engine-trouble.ts';

describe('troubles of an engine', () => {
  it('have each a sentence and a next step of their own', () => {
    const codes = Object.keys(engineTroubles) as EngineTroubleCode[];
    const told = codes.map((code) => describeEngineTrouble(engineTrouble(code, 'it was so')));
    expect(new Set(told.map(({ sentence }) => sentence)).size).toBe(codes.length);
    for (const { sentence, next } of told) {
      expect(sentence).toMatch(/^[A-Z].*\. Seen: it was so\.$/);
      expect(next).toMatch(/^[A-Z].*\.$/);
    }
  });

  it.each([
    ['Could not start components. The engine is in safe mode.', 'safe-mode'],
    ['The license allows 0 running components.', 'licence-exceeded'],
    ['Licence exceeded', 'licence-exceeded'],
    ['No permission', 'call-refused'],
  ])('are told by the words of the engine: %s', (words, code) => {
    expect(troubleOfRefusal(words)).toEqual({ code, seen: words });
  });
});
