import type { ClockReading } from '../../../shared/preflight/clock-checks.ts';
import { outputOf, type CommandRunner } from '../ssh/server-connection.ts';

const questions = 3;

/**
 * Asks a server for the time a few times and keeps the quickest answer: half of its round trip is how far
 * the result may be off. Undefined when it does not tell.
 */
export async function measureClock(
  server: CommandRunner,
  wallMs: () => number,
): Promise<ClockReading | undefined> {
  let best: ClockReading | undefined;
  for (let asked = 0; asked < questions; asked++) {
    const sentMs = wallMs();
    const said = await outputOf(server, ['date', '+%s%3N'], {
      what: 'asking for the time',
      timeoutMs: 5_000,
    });
    const gotMs = wallMs();
    if (!said.ok || !/^\d{13}\s*$/.test(said.value)) continue;
    const uncertaintyMs = (gotMs - sentMs) / 2;
    if (best && best.uncertaintyMs <= uncertaintyMs) continue;
    best = { offsetMs: Number(said.value) - (sentMs + gotMs) / 2, uncertaintyMs };
  }
  return best;
}
