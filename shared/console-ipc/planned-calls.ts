import * as z from 'zod/mini';
import { CommandAnswer, requestVerbs } from '../agent-api/agent-api.ts';
import { ScheduledVerb } from '../scheduling/scheduled-move.ts';
import { SecondPersonScope } from '../second-person/scope.ts';

/** What a person's command to one member carries beside its own fields. */
export const asked = {
  epoch: z.int(),
  idempotencyKey: z.string(),
  reason: z.string().check(z.maxLength(500)),
};

/** Calls of the console contract about moves that are planned for later, or that wait for a second person. */
export const plannedCalls = {
  /** A move that the Active makes itself within a window, if nothing speaks against it then; for administrators only. */
  scheduleMove: {
    request: z.strictObject({
      cluster: z.string(),
      verb: ScheduledVerb,
      target: z.string(),
      ...asked,
      /** Wall times, ISO 8601 in UTC. */
      from: z.iso.datetime(),
      until: z.iso.datetime(),
    }),
    response: CommandAnswer,
  },
  /** Calls such a move off. The host asks the member that keeps it. */
  cancelSchedule: {
    request: z.strictObject({ cluster: z.string(), server: z.string(), schedule: z.string(), ...asked }),
    response: CommandAnswer,
  },
  /** A person agrees to a change that waits, declines it, or withdraws it. The host asks the member that keeps it. */
  decideRequest: {
    request: z.strictObject({
      cluster: z.string(),
      server: z.string(),
      verb: z.enum(requestVerbs),
      request: z.string().check(z.maxLength(64)),
      ...asked,
    }),
    response: CommandAnswer,
  },
  /** What waits for a second person from now on; for administrators only. Done when the lease store has it. */
  setSecondPerson: {
    request: z.strictObject({
      cluster: z.string(),
      scope: SecondPersonScope,
      idempotencyKey: asked.idempotencyKey,
      reason: asked.reason,
    }),
    response: CommandAnswer,
  },
} as const;
