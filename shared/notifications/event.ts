import * as z from 'zod/mini';
import { NotificationSeverity } from './policy.ts';

/** Every kind of alarm that people can be told of; each has a run-book in shared/help/runbooks.ts. */
export const alarmKinds = [
  'role-changed',
  'change-ended',
  'failover-blocked',
  'peer-mode',
  'maintenance',
  'ask-person',
  'second-person',
  'schedule-skipped',
  'conflict',
  'not-ready',
  'store-silent',
  'peer-silent',
  'guards',
  'guard-killed',
  'agent-dies',
  'storage',
  'copy',
  'certificate',
  'engine-trouble',
  'alarm',
  'all-well',
  'test',
] as const;
export const AlarmKind = z.enum(alarmKinds);
export type AlarmKind = z.infer<typeof AlarmKind>;

/** One thing that happened, began or ended, as a member tells it. Its meaning and remedy follow from its kind. */
export const NotificationEvent = z.object({
  kind: AlarmKind,
  severity: NotificationSeverity,
  phase: z.enum(['happened', 'began', 'ended']),
  /** Equal keys are the same occurrence, whichever member tells it. */
  key: z.string().check(z.maxLength(200)),
  /** What happened, as the journal or the screen has it. */
  sentence: z.string().check(z.maxLength(1_000)),
  /** What to do in this very case; absent: what the run-book says. */
  next: z.optional(z.string().check(z.maxLength(1_000))),
  ruleId: z.nullable(z.string().check(z.maxLength(20))),
  epoch: z.int(),
  cluster: z.string(),
  server: z.string(),
  serverName: z.string(),
  /** By the wall clock of that server, for people. */
  at: z.string(),
});
export type NotificationEvent = z.infer<typeof NotificationEvent>;

const longest = 1_000;

/** Cuts a sentence to what an event may hold. */
export function shortened(sentence: string): string {
  return sentence.length <= longest ? sentence : `${sentence.slice(0, longest - 3)}...`;
}
