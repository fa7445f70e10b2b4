import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { exitCodes, type Refusal } from './exit-codes.ts';

const Port = z.int().check(z.minimum(1), z.maximum(65535));
const Milliseconds = z.int().check(z.minimum(0));
const Name = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/));

/** A component that takes messages over LLP, queues them and sends them on over LLP. */
export const ListenerConfig = z.strictObject({
  name: Name,
  address: z._default(z.string(), '127.0.0.1'),
  port: Port,
  destination: z.strictObject({ address: z.string(), port: Port }),
  /** How long the destination may take for an acknowledgement. */
  ackTimeoutMs: z._default(Milliseconds, 10_000),
  /** Pause before the destination is tried again. */
  retryMs: z._default(Milliseconds, 250),
});
export type ListenerConfig = z.infer<typeof ListenerConfig>;

/** A channel that takes requests over HTTP and answers each at once. */
export const HttpConfig = z.strictObject({
  name: Name,
  address: z._default(z.string(), '127.0.0.1'),
  port: Port,
});
export type HttpConfig = z.infer<typeof HttpConfig>;

/** A component that fetches work by itself. Never started by the engine, only through its API. */
export const PollerConfig = z.discriminatedUnion('kind', [
  z.strictObject({
    name: Name,
    kind: z.literal('file'),
    directory: z.string(),
    outDirectory: z.string(),
    everyMs: z._default(Milliseconds, 500),
    /** How long one file is worked on between being read and being done. */
    workMs: z._default(Milliseconds, 20),
  }),
  z.strictObject({ name: Name, kind: z.literal('timer'), everyMs: z._default(Milliseconds, 1000) }),
]);
export type PollerConfig = z.infer<typeof PollerConfig>;

export const EngineConfig = z.strictObject({
  /** The cluster this engine belongs to. */
  name: Name,
  /** The server it runs on; it is the sender (MSH-3) of every acknowledgement. */
  server: Name,
  apiAddress: z._default(z.string(), '127.0.0.1'),
  apiPort: Port,
  apiUser: z.string(),
  apiPasswordFile: z.string(),
  workingDirectory: z.string(),
  listeners: z._default(z.array(ListenerConfig), []),
  http: z._default(z.array(HttpConfig), []),
  pollers: z._default(z.array(PollerConfig), []),
  /** Names of listeners and HTTP channels that start with the engine. */
  autostart: z._default(z.array(z.string()), []),
  /** From the start of the process until the API answers. */
  startMs: z._default(Milliseconds, 300),
  /** From the last flushed queue position until the process ends. */
  stopMs: z._default(Milliseconds, 300),
  /** Where the engine tells an outside judge that it runs; absent: nowhere. */
  record: z.optional(z.string()),
  maxComponents: z._default(z.int(), 50),
  /** Messages waiting per component before more are answered AE. */
  maxQueued: z._default(z.int(), 50_000),
  /** The journal is rewritten without what is delivered when it has grown by this much. */
  compactBytes: z._default(z.int(), 8 * 1024 * 1024),
  /** A part of the message log that has grown to this is followed by the next one. */
  messageLogBytes: z._default(z.int(), 4 * 1024 * 1024),
});
export type EngineConfig = z.infer<typeof EngineConfig>;

/** Reads and checks the configuration file. */
export function readEngineConfig(path: string): Result<EngineConfig, Refusal> {
  const text = readText(path);
  if (!text.ok) {
    return fail({
      exitCode: exitCodes.configurationMissing,
      sentence: `The configuration ${path} cannot be read (${text.error}).`,
    });
  }
  const parsed = parse(text.value);
  if (!parsed.ok) {
    return fail({
      exitCode: exitCodes.configurationDamaged,
      sentence: `The configuration ${path} is damaged: ${parsed.error}.`,
    });
  }
  return parsed;
}

/** Reads the password of the API account: the first line of its file. */
export function readPassword(path: string): Result<string, Refusal> {
  const text = readText(path);
  if (text.ok) return succeed(text.value.split('\n')[0]?.trim() ?? '');
  return fail({
    exitCode: exitCodes.configurationMissing,
    sentence: `The password file ${path} cannot be read (${text.error}).`,
  });
}

function parse(text: string): Result<EngineConfig, string> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return fail('it is not JSON');
  }
  const config = EngineConfig.safeParse(raw);
  if (!config.success) {
    const issue = config.error.issues[0];
    return fail(`${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'not understood'}`);
  }
  const { listeners, http, pollers, autostart } = config.data;
  const names = [...listeners, ...http, ...pollers].map((component) => component.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return fail(`two components are named ${twice}`);
  const startable = [...listeners, ...http].map((component) => component.name);
  const unknown = autostart.find((name) => !startable.includes(name));
  return unknown === undefined ? succeed(config.data) : fail(`autostart names no listener: ${unknown}`);
}

function readText(path: string): Result<string, string> {
  try {
    return succeed(readFileSync(path, 'utf8'));
  } catch (error) {
    return fail((error as NodeJS.ErrnoException).code ?? 'unreadable');
  }
}
