import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { fail, succeed, type Result } from '../../../shared/result.ts';

const Port = z.int().check(z.minimum(1), z.maximum(65535));
const Milliseconds = z.int().check(z.minimum(1));
/** Becomes part of MSH-10, which holds 20 characters. */
const StreamId = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/));

const Stream = z.strictObject({
  id: StreamId,
  cluster: z.string(),
  /** `judge` behaves like the vendor's senders, `meter` looks closely at downtime. */
  kind: z.enum(['judge', 'meter']),
  address: z.string(),
  port: Port,
  perSecond: z.number().check(z.positive(), z.maximum(1000)),
  receiver: z.string(),
  log: z.optional(z.string()),
  /** These three follow from the kind when absent. */
  ackTimeoutMs: z.optional(Milliseconds),
  resends: z.optional(z.int().check(z.minimum(0))),
  reconnectMs: z.optional(Milliseconds),
});

const Receiver = z.strictObject({
  id: z.string(),
  cluster: z.string(),
  address: z._default(z.string(), '127.0.0.1'),
  port: Port,
  log: z.optional(z.string()),
});
export type ReceiverConfig = z.infer<typeof Receiver>;

const TrafficFile = z.strictObject({
  control: z.strictObject({ address: z._default(z.string(), '127.0.0.1'), port: Port }),
  streams: z.array(Stream),
  receivers: z.array(Receiver),
  /** How long an acknowledged message may take to arrive before it counts as lost. */
  settleMs: z._default(Milliseconds, 5000),
});

export interface StreamConfig extends z.infer<typeof Stream> {
  readonly ackTimeoutMs: number;
  readonly resends: number;
  readonly reconnectMs: number;
}

export interface TrafficConfig extends z.infer<typeof TrafficFile> {
  readonly streams: StreamConfig[];
}

/** The vendor's senders wait 10 s, send five times more and connect again after 10 s. */
const habits = {
  judge: { ackTimeoutMs: 10_000, resends: 5, reconnectMs: 10_000 },
  meter: { ackTimeoutMs: 300, resends: 0, reconnectMs: 20 },
} as const;

/** Reads and checks the configuration. The failure is a sentence. */
export function readTrafficConfig(path: string): Result<TrafficConfig, string> {
  let raw: unknown;
  try {
    raw = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    return fail(`The configuration ${path} cannot be read (${(error as Error).message}).`);
  }
  const parsed = TrafficFile.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return fail(`The configuration ${path} is damaged: ${issue?.path.join('.')}: ${issue?.message}.`);
  }
  const { streams, receivers } = parsed.data;
  const orphan = streams.find((stream) => !receivers.some((receiver) => receiver.id === stream.receiver));
  if (orphan) return fail(`Stream ${orphan.id} names a receiver that does not exist: ${orphan.receiver}.`);
  const ids = streams.map((stream) => stream.id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) return fail(`Two streams are named ${twice}.`);
  return succeed({ ...parsed.data, streams: streams.map(withHabits) });
}

function withHabits(stream: z.infer<typeof Stream>): StreamConfig {
  const usual = habits[stream.kind];
  return {
    ...stream,
    ackTimeoutMs: stream.ackTimeoutMs ?? usual.ackTimeoutMs,
    resends: stream.resends ?? usual.resends,
    reconnectMs: stream.reconnectMs ?? usual.reconnectMs,
  };
}
