import { alarmKinds, type AlarmKind } from '../notifications/event.ts';

/** Problems that only a console sees, since no agent could tell them. */
const consoleProblems = [
  'no-active',
  'console-blind',
  'balancer',
  'messages-lost',
  'queues',
  'versions',
  'observing',
  'left-out',
  'proof-violated',
  'drill-due',
] as const;
export type ConsoleProblem = (typeof consoleProblems)[number];
export type RunbookId = AlarmKind | ConsoleProblem;
export const runbookIds: readonly RunbookId[] = [...alarmKinds, ...consoleProblems];

/** What one kind of alarm means and what a person does about it: for messages, for the page and for docs/runbooks.md. */
export interface Runbook {
  readonly title: string;
  /** What has happened, or is the case. */
  readonly means: string;
  /** What it means for HL7 messages. */
  readonly meaning: string;
  /** What to look at first. */
  readonly check: readonly string[];
  /** What to do now, in order. */
  readonly now: readonly string[];
  /** What makes it worse. */
  readonly avoid: readonly string[];
  /** Document that tells more. */
  readonly more: string;
}
