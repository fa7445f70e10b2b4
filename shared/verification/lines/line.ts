import type { MoveEvidence } from '../move-evidence.ts';
import type { Sign } from '../signs.ts';

/** One line of a recovery verification. */
export interface Line {
  /** `V01`; never used again for anything else. */
  readonly id: string;
  /** A few words for a table. */
  readonly title: string;
  /** What is claimed, as a sentence. */
  readonly claim: string;
  /** What has to be seen so that it is PROVEN, as a sentence. */
  readonly proof: string;
  readonly look: (evidence: MoveEvidence) => Look;
}

/** What was seen for a line: how it was, how it is, and every sign of it. */
export interface Look {
  readonly before: string | null;
  readonly after: string | null;
  readonly signs: readonly Sign[];
}
