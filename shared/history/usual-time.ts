import * as z from 'zod/mini';

/** Planned moves give the role up in order; takeovers find nobody who does. Each kind has steps of its own. */
export const usualKinds = ['planned', 'takeover'] as const;
export type UsualKind = (typeof usualKinds)[number];

const measures = {
  /** How many changes it was measured in. */
  count: z.int(),
  medianMs: z.number(),
  shortestMs: z.number(),
  longestMs: z.number(),
  /** Wall time of the oldest of them, ISO 8601 in UTC. */
  since: z.string(),
};
/** What of a time was measured in several changes. */
export type UsualTime = { readonly [Name in keyof typeof measures]: z.infer<(typeof measures)[Name]> };

const UsualTimes = z.object({
  /** Of each step on each server that took it. */
  steps: z.array(z.object({ step: z.string(), server: z.string(), ...measures })),
  /** Without an Active, by the server that the cluster went to. */
  withoutActive: z.array(z.object({ to: z.string(), ...measures })),
});
export type UsualTimes = z.infer<typeof UsualTimes>;

export const ClusterUsual = z.object({ planned: UsualTimes, takeover: UsualTimes });
export type ClusterUsual = z.infer<typeof ClusterUsual>;

/** Nothing was measured yet. */
export const nothingUsual: ClusterUsual = {
  planned: { steps: [], withoutActive: [] },
  takeover: { steps: [], withoutActive: [] },
};

/** Shorter than this beyond the longest so far is nothing to tell a person, in milliseconds. */
const worthTellingMs = 500;

/** True: it takes clearly longer than it ever did, and than usual. */
export function isSlow(tookMs: number, { medianMs, longestMs }: UsualTime): boolean {
  return tookMs > Math.max(1.5 * medianMs, longestMs + Math.max(worthTellingMs, longestMs / 4));
}
