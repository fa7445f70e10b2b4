import {
  consoleCalls,
  type ConsoleCallName,
  type ConsoleClient,
  type ConsoleRequest,
  type ConsoleResponse,
} from '../../shared/console-ipc/console-contract.ts';
import {
  consoleEvents,
  type ConsoleEvent,
  type ConsoleEventName,
} from '../../shared/console-ipc/console-events.ts';
import { CallOutcome } from '../../shared/console-ipc/envelope.ts';
import { productError, type ProductError } from '../../shared/errors.ts';
import type { Bridge } from './bridge.ts';

/** A call that was refused or got no answer; carries the product error for the screen. */
export class CallFailure extends Error {
  readonly product: ProductError;

  constructor(product: ProductError) {
    super(product.message);
    this.product = product;
  }
}

/** The product error in anything that was thrown; whatever is no `CallFailure` is a mistake of the console. */
export function productErrorOf(thrown: unknown): ProductError {
  if (thrown instanceof CallFailure) return thrown.product;
  return productError(
    'internal',
    thrown instanceof Error ? thrown.message : 'Something unexpected happened.',
  );
}

/** The one client of the page. Every answer and event is parsed; what does not fit is not used. */
export function createConsoleClient(bridge: Bridge): ConsoleClient {
  return {
    async call<Name extends ConsoleCallName>(
      name: Name,
      request: ConsoleRequest<Name>,
    ): Promise<ConsoleResponse<Name>> {
      const outcome = CallOutcome.safeParse(await ask(bridge, name, request));
      if (!outcome.success) throw new CallFailure(nonsense(name));
      if (!outcome.data.ok) throw new CallFailure(outcome.data.error);
      const value = consoleCalls[name].response.safeParse(outcome.data.value);
      if (!value.success) throw new CallFailure(nonsense(name));
      return value.data as ConsoleResponse<Name>;
    },
    on<Name extends ConsoleEventName>(name: Name, listener: (event: ConsoleEvent<Name>) => void) {
      return bridge.on(name, (raw) => {
        const event = consoleEvents[name].safeParse(raw);
        if (event.success) listener(event.data as ConsoleEvent<Name>);
      });
    },
    onConnection(listener) {
      if (bridge.onConnection) return bridge.onConnection(listener);
      listener(true);
      return () => undefined;
    },
  };
}

async function ask(bridge: Bridge, name: ConsoleCallName, request: unknown): Promise<unknown> {
  try {
    return await bridge.call(name, request);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : 'no reason given';
    return { ok: false, error: productError('server.timeout', `The console host did not answer: ${why}.`) };
  }
}

function nonsense(name: string): ProductError {
  return productError('agent.nonsense', `The console host answered ${name} with something unexpected.`);
}
