import type { RoleBand } from './role-bands.ts';

/** Bands that are narrower than this share of the window cannot be told from each other. */
const narrowestShare = 0.002;

/** A band as it is drawn: one of the journals, or a stretch in which the role changed more often than can be seen. */
export interface DrawnBand {
  readonly band: RoleBand;
  /** How many bands of the journals stand in it. */
  readonly count: number;
}

/**
 * The bands of one member for a drawing of the window: neighbours too narrow to be seen become one, so that there are
 * at most some hundred of them however long the past is. Pure.
 */
export function drawnBands(
  bands: readonly RoleBand[],
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): DrawnBand[] {
  const narrow = (toMs - fromMs) * narrowestShare;
  const drawn: DrawnBand[] = [];
  for (const band of bands) {
    const last = drawn.at(-1);
    const joins =
      last !== undefined &&
      last.band.toMs === band.fromMs &&
      band.toMs - band.fromMs < narrow &&
      (last.count > 1 || last.band.toMs - last.band.fromMs < narrow) &&
      band.toMs - last.band.fromMs < 2 * narrow;
    if (joins) {
      drawn[drawn.length - 1] = {
        band: { ...last.band, toMs: band.toMs, role: 'other', word: 'changing', endedBy: null },
        count: last.count + 1,
      };
    } else drawn.push({ band, count: 1 });
  }
  return drawn;
}
