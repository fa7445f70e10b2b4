import * as z from 'zod/mini';

const Text = z.string().check(z.maxLength(300));

/** What `systemd-analyze security` says of one unit on its server. */
export const UnitMark = z.strictObject({
  unit: Text,
  part: z.enum(['agent', 'guard', 'lease store']),
  /** How open the unit is, from 0 (closed) to 10 (open); null: not known, or no such unit is there. */
  exposure: z.nullable(z.number().check(z.minimum(0), z.maximum(10))),
  /** The word that systemd has for it; empty where it says none. */
  word: Text,
  /** Why there is no mark, as a sentence without its full stop; null: there is one. */
  why: z.nullable(Text),
});
export type UnitMark = z.infer<typeof UnitMark>;

/** The marks of all units of the product on one server, as that server's own systemd gives them. */
export const ServerHardening = z.strictObject({
  server: z.string(),
  /** Such as `systemd 252 (252.39-1~deb12u2)`; null: it was not told. */
  systemd: z.nullable(Text),
  units: z.array(UnitMark).check(z.maxLength(500)),
});
export type ServerHardening = z.infer<typeof ServerHardening>;

/** Asked of one server. */
export const HardeningRequest = z.strictObject({ server: z.string().check(z.maxLength(200)) });
export type HardeningRequest = z.infer<typeof HardeningRequest>;

/** The marks of the units as they are installed, by systemd 252; docs/hardening.md gives the reasons. */
export const installedMarks: Readonly<Record<UnitMark['part'], number>> = {
  agent: 3.6,
  guard: 1.9,
  'lease store': 1.7,
};
/** Versions of systemd weigh a few things differently. */
const tolerance = 0.7;

/** How a mark is judged: `open` is more open than the installer leaves the unit. Pure. */
export function judgeMark({
  part,
  exposure,
}: Pick<UnitMark, 'part' | 'exposure'>): 'as-installed' | 'open' | 'unknown' {
  if (exposure === null) return 'unknown';
  return exposure <= installedMarks[part] + tolerance ? 'as-installed' : 'open';
}

/** A mark in words, such as `3.6 of 10, OK`. Pure. */
export function markWords(mark: UnitMark): string {
  const { part, exposure, word, why } = mark;
  if (exposure === null) return `not known: ${why ?? 'nothing was told'}`;
  const told = `${exposure.toFixed(1)} of 10${word === '' ? '' : `, ${word}`}`;
  if (judgeMark(mark) === 'as-installed') return told;
  return `${told}; installed it has ${installedMarks[part].toFixed(1)}: look for a drop-in`;
}
