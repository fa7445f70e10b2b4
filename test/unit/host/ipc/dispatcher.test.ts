import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { callFailure } from '../../../../electron/host/ipc/call-failure.ts';
import { createDispatcher } from '../../../../electron/host/ipc/dispatcher.ts';
import { consoleCallNames, type ConsoleHandlers } from '../../../../shared/console-ipc/console-contract.ts';
import { CallOutcome } from '../../../../shared/console-ipc/envelope.ts';

const logged: string[] = [];
const log = { info: () => undefined, error: (line: string) => logged.push(line) };
const reached: string[] = [];

/** Every handler notes that it was reached and answers `answer`. */
function handlersAnswering(answer: () => unknown): ConsoleHandlers {
  return Object.fromEntries(
    consoleCallNames.map((name) => [
      name,
      async () => {
        reached.push(name);
        return answer();
      },
    ]),
  ) as unknown as ConsoleHandlers;
}

describe('the dispatcher', () => {
  beforeEach(() => {
    logged.length = 0;
    reached.length = 0;
  });

  test('hands a parsed answer back', async () => {
    const dispatch = createDispatcher(
      handlersAnswering(() => ({ theme: 'dark', shell: 'browser', welcomed: true, desktopNotes: true })),
      log,
    );
    expect(await dispatch('getPreferences', {})).toEqual({
      ok: true,
      value: { theme: 'dark', shell: 'browser', welcomed: true, desktopNotes: true },
    });
  });

  test.each(['unknown', '', '__proto__', 'constructor', 'toString', 7, null, undefined, {}])(
    'refuses the unknown call %j without reaching a handler',
    async (name) => {
      const outcome = await createDispatcher(
        handlersAnswering(() => ({})),
        log,
      )(name, {});
      expect(outcome).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
      expect(reached).toEqual([]);
    },
  );

  test('refuses a wrong request with its fields, before the handler', async () => {
    const dispatch = createDispatcher(
      handlersAnswering(() => ({})),
      log,
    );
    const outcome = await dispatch('readJournal', { cluster: 'WK1', limit: 501, more: true });
    expect(outcome).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
    if (!outcome.ok) expect(outcome.error.details?.join('\n')).toContain('limit');
    expect(reached).toEqual([]);
  });

  test('hands an expected failure on as it is', async () => {
    const dispatch = createDispatcher(
      handlersAnswering(() => {
        throw callFailure('demo.only', 'Not here.');
      }),
      log,
    );
    expect(await dispatch('healAll', {})).toMatchObject({
      ok: false,
      error: { code: 'demo.only', message: 'Not here.' },
    });
    expect(logged).toEqual([]);
  });

  test('answers a mistake of ours as internal, logs it and tells nothing of its inside', async () => {
    const dispatch = createDispatcher(
      handlersAnswering(() => {
        throw new Error('secret inside');
      }),
      log,
    );
    const outcome = await dispatch('healAll', {});
    expect(outcome).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(JSON.stringify(outcome)).not.toContain('secret inside');
    expect(logged).toHaveLength(1);
  });

  test('does not let an answer outside the contract through', async () => {
    const dispatch = createDispatcher(
      handlersAnswering(() => ({ theme: 'plaid', shell: 'browser' })),
      log,
    );
    expect(await dispatch('getPreferences', {})).toMatchObject({ ok: false, error: { code: 'internal' } });
  });

  test('never rejects, whatever is asked', async () => {
    const dispatch = createDispatcher(
      handlersAnswering(() => undefined),
      log,
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.constantFrom(...consoleCallNames), fc.string(), fc.anything()),
        fc.anything(),
        async (name, request) => {
          expect(CallOutcome.safeParse(await dispatch(name, request)).success).toBe(true);
        },
      ),
    );
  });
});
