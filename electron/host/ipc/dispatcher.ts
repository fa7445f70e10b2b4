import * as z from 'zod/mini';
import {
  consoleCalls,
  type ConsoleCallName,
  type ConsoleHandlers,
} from '../../../shared/console-ipc/console-contract.ts';
import type { CallOutcome } from '../../../shared/console-ipc/envelope.ts';
import { productError } from '../../../shared/errors.ts';
import type { HostLog } from '../host-log.ts';
import { fieldsInError } from '../zod-fields.ts';
import { CallFailure } from './call-failure.ts';

export type Dispatch = (name: unknown, request: unknown) => Promise<CallOutcome>;

/**
 * The one door for calls of every shell. Parses the request, runs its handler, parses the response.
 * Never throws and never rejects: whatever happens becomes an outcome, and a mistake of ours is logged.
 */
export function createDispatcher(handlers: ConsoleHandlers, log: HostLog): Dispatch {
  return async (name, request) => {
    if (!isConsoleCall(name)) {
      const shown = typeof name === 'string' ? name.slice(0, 60) : typeof name;
      return refused(`The console does not know the call ${JSON.stringify(shown)}.`);
    }
    const parsed = z.safeParse(consoleCalls[name].request, request);
    if (!parsed.success) {
      return refused(`The request of ${name} has invalid fields.`, fieldsInError(parsed.error));
    }
    try {
      // Each handler takes its own request type; parsed by its own schema, the value fits it.
      const handler = handlers[name] as (request: unknown) => Promise<unknown>;
      const response = z.safeParse(consoleCalls[name].response, await handler(parsed.data));
      if (response.success) return { ok: true, value: response.data };
      log.error(`${name} answered outside the contract`, fieldsInError(response.error).join('; '));
      return { ok: false, error: productError('internal', `The answer to ${name} was not as agreed.`) };
    } catch (cause) {
      if (cause instanceof CallFailure) return { ok: false, error: cause.error };
      log.error(`${name} failed`, cause);
      return { ok: false, error: productError('internal', `The call ${name} could not be carried out.`) };
    }
  };
}

function isConsoleCall(name: unknown): name is ConsoleCallName {
  return typeof name === 'string' && Object.hasOwn(consoleCalls, name);
}

function refused(message: string, fields?: readonly string[]): CallOutcome {
  return { ok: false, error: productError('request.invalid', message, fields) };
}
