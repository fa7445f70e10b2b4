import { beforeEach, describe, expect, it } from 'vitest';
import { openSharedDirectory, type SharedDirectory } from '../../../../agent/storage/shared-directory.ts';
import { timingPresets } from '../../../../shared/lease/timing.ts';
import type { MemberConfig } from '../../../../shared/site/member-config.ts';

/** Goal: whoever takes over compares with what it saw last, and with nothing else. Method: a script that tells what is said. */
let files: string[];
let generation: number;
let asked: string[];
let storage: SharedDirectory;

const config = {
  ...{ siteId: 'lab', cluster: 'WK1', server: 'north', timing: timingPresets.lan },
  storage: { directory: '/share/wk1', mustBeMount: false },
  paths: { scripts: '/scripts' },
} as unknown as MemberConfig;

beforeEach(() => {
  [files, generation, asked] = [['logt/journal-4.log 10 1.5'], 4, []];
  storage = openSharedDirectory(config, (_script, [verb = '', , , , , , epoch, how = '']) => {
    asked.push(`${verb} ${how}`.trim());
    if (verb === 'generation') generation = Number(epoch);
    const told = how === 'brief' ? [] : files.map((file) => `file ${file}`);
    const output = [`${generation} -1`, ...told].join('\n');
    return Promise.resolve({ code: 0, output, timedOut: false, left: null });
  });
});

describe('a takeover on a directory', () => {
  it('goes on where nobody has written since the proof, whatever was looked at briefly meanwhile', async () => {
    await storage.prove();
    await storage.read(true);
    expect(await storage.raiseGeneration(5)).toMatchObject({ ok: true });
  });

  it('is refused where a journal grew since the proof', async () => {
    await storage.prove();
    files = ['logt/journal-4.log 20 2.5'];
    await storage.read(true);
    const raised = await storage.raiseGeneration(5);
    expect(raised).toMatchObject({
      ok: false,
      error: expect.stringMatching(/journal of generation 4/) as string,
    });
  });

  it('takes what it has put in place itself, and looked at, for no late write', async () => {
    await storage.prove();
    files = ['logt/journal-4.log 20 2.5'];
    await storage.read();
    expect(await storage.raiseGeneration(5)).toMatchObject({ ok: true });
  });
});

describe('a brief look', () => {
  it('asks for no files, until this member has raised the generation', async () => {
    await storage.read(true);
    await storage.read(true);
    await storage.raiseGeneration(5);
    await storage.read(true);
    expect(asked).toEqual(['read', 'read brief', 'generation unmeasured', 'read unmeasured']);
  });
});
