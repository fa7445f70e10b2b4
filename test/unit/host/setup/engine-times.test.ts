import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  engineTimes,
  engineTimesScript,
  readEngineTimes,
} from '../../../../electron/host/setup/engine-times.ts';

/** Goal: how long engines start and stop is what the service manager has noted, and nothing else. Method: notes as it writes them. */
const ids = {
  starting: '7d4958e842da4a758f6c1cdc7b36dcc5',
  started: '39f53479d3a045ac8e11786248231fbf',
  stopping: 'de5b426a63be47a7b6ac3eaac82e2f6f',
  stopped: '9d1aaa27d60140bd96365438aad20286',
};
const note = (event: keyof typeof ids, seconds: number, boot = 'b1') =>
  JSON.stringify({
    MESSAGE_ID: ids[event],
    _BOOT_ID: boot,
    __MONOTONIC_TIMESTAMP: String(Math.round(seconds * 1_000_000)),
  });
const output = (type: string, ...notes: string[]) =>
  [`unit engine.service ${type}`, ...notes, 'end'].join('\n');

describe('the notes of a service manager', () => {
  it('tell how long starts and stops took', () => {
    const notes = [note('starting', 1), note('started', 8.5), note('stopping', 60), note('stopped', 62)];
    expect(readEngineTimes(output('notify', ...notes))).toEqual({ starts: [7.5], stops: [2] });
  });

  it('tell no start of a service that does not say when it has started', () => {
    const notes = [note('starting', 1), note('started', 1.01), note('stopping', 60), note('stopped', 62)];
    expect(readEngineTimes(output('simple', ...notes))).toEqual({ starts: [], stops: [2] });
  });

  it('tell nothing of what was refused, broken off, or lost with a boot or the clock', () => {
    const refused = [note('starting', 1), note('starting', 2), note('started', 5)];
    const rebooted = [note('stopping', 900, 'b1'), note('stopped', 903, 'b2')];
    const backwards = [note('stopping', 9), note('stopped', 8)];
    const times = readEngineTimes(output('forking', ...refused, ...rebooted, ...backwards));
    expect(times).toEqual({ starts: [3], stops: [] });
  });

  it('are read one unit at a time, and whatever else is printed is passed over', () => {
    const text = [
      output('notify', note('starting', 1)),
      output('notify', note('started', 4)),
      'nonsense',
      '{"MESSAGE_ID":7}',
      '{"MESSAGE_ID":"x","_BOOT_ID":"b","__MONOTONIC_TIMESTAMP":"-1"}',
    ];
    expect(readEngineTimes(text.join('\n'))).toEqual({ starts: [], stops: [] });
  });

  it('count the newest only', () => {
    const notes = Array.from({ length: 30 }, (_, at) => [
      note('stopping', at * 100),
      note('stopped', at * 100 + at),
    ]);
    const { stops } = readEngineTimes(output('simple', ...notes.flat()));
    expect([stops.length, stops[0], stops.at(-1)]).toEqual([20, 10, 29]);
  });

  it('are named as the source, with what they do not tell', () => {
    expect(engineTimes([{ starts: [], stops: [] }])).toEqual({
      times: { engineStart: null, engineStop: null },
      source: null,
    });
    const { times, source } = engineTimes([
      { starts: [], stops: [2] },
      { starts: [], stops: [4] },
    ]);
    expect(times).toEqual({ engineStart: null, engineStop: { best: 2, typical: 4, worst: 4 } });
    expect(source).toContain('the last 0 starts and 2 stops');
    expect(source).toContain('how long a start takes is not known');
  });
});

describe('the look at a journal', () => {
  it('comes to its end also where there is no such unit, and no service manager', () => {
    const words = ['-c', engineTimesScript, 'ixha-engine-times', 'no-such-engine.service'];
    const run = spawnSync('sh', words, { encoding: 'utf8' });
    expect(run.stdout).toMatch(/^unit no-such-engine\.service/);
    expect(run.stdout).toMatch(/end\n$/);
    expect(readEngineTimes(run.stdout)).toEqual({ starts: [], stops: [] });
  });
});
