import * as z from 'zod/mini';

const count = z.int().check(z.minimum(0));

/** A period of peer mode on the wire and on disk, see shared/lease/period.ts. */
export const PeriodSchema = z.object({ e: count, n: count });
