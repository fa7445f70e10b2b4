import * as z from 'zod/mini';
import { NotHad } from './support-material.ts';

/** Bounds of one answer: what is older is left out, and told. */
export const logLimits = { lines: 5_000, characters: 2_000 } as const;

/** One line of a unit's log, let through word by word on its server. */
export const LogLine = z.strictObject({
  at: z.string().check(z.maxLength(40)),
  unit: z.string().check(z.maxLength(200)),
  /** As syslog counts: 3 and less is an error, 4 a warning. */
  priority: z.nullable(z.number()),
  pid: z.nullable(z.number()),
  text: z.string().check(z.maxLength(4 * logLimits.characters)),
});
export type LogLine = z.infer<typeof LogLine>;

/** What one server tells of the logs of the product's units there, oldest first. */
export const ServerLogs = z.strictObject({
  schema: z.literal(1),
  productVersion: z.string().check(z.maxLength(40)),
  wallTime: z.string().check(z.maxLength(40)),
  units: z.array(z.string().check(z.maxLength(200))).check(z.maxLength(500)),
  lines: z.array(LogLine).check(z.maxLength(logLimits.lines)),
  /** Where the next look goes on; null: there was no line, so it begins at the moment at which this one did. */
  cursor: z.nullable(z.string().check(z.maxLength(500))),
  /** There is more than one answer takes: older lines were left out. */
  isCut: z.boolean(),
  missing: z.array(NotHad).check(z.maxLength(20)),
});
export type ServerLogs = z.infer<typeof ServerLogs>;

/** From when on logs are told: so many seconds before the server's own now, or a moment in seconds since 1970. */
export type LogsSince =
  { readonly kind: 'ago'; readonly seconds: number } | { readonly kind: 'at'; readonly seconds: number };

const unitSeconds: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3_600, d: 86_400 };

/** `90s`, `10min`, `2h`, `3d`, or a time such as `2026-05-01T08:00Z`; null: it is none. Pure. */
export function readSince(text: string): LogsSince | null {
  const [, count, unit] = /^(\d{1,5})(s|min|h|d)$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined)
    return { kind: 'ago', seconds: Number(count) * unitSeconds[unit]! };
  const isTime = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/.test(text);
  const at = isTime ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : { kind: 'at', seconds: Math.floor(at / 1000) };
}

/** The same beginning, asked for `passedMs` later. At most a second earlier, so that no line falls in between. Pure. */
export function stillSince(since: LogsSince, passedMs: number): LogsSince {
  return since.kind === 'at' ? since : { kind: 'ago', seconds: since.seconds + Math.ceil(passedMs / 1000) };
}

/** The same for a journal, which reads `-600s` and `@1764410000`. Pure. */
export function sinceWord(since: LogsSince): string {
  return since.kind === 'ago' ? `-${since.seconds}s` : `@${since.seconds}`;
}

/** How bad a line is. Pure. */
export function logWeight({ priority }: Pick<LogLine, 'priority'>): 'error' | 'warning' | 'plain' {
  if (priority === null || priority > 4) return 'plain';
  return priority === 4 ? 'warning' : 'error';
}

/** A line as text for a terminal or the clipboard. Pure. */
export function logText({ at, unit, text }: LogLine, server: string): string {
  return `${at} ${server} ${shortUnit(unit)}: ${text}`;
}

/** A unit without what all units have. Pure. */
export function shortUnit(unit: string): string {
  return unit.replace(/\.service$/, '');
}
