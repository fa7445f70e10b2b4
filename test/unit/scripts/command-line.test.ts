import { describe, expect, it } from 'vitest';
import { consoleFlagOptions } from '../../../electron/browser-shell/flags.ts';
import { nearest, readCommandLine, usageText } from '../../../scripts/lib/command-line.mjs';
import { programSpecs } from '../../../scripts/lib/program-specs.mjs';
import { consoleFlags, startChoice, startSpec } from '../../../scripts/lib/start-options.mjs';

const read = (...argv: string[]) => readCommandLine(startSpec, argv);
const refusal = (...argv: string[]) => {
  const answer = read(...argv);
  return answer.kind === 'refused' ? answer.text : `not refused: ${answer.kind}`;
};

describe('the options of a script', () => {
  it('are read in both ways of writing a value', () => {
    expect(read('--profile', '/site', '--no-open')).toMatchObject({
      values: { profile: '/site', 'no-open': true },
    });
    expect(read('--port=7000')).toMatchObject({ values: { port: '7000' } });
  });

  it('are all explained by --help, wherever it stands', () => {
    for (const argv of [['--help'], ['-h'], ['--no-open', '--help']]) {
      const answer = read(...argv);
      expect(answer.kind).toBe('help');
      for (const { flag } of startSpec.options) expect(answer).toMatchObject({ text: includes(flag) });
    }
  });

  it('are refused when they are unknown, with the one that was probably meant', () => {
    expect(refusal('--no-opne')).toContain('There is no option --no-opne. Did you mean --no-open?');
    expect(refusal('--colour')).not.toContain('Did you mean');
    expect(refusal('--colour')).toContain('Next: see what there is: npm start -- --help');
    expect(refusal('-x')).toContain('There is no option -x.');
  });

  it('are refused without their value, and with one where there is none', () => {
    expect(refusal('--profile')).toContain('--profile needs a value: --profile DIR');
    expect(refusal('--profile', '--no-open')).toContain('--profile needs a value');
    expect(refusal('--profile=')).toContain('--profile needs a value');
    expect(refusal('--demo=yes')).toContain('--demo takes no value');
  });

  it('are meant by a word without dashes where no words are known', () => {
    expect(refusal('demo')).toContain('"demo" is not an option here. Did you mean --demo?');
  });
});

function includes(text: string): string {
  return expect.stringContaining(text) as string;
}

describe('the options of npm start', () => {
  it('hold every option of the console itself, and pass it on', () => {
    const known = startSpec.options.map(({ flag }) => flag.split(' ')[0]!.slice(2));
    for (const name of Object.keys(consoleFlagOptions)) expect(known).toContain(name);
    const own = known.filter((name) => !Object.hasOwn(consoleFlagOptions, name));
    expect(own).toEqual(['browser', 'electron']);
    expect(consoleFlags({ browser: true, 'no-open': true, port: '7' })).toEqual([
      '--demo',
      '--no-open',
      '--port=7',
    ]);
    expect(consoleFlags({ profile: '/site' })).toEqual(['--profile=/site']);
  });

  it('refuse what excludes each other', () => {
    expect(startChoice({ demo: true, profile: '/site' })).toMatchObject({ kind: 'refused' });
    expect(startChoice({ 'no-open': true, electron: true })).toMatchObject({ kind: 'refused' });
    expect(startChoice({ 'no-open': true })).toEqual({ kind: 'run', forced: undefined });
  });
});

describe('usage texts', () => {
  it.each(Object.entries(programSpecs))('of %s name every option with what it does', (_program, spec) => {
    for (const { flag, does } of spec.options) {
      expect(usageText(spec)).toContain(flag);
      expect(does.length).toBeGreaterThan(5);
    }
    expect(readCommandLine(spec, ['--no-such-option']).kind).toBe('refused');
  });

  it('guess only what is near', () => {
    expect(nearest('stauts', ['status', 'heal'])).toBe('status');
    expect(nearest('destroy', ['status', 'heal'])).toBeUndefined();
  });
});
