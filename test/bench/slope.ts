/** A straight line through measured points. */
export interface Slope {
  /** Growth per unit of x. */
  readonly perUnit: number;
  /** Half the width of its 95 % interval, as if the points' errors were independent. */
  readonly within: number;
  readonly count: number;
}

/** Least squares; null below three points or without a spread in x. */
export function slopeOf(points: readonly { readonly x: number; readonly y: number }[]): Slope | null {
  const count = points.length;
  if (count < 3) return null;
  const mean = (read: (point: { x: number; y: number }) => number) =>
    points.reduce((sum, point) => sum + read(point), 0) / count;
  const [meanX, meanY] = [mean(({ x }) => x), mean(({ y }) => y)];
  const spread = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  if (spread === 0) return null;
  const perUnit = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / spread;
  const left = points.reduce((sum, { x, y }) => sum + (y - meanY - perUnit * (x - meanX)) ** 2, 0);
  return { perUnit, within: 1.96 * Math.sqrt(left / (count - 2) / spread), count };
}
