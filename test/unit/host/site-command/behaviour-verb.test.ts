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
      value: { verb: 'behaviour', file: 'clinic.json', fault: '11', json: true },
    });
    expect(readArguments(['behaviour', 'clinic.json'])).toMatchObject({ value: { fault: null } });
    expect(readArguments(['behaviour', 'clinic.json', '--fault', 'store-down'])).toMatchObject({
      value: { fault: 'store-down' },
    });
    expect(readArguments(['behaviour', 'clinic.json', '--fault', '-1x'])).toMatchObject({ ok: false });
    expect(readArguments(['behaviour', 'clinic.json', '--fault', 'No one'])).toEqual({
      ok: false,
      error: '--fault No one is neither a number nor a name of the list of faults',
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
    await tellBehaviour({ fault: 'power', json: true }, site, folder, (told) => said.push(told));
    const course = { number: 1, name: 'power', end: 'moves', events: expect.any(Array) as unknown };
    const clusters = sampleSite().clusters.map(() => ({ courses: [course] }));
    expect(said).toMatchObject([{ acceptance: null, clusters }]);
  });

  it('tells the same fault by its number and by its name', async () => {
    const told = (fault: string) => tellBehaviour({ fault, json: false }, site, folder, nobody);
    expect(await told('53')).toEqual(await told('balancer-down'));
    expect(await told('53')).toMatchObject({
      value: expect.arrayContaining([expect.stringMatching(/^ {2}53 balancer-down /)]) as string[],
    });
  });

  it.each(['0', '63', 'power-off'])(
    'names the numbers that there are where fault %s is asked for',
    async (fault) => {
      expect(await tellBehaviour({ fault, json: false }, site, folder, nobody)).toMatchObject({
        error: [
          {
            code: 'request.invalid',
            message: `There is no fault ${fault}: they are numbered from 1 to 62, and each has a name; without --fault all are listed.`,
          },
        ],
      });
    },
  );
});
