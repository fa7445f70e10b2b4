import type { EngineTrouble } from '../../shared/engine/engine-trouble.ts';
import type { EngineCapability } from './engine-adapter.ts';
import type { EngineHttp } from './engine-http.ts';
import type { IguanaXSession } from './iguanax-session.ts';

/** How a call is tried without changing anything. */
type Trial = 'open' | 'session' | 'job' | 'when-needed';

interface KnownCall {
  readonly call: string;
  readonly documented: boolean;
  readonly trial: Trial;
}

/** The calls that the adapter knows. None of them that could switch anything is tried just to see it. */
const knownCalls: readonly KnownCall[] = [
  { call: '/os', documented: true, trial: 'open' },
  { call: '/health', documented: false, trial: 'open' },
  { call: '/iguana/version', documented: false, trial: 'open' },
  { call: '/component/list', documented: false, trial: 'session' },
  { call: '/component/map', documented: false, trial: 'session' },
  { call: '/component/start', documented: false, trial: 'when-needed' },
  { call: '/component/stop', documented: false, trial: 'when-needed' },
  { call: '/component/start/check', documented: false, trial: 'job' },
  { call: '/component/stop/check', documented: false, trial: 'job' },
  { call: '/license/get', documented: true, trial: 'session' },
  { call: '/ha/get', documented: false, trial: 'session' },
];

/** A job that no engine knows: the answer shows whether the call exists. */
const noSuchJob = 'capability-probe';

export function untriedCapabilities(): EngineCapability[] {
  return knownCalls.map(({ call, documented, trial }) => ({
    call,
    documented,
    present: null,
    shape: trial === 'when-needed' ? 'tried only when it is needed' : 'not tried yet',
  }));
}

/** Tries every known call once, one after the other, and tells which exist and what form their answers have. */
export async function probeCapabilities(
  http: EngineHttp,
  session: IguanaXSession,
  limitMs: number,
): Promise<EngineCapability[]> {
  const found: EngineCapability[] = [];
  for (const known of knownCalls) {
    const { call, documented, trial } = known;
    const tried = await tryCall(known, http, session, limitMs);
    const untried = { present: null, shape: 'tried only when it is needed' };
    found.push({ call, documented, ...(trial === 'when-needed' ? untried : tried) });
  }
  return found;
}

type Tried = Pick<EngineCapability, 'present' | 'shape'>;

async function tryCall(
  { call, trial }: KnownCall,
  http: EngineHttp,
  session: IguanaXSession,
  limitMs: number,
): Promise<Tried> {
  if (trial === 'when-needed') return { present: null, shape: '' };
  if (trial === 'open') {
    const reply = await http.ask({ method: 'GET', path: call, limitMs });
    return reply.ok ? openAnswer(reply.value.text) : untold(reply.error);
  }
  const answer = await session.raw(call, trial === 'job' ? { job_id: noSuchJob } : {}, limitMs);
  if (answer.ok) return { present: true, shape: shapeOf(answer.value) };
  // It exists and says in its own words that there is no such job, or that this account may not.
  if (answer.error.code === 'call-refused') return { present: true, shape: 'success, error' };
  return untold(answer.error);
}

function openAnswer(text: string): Tried {
  if (/^\s*</.test(text)) return { present: false, shape: 'a page' };
  try {
    return { present: true, shape: shapeOf(JSON.parse(text)) };
  } catch {
    return { present: true, shape: 'text' };
  }
}

function untold(trouble: EngineTrouble): Tried {
  if (trouble.code === 'page-instead') return { present: false, shape: 'a page' };
  return { present: null, shape: trouble.seen };
}

const shapeLength = 200;

/** Names of fields, two levels deep; of a list its first entry. Values are never told: a licence is a secret. */
export function shapeOf(value: unknown, depth = 2): string {
  if (Array.isArray(value)) return depth === 0 ? '[]' : `[${shapeOf(value[0], depth - 1)}]`;
  if (typeof value !== 'object' || value === null) return typeof value;
  if (depth === 0) return '{}';
  const fields = Object.entries(value).map(([name, inner]) =>
    typeof inner === 'object' && inner !== null ? `${name} ${shapeOf(inner, depth - 1)}` : name,
  );
  const text = `{${fields.join(', ')}}`;
  return text.length > shapeLength ? `${text.slice(0, shapeLength - 1)}…` : text;
}
