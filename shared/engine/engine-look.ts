import * as z from 'zod/mini';

/** What `ixha look-at-engine` reads: the way to an engine's API, before anything of the product is configured there. */
export const EngineLookOrder = z.strictObject({
  port: z.int().check(z.minimum(1), z.maximum(65_535)),
  user: z.string(),
  /** A secret: it travels on standard input only. */
  password: z.string(),
});
export type EngineLookOrder = z.infer<typeof EngineLookOrder>;

/** Why something is not known, as a clause. */
const Untold = z.object({ why: z.string() });

/** What `ixha look-at-engine` prints: what an engine tells of itself, each with the reason where it does not. */
export const EngineLook = z.object({
  components: z.union([z.object({ names: z.array(z.string()) }), Untold]),
  licence: z.union([
    z.object({
      /** How many components may run; null: its answer does not say it in a known form. */
      components: z.nullable(z.number()),
      /** Until when it is valid, in the engine's own words; null: as above. */
      until: z.nullable(z.string()),
    }),
    Untold,
  ]),
});
export type EngineLook = z.infer<typeof EngineLook>;
