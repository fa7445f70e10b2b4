import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readArguments } from '../../../../electron/host/site-command/arguments.ts';
import { tellBehaviour } from '../../../../electron/host/site-command/behaviour-verb.ts';
import { sampleSite } from '../samples.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ixha-behaviour-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const site = { site: sampleSite() };
const nobody = () => undefined;

describe('site behaviour', () => {
  it('reads its words, and refuses numbers that are none', () => {
    expect(readArguments(['behaviour', 'clinic.json', '--fault', '11', '--json'])).toMatchObject({
      value: { verb: 'behaviour', file: 'clinic.json', fault: 11, json: true },
    });
    expect(readArguments(['behaviour', 'clinic.json'])).toMatchObject({ value: { fault: null } });
    expect(readArguments(['behaviour', 'clinic.json', '--fault', 'power'])).toEqual({
      ok: false,
      error: '--fault power is no number of the list of faults',
    });
    expect(readArguments(['check', 'clinic.json', '--fault', '1'])).toMatchObject({ ok: false });
  });

  it('tells a site that is not installed, and that nobody has accepted it', async () => {
    const told = await tellBehaviour({ fault: null, json: false }, site, folder, nobody);
    expect(told).toMatchObject({ ok: true });
    expect(told.ok && told.value.at(-1)).toBe('Nobody has accepted this behaviour yet.');
  });

  it('gives programs the whole of it', async () => {
    const said: unknown[] = [];
    await tellBehaviour({ fault: 1, json: true }, site, folder, (told) => said.push(told));
    const course = { number: 1, end: 'moves', events: expect.any(Array) as unknown };
    const clusters = sampleSite().clusters.map(() => ({ courses: [course] }));
    expect(said).toMatchObject([{ acceptance: null, clusters }]);
  });

  it.each([0, 22])('names the numbers that there are where fault %i is asked for', async (fault) => {
    expect(await tellBehaviour({ fault, json: false }, site, folder, nobody)).toMatchObject({
      error: [
        { code: 'request.invalid', message: `There is no fault ${fault}: they are numbered from 1 to 21.` },
      ],
    });
  });
});
