import * as z from 'zod/mini';

/** One process that the stand-in service manager keeps. */
export const UnitConfig = z.strictObject({
  id: z.string(),
  /** Program and arguments; no shell in between. */
  command: z.array(z.string()).check(z.minLength(1)),
  env: z.optional(z.record(z.string(), z.string())),
  /** `always`: started at boot and again after every end. Otherwise only the control socket starts it. */
  restart: z.strictObject({ always: z.boolean(), delayMs: z.int() }),
  /** Asked before every start; the unit starts only when it exits with 0. */
  gate: z.optional(z.strictObject({ command: z.array(z.string()).check(z.minLength(1)) })),
  /** Written as `PID STARTTIME\n` while the process lives. */
  pidFile: z.optional(z.string()),
  /** Scheduling priority as in nice(1); taken only where the system allows it. */
  nice: z.optional(z.int()),
  /** Both output streams are appended here. */
  log: z.string(),
});
export type UnitConfig = z.infer<typeof UnitConfig>;

/** Configuration of `demo-server.cjs`: one server with its units. */
export const ServerConfig = z.strictObject({
  server: z.string(),
  /** Unix socket of the control protocol; fewer than 100 bytes, as the kernel allows no more than 107. */
  socket: z.string().check(z.maxLength(99)),
  units: z.array(UnitConfig),
});
export type ServerConfig = z.infer<typeof ServerConfig>;
