import { createConnection } from 'node:net';
import * as z from 'zod/mini';
import type { Clock } from '../../shared/clock.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { EngineService } from './engine-service.ts';

const Answer = z.union([
  z.object({
    ok: z.literal(true),
    state: z.enum(['running', 'stopped', 'starting', 'stopping']),
    pid: z.nullable(z.int()),
    sinceBootMs: z.nullable(z.number()),
  }),
  z.object({ ok: z.literal(false), refused: z.string(), detail: z.string() }),
]);
type Answer = z.infer<typeof Answer>;

/** Slack above a call's own limit before the manager itself is called silent. */
const marginMs = 2_000;

/** The demo's service manager, over its Unix socket: one JSON line each way. */
export function openProcessService(
  service: { socket: string; unit: string },
  cluster: string,
  clock: Clock,
): EngineService {
  const call = (request: object, limitMs: number) => askManager(service.socket, request, limitMs);
  const expectState = async (
    request: object,
    limitMs: number,
    wanted: string,
  ): Promise<Result<void, string>> => {
    const answer = await call(request, limitMs);
    if (!answer.ok) return answer;
    if (!answer.value.ok) return fail(`${answer.value.refused}: ${answer.value.detail}`);
    return answer.value.state === wanted ? succeed(undefined) : fail(`the engine is ${answer.value.state}`);
  };
  return {
    async observe() {
      const answer = await call({ op: 'status', unit: service.unit }, 500);
      if (!answer.ok) return answer;
      if (!answer.value.ok) return fail(`${answer.value.refused}: ${answer.value.detail}`);
      const { state, sinceBootMs } = answer.value;
      return succeed({
        process: state,
        runningMs: sinceBootMs === null ? null : clock.bootMs() - sinceBootMs,
      });
    },
    start: (timeLimitMs) => expectState({ op: 'start', unit: service.unit }, timeLimitMs, 'running'),
    stop: (graceMs) =>
      expectState({ op: 'stop', unit: service.unit, graceMs }, graceMs + marginMs, 'stopped'),
    kill: () => expectState({ op: 'kill', unit: service.unit }, marginMs, 'stopped'),
    async restartGuard(number) {
      const answer = await call({ op: 'kill', unit: `guard-${number}-${cluster}` }, marginMs);
      if (!answer.ok) return answer;
      return answer.value.ok ? succeed(undefined) : fail(answer.value.detail);
    },
  };
}

function askManager(socketPath: string, request: object, limitMs: number): Promise<Result<Answer, string>> {
  return new Promise((resolve) => {
    const socket = createConnection(socketPath);
    let text = '';
    const end = (result: Result<Answer, string>) => {
      clearTimeout(limit);
      socket.destroy();
      resolve(result);
    };
    const limit = setTimeout(
      () => end(fail(`the service manager did not answer within ${limitMs} ms`)),
      limitMs,
    );
    socket.on('error', (error) => end(fail(`the service manager cannot be asked: ${error.message}`)));
    socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`));
    socket.on('data', (part) => {
      text += part.toString('utf8');
      if (text.includes('\n')) end(parseAnswer(text.slice(0, text.indexOf('\n'))));
    });
    socket.on('close', () => end(fail('the service manager closed the connection')));
  });
}

function parseAnswer(line: string): Result<Answer, string> {
  try {
    const parsed = Answer.safeParse(JSON.parse(line));
    return parsed.success ? succeed(parsed.data) : fail('the service manager answered nonsense');
  } catch {
    return fail('the service manager answered nonsense');
  }
}
