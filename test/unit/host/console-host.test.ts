import { describe, expect, test } from 'vitest';
import { createConsoleHost, type ConsoleHostOptions } from '../../../electron/host/console-host.ts';
import { sessionSettings } from '../../../electron/host/settings/preferences.ts';
import type { ConsoleSnapshot } from '../../../shared/console-ipc/console-snapshot.ts';
import { productError } from '../../../shared/errors.ts';
import { handTime } from './hand-time.ts';
import { noPrinter, sampleMeans } from './setup/sample-means.ts';

const logged: string[] = [];
const base = {
  settings: sessionSettings(),
  setup: sampleMeans(),
  printPdf: noPrinter,
  shell: 'browser',
  version: '0.1.0',
  chance: () => 0.5,
  log: { info: () => undefined, error: (line: string) => logged.push(line) },
} satisfies Partial<ConsoleHostOptions>;

describe('the console host', () => {
  test('says what it waits for while the demo starts', async () => {
    const time = handTime();
    const started = Promise.withResolvers<never>();
    let say: (text: string) => void = () => undefined;
    const host = createConsoleHost({
      ...base,
      time,
      source: {
        kind: 'demo',
        start: (tell) => {
          say = tell;
          return started.promise;
        },
      },
    });
    const seen: ConsoleSnapshot[] = [];
    host.subscribe((name, event) => {
      if (name === 'snapshot') seen.push(event as ConsoleSnapshot);
    });
    time.forward(300);
    say('Booting the servers');
    expect(seen.at(-1)).toMatchObject({
      site: null,
      trouble: null,
      awaiting: { what: 'The demo site starts: Booting the servers.', sinceMs: 300 },
    });
    started.reject(new Error('ended by the test'));
    await host.opened;
    await host.stop();
  });

  test('answers a damaged profile with its code, in the picture and to every call', async () => {
    const source = { kind: 'profile', directory: '/nowhere/at/all' } as const;
    const host = createConsoleHost({ ...base, time: handTime(), source });
    expect(await host.opened).toMatchObject({ ok: false, error: { code: 'site.missing' } });
    expect(host.current()).toMatchObject({ site: null, awaiting: null, trouble: { code: 'site.missing' } });
    const answer = await host.dispatch('readJournal', { cluster: 'WK1', limit: 10 });
    expect(answer).toMatchObject({ ok: false, error: { code: 'site.missing' } });
    if (!answer.ok) expect(answer.error.message).toContain('/nowhere/at/all/site.json');
    await host.stop();
  });

  test('shows why the demo could not start, and waits for nothing then', async () => {
    const host = createConsoleHost({
      ...base,
      time: handTime(),
      source: {
        kind: 'demo',
        start: () => Promise.resolve({ ok: false, error: productError('demo.failed', 'No bash here.') }),
      },
    });
    await host.opened;
    expect(host.current()).toMatchObject({
      site: null,
      awaiting: null,
      trouble: { message: 'No bash here.' },
    });
    await host.stop();
  });

  test('shows a mistake at the start of the demo as a failed demo, and logs it', async () => {
    const host = createConsoleHost({
      ...base,
      time: handTime(),
      source: { kind: 'demo', start: () => Promise.reject(new Error('boom')) },
    });
    await host.opened;
    expect(host.current().trouble?.code).toBe('demo.failed');
    expect(logged.at(-1)).toContain('could not be opened');
    await host.stop();
  });

  test('shows that a profile is missing', async () => {
    const host = createConsoleHost({
      ...base,
      time: handTime(),
      source: { kind: 'profile', directory: '/does/not/exist' },
    });
    await host.opened;
    expect(host.current().trouble).toMatchObject({ code: 'site.missing' });
    expect(await host.dispatch('readJournal', { cluster: 'WK1', limit: 1 })).toMatchObject({
      ok: false,
      error: { code: 'site.missing' },
    });
    await host.stop();
  });

  test('counts revisions upwards and keeps the theme', async () => {
    const host = createConsoleHost({
      ...base,
      time: handTime(),
      source: { kind: 'profile', directory: '/does/not/exist' },
    });
    await host.opened;
    const [one, other] = [host.current(), host.current()];
    expect(other.revision).toBeGreaterThan(one.revision);
    expect(await host.dispatch('setTheme', { theme: 'dark' })).toEqual({ ok: true, value: {} });
    expect(await host.dispatch('getPreferences', {})).toEqual({
      ok: true,
      value: { theme: 'dark', shell: 'browser', welcomed: false, desktopNotes: true },
    });
    await host.stop();
  });

  test('leaves no timer behind', async () => {
    const time = handTime();
    const host = createConsoleHost({
      ...base,
      time,
      source: { kind: 'profile', directory: '/does/not/exist' },
    });
    await host.stop();
    expect(time.pending()).toBe(0);
  });
});
