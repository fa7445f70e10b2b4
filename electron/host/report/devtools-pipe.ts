import { StringDecoder } from 'node:string_decoder';
import * as z from 'zod/mini';
import { parseJson } from '../../../shared/parse-json.ts';
import type { BrowserRun } from './browser-run.ts';

/** What a browser says: the answer to a call, or that something happened. */
const Said = z.object({
  id: z.optional(z.number()),
  method: z.optional(z.string()),
  result: z.optional(z.record(z.string(), z.unknown())),
  error: z.optional(z.object({ message: z.string() })),
});

/** A browser that is spoken to over its pipe. */
export interface DevTools {
  /** Rejects with the browser's own sentence where it refuses. */
  call(method: string, params: object, sessionId?: string): Promise<Record<string, unknown>>;
  /** Resolves when this happens for the first time from now on. */
  happened(method: string): Promise<void>;
}

/**
 * The DevTools protocol over a pipe: JSON, each message ended by a zero byte. Source: the option
 * --remote-debugging-pipe of Chromium. There is no port, and nobody else can speak to that browser.
 */
export function devToolsOver({ to, from }: BrowserRun['pipe']): DevTools {
  const answers = new Map<number, PromiseWithResolvers<Record<string, unknown>>>();
  const events = new Map<string, () => void>();
  const hear = (message: string) => {
    // What is none of its messages is no answer.
    const { id, method, result, error } = Said.safeParse(parseJson(message)).data ?? {};
    if (method !== undefined) events.get(method)?.();
    if (id === undefined) return;
    if (error) answers.get(id)?.reject(new Error(error.message));
    else answers.get(id)?.resolve(result ?? {});
    answers.delete(id);
  };
  const decoder = new StringDecoder('utf8');
  let begun: string[] = [];
  from.on('data', (chunk: Buffer) => {
    const [first = '', ...others] = decoder.write(chunk).split('\0');
    begun.push(first);
    for (const next of others) {
      hear(begun.join(''));
      begun = [next];
    }
  });
  let nextId = 1;
  return {
    call: (method, params, sessionId) => {
      const id = nextId++;
      const answer = Promise.withResolvers<Record<string, unknown>>();
      answers.set(id, answer);
      to.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
      return answer.promise;
    },
    happened: (method) => new Promise((resolve) => events.set(method, resolve)),
  };
}
