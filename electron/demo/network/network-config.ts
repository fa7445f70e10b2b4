import * as z from 'zod/mini';

const Place = z.strictObject({ address: z.string(), port: z.int().check(z.minimum(1), z.maximum(65535)) });
export type Place = z.infer<typeof Place>;

/** One directed path: what connects to `listen` on server `from` reaches `target` on server `to`. */
export const LinkConfig = z.strictObject({
  id: z.string(),
  from: z.string(),
  to: z.string(),
  listen: Place,
  target: Place,
});
export type LinkConfig = z.infer<typeof LinkConfig>;

/** Configuration of `demo-network.cjs`. */
export const NetworkConfig = z.strictObject({ control: Place, links: z.array(LinkConfig) });
export type NetworkConfig = z.infer<typeof NetworkConfig>;
