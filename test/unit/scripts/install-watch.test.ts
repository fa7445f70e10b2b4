import { describe, expect, it } from 'vitest';
import { createInstallWatch, noAnswerMs } from '../../../scripts/lib/install-watch.mjs';

const refused = 'npm http fetch GET http://r.test/a attempt 1 failed with ENOTFOUND\n';
const answered = 'npm http fetch GET 200 http://r.test/a 5ms (cache miss)\n';

function watchAt() {
  const time = { now: 1000 };
  return { time, watch: createInstallWatch({ now: () => time.now }) };
}

describe('following an install', () => {
  it('counts packages, not look-ups, also across cut lines', () => {
    const { watch } = watchAt();
    watch.read(answered);
    watch.read('npm http fetch GET 200 http://r.test/a/-/a-1.0.0.t');
    watch.read('gz 9ms (cache miss)\nnpm http cache http://r.test/b/-/b-1.0.0.tgz 0ms (cache hit)\n');
    expect(watch.fetched()).toBe(2);
  });

  it('gives up when only failures came for long', () => {
    const { time, watch } = watchAt();
    watch.read(refused);
    time.now += noAnswerMs - 1;
    expect(watch.isHopeless()).toBe(false);
    watch.read(refused);
    time.now += 1;
    expect(watch.isHopeless()).toBe(true);
  });

  it('goes on while answers come between failures, and while nothing is asked for', () => {
    const { time, watch } = watchAt();
    time.now += 10 * noAnswerMs;
    expect(watch.isHopeless()).toBe(false);
    watch.read(refused);
    watch.read(answered);
    time.now += noAnswerMs;
    expect(watch.isHopeless()).toBe(false);
  });

  it('keeps the errors and leaves out stack traces', () => {
    const { watch } = watchAt();
    watch.read('npm error code ECONNREFUSED\nnpm error     at socket (node:net:1)\nnpm error }\nnpm error\n');
    watch.read('npm error A complete log of this run can be found in: x\n');
    expect(watch.errorLines()).toBe('npm error code ECONNREFUSED');
  });
});
