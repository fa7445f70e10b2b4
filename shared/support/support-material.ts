import * as z from 'zod/mini';

/** Bounds of what one server may add to a bundle. */
export const supportLimits = {
  /** Of one file, in characters; what is older or later than that is left out, and told. */
  fileCharacters: 4 * 1024 * 1024,
  files: 400,
  /** Of everything that one server hands over. */
  serverCharacters: 24 * 1024 * 1024,
} as const;

/** Where a file stands below its server's folder. */
const SupportPath = z.string().check(z.regex(/^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._@/-]{0,150}$/));

const SupportFile = z.strictObject({
  path: SupportPath,
  text: z.string().check(z.maxLength(supportLimits.fileCharacters)),
  /** What was not taken of it, as a sentence; absent: it is whole. */
  cut: z.optional(z.string().check(z.maxLength(300))),
});
export type SupportFile = z.infer<typeof SupportFile>;

export const NotHad = z.strictObject({
  what: z.string().check(z.maxLength(300)),
  why: z.string().check(z.maxLength(1000)),
});
export type NotHad = z.infer<typeof NotHad>;

/** What one server hands over: files whose texts were let through word by word there, and what could not be had. */
export const SupportMaterial = z.strictObject({
  schema: z.literal(1),
  productVersion: z.string().check(z.maxLength(40)),
  wallTime: z.string().check(z.maxLength(40)),
  files: z.array(SupportFile).check(z.maxLength(supportLimits.files)),
  missing: z.array(NotHad).check(z.maxLength(supportLimits.files)),
});
export type SupportMaterial = z.infer<typeof SupportMaterial>;

/** A file within its bounds. The newest part of a text stays, since that is what a question is about. Pure. */
export function supportFile(path: string, text: string): SupportFile {
  const most = supportLimits.fileCharacters;
  if (text.length <= most) return { path, text };
  const tail = text.slice(text.length - most);
  const kept = tail.slice(tail.indexOf('\n') + 1);
  return { path, text: kept, cut: `The oldest ${text.length - kept.length} characters were left out.` };
}

/** One value as a file of JSON. Pure. */
export function jsonFile(path: string, value: unknown): SupportFile {
  return supportFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
