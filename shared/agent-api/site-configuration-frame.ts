import * as z from 'zod/mini';

/** The signed configuration of the site that a server carries, as its file says; null: it carries none. */
export const SiteConfigurationAnswer = z.object({ text: z.nullable(z.string()) });
export type SiteConfigurationAnswer = z.infer<typeof SiteConfigurationAnswer>;
