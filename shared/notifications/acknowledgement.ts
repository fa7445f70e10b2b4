import { ProductError } from '../errors.ts';
import * as z from 'zod/mini';

const Name = z.string().check(z.minLength(1), z.maxLength(200));
const Mark = z.string().check(z.maxLength(2_000));

/** That a person knows of something that lasts. It holds until that changes or is over. */
export const Acknowledgement = z.object({
  /** Of the condition. */
  name: Name,
  /** What the person saw: see `markOf` in known-conditions.ts. */
  mark: Mark,
  by: z.string(),
  /** By the wall clock of the member's server, for people. */
  at: z.string(),
  comment: z.string(),
});
export type Acknowledgement = z.infer<typeof Acknowledgement>;

/** The same in a snapshot; `agoMs` null: it was said before this agent was started. */
export const ToldAcknowledgement = z.extend(Acknowledgement, { agoMs: z.nullable(z.number()) });
export type ToldAcknowledgement = z.infer<typeof ToldAcknowledgement>;

/** What a person says of one condition of one member; `comment` null: it is taken back. */
export const AcknowledgeOrder = z.strictObject({
  name: Name,
  mark: Mark,
  comment: z.nullable(z.string().check(z.minLength(1), z.maxLength(500))),
});
export type AcknowledgeOrder = z.infer<typeof AcknowledgeOrder>;

/** The acknowledgements that a member holds now. */
export const AcknowledgeAnswer = z.object({ acknowledged: z.array(z.string()) });

/** What a page asks for: alarms of any members of the site, and what is said of them; null takes it back. */
export const AcknowledgeRequest = z.strictObject({
  alarms: z
    .array(
      z.strictObject({
        cluster: z.string(),
        server: z.string(),
        name: AcknowledgeOrder.shape.name,
        mark: AcknowledgeOrder.shape.mark,
      }),
    )
    .check(z.minLength(1), z.maxLength(500)),
  comment: AcknowledgeOrder.shape.comment,
});

/** Each agent is told its own alarms: those who refused, and why. */
export const AcknowledgeOutcome = z.object({
  refused: z.array(z.object({ member: z.string(), error: ProductError })),
});
