import * as z from 'zod/mini';

const Place = z.strictObject({ address: z.string(), port: z.int().check(z.minimum(1), z.maximum(65535)) });
const Milliseconds = z.int().check(z.minimum(1));
const Count = z.int().check(z.minimum(1));

const Backend = z.extend(Place, {
  server: z.string(),
  /** Where `GET /active` is asked. */
  check: Place,
});
export type Backend = z.infer<typeof Backend>;

/** One listening port of the balancer: one listener of one cluster. */
export const Frontend = z.strictObject({
  cluster: z.string(),
  name: z.string(),
  listen: Place,
  backends: z.array(Backend).check(z.minLength(1)),
});
export type Frontend = z.infer<typeof Frontend>;

/** Configuration of `demo-balancer.cjs`. */
export const BalancerConfig = z.strictObject({
  control: Place,
  frontends: z.array(Frontend),
  /** From one check to the next, per cluster and server. */
  checkMs: z._default(Milliseconds, 200),
  checkTimeoutMs: z._default(Milliseconds, 150),
  /** Failed checks in a row until a server is down, good ones until it is up. */
  fall: z._default(Count, 2),
  rise: z._default(Count, 1),
});
export type BalancerConfig = z.infer<typeof BalancerConfig>;
