import { dirname, join } from 'node:path';
import { DeliveryAnswer, deliveryFailed, type DeliveryOrder } from '../../shared/notifications/delivery.ts';
import { parseJson } from '../../shared/parse-json.ts';
import { runProgram } from '../services/run-program.ts';

/** Delivers one message and says how it went. Never rejects. */
export type Deliver = (order: DeliveryOrder) => Promise<DeliveryAnswer>;

/** Longer than any time limit inside the program itself. */
const limitMs = 25_000;

/** The program that delivers lies beside the one that runs. */
export function deliveryProgram(): string {
  return join(dirname(process.argv[1] ?? ''), 'ixha-notify.cjs');
}

/** Starts `program` for each message, small and with the lowest priority: everything else on the server comes first. */
export function deliverBy(program: string): Deliver {
  return async (order) => {
    const args = ['-n', '19', process.execPath, '--max-semi-space-size=1', '--single-threaded', program];
    const { output, code, timedOut } = await runProgram('nice', args, limitMs, JSON.stringify(order));
    if (timedOut) return deliveryFailed('timed-out', `It took more than ${limitMs / 1_000} s to deliver it.`);
    const line = output.split('\n').find((one) => one.startsWith('{')) ?? '';
    const answer = DeliveryAnswer.safeParse(parseJson(line));
    if (answer.success) return answer.data;
    return deliveryFailed('not-run', `The program that delivers ended with ${code ?? 'no code'}.`);
  };
}
