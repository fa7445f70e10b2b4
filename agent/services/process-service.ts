import * as z from 'zod/mini';
import type { Clock } from '../../shared/clock.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { EngineService } from './engine-service.ts';
import { ManagerLine } from './manager-line.ts';

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
const statusLimitMs = 500;

/** The demo's service manager, over its Unix socket: one JSON line each way. */
export function openProcessService(
  service: { socket: string; unit: string },
  cluster: string,
  clock: Clock,
): EngineService {
  /** Ten looks a second share one connection; whatever may take long has one of its own. */
  const looks = new ManagerLine(service.socket);
  const askStatus = { op: 'status', unit: service.unit };
  const call = async (request: object, limitMs: number) => {
    const line = new ManagerLine(service.socket);
    const answer = await askManager(line, request, limitMs);
    line.close();
    return answer;
  };
  const expectState = async (
    request: object,
    limitMs: number,
    wanted: string,
  ): Promise<Result<void, string>> => {
    const answer = accepted(await call(request, limitMs));
    if (!answer.ok) return answer;
    return answer.value.state === wanted ? succeed(undefined) : fail(`the engine is ${answer.value.state}`);
  };
  return {
    async observe() {
      const answer = accepted(await askManager(looks, askStatus, statusLimitMs));
      if (!answer.ok) return answer;
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
    async processes() {
      const answer = accepted(await call(askStatus, statusLimitMs));
      if (!answer.ok) return answer;
      return succeed(answer.value.pid === null ? [] : [answer.value.pid]);
    },
    async life() {
      const answer = accepted(await call(askStatus, statusLimitMs));
      if (!answer.ok || answer.value.pid === null) return null;
      return `${answer.value.pid}-${answer.value.sinceBootMs ?? 0}`;
    },
    async restartGuard(number) {
      const answer = await call({ op: 'kill', unit: `guard-${number}-${cluster}` }, marginMs);
      if (!answer.ok) return answer;
      return answer.value.ok ? succeed(undefined) : fail(answer.value.detail);
    },
  };
}

/** A refusal of the manager counts as a failure, in its words. */
function accepted(answer: Result<Answer, string>): Result<Extract<Answer, { ok: true }>, string> {
  if (!answer.ok) return answer;
  return answer.value.ok ? succeed(answer.value) : fail(`${answer.value.refused}: ${answer.value.detail}`);
}

async function askManager(
  line: ManagerLine,
  request: object,
  limitMs: number,
): Promise<Result<Answer, string>> {
  const answer = await line.ask(request, limitMs);
  return answer.ok ? parseAnswer(answer.value) : answer;
}

function parseAnswer(line: string): Result<Answer, string> {
  try {
    const parsed = Answer.safeParse(JSON.parse(line));
    return parsed.success ? succeed(parsed.data) : fail('the service manager answered nonsense');
  } catch {
    return fail('the service manager answered nonsense');
  }
}
