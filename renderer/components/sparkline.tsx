import classes from './sparkline.module.css';

export interface SparklineProps {
  /** Oldest first; null is a gap: not known then. */
  readonly values: readonly (number | null)[];
  readonly width: number;
  readonly height: number;
  /** Takes all the width there is; `width` is then its measure of detail. */
  readonly stretch?: boolean;
  /** What it shows, for those who cannot see it. */
  readonly label: string;
}

/** A small line from what this page has seen. Ink, with gaps where nothing was known; no axis, no motion. */
export function Sparkline({ values, width, height, label, stretch = false }: SparklineProps) {
  const shown = values.slice(-Math.max(2, width));
  const known = shown.filter((value) => value !== null);
  const top = Math.max(1e-6, ...known) * 1.15;
  const step = shown.length > 1 ? width / (shown.length - 1) : 0;
  const runs = knownRuns(shown).map((run) =>
    run.map(({ index, value }) => `${fix(index * step)},${fix(height - (value / top) * height)}`),
  );
  return (
    <svg
      className={classes.sparkline}
      width={stretch ? '100%' : width}
      height={height}
      preserveAspectRatio={stretch ? 'none' : undefined}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={known.length > 0 ? label : `${label}: nothing seen yet`}
    >
      {runs.map((points) => (
        <g key={points[0]}>
          <polygon
            className={classes.fill}
            points={`${xOf(points[0])},${height} ${points.join(' ')} ${xOf(points.at(-1))},${height}`}
          />
          <polyline className={classes.line} points={points.join(' ')} />
        </g>
      ))}
    </svg>
  );
}

function knownRuns(values: readonly (number | null)[]): { index: number; value: number }[][] {
  const runs: { index: number; value: number }[][] = [];
  let open: { index: number; value: number }[] | undefined;
  values.forEach((value, index) => {
    if (value === null) {
      open = undefined;
      return;
    }
    if (!open) runs.push((open = []));
    open.push({ index, value });
  });
  return runs;
}

function xOf(point: string | undefined): string {
  return point?.split(',')[0] ?? '0';
}

function fix(value: number): number {
  return Math.round(value * 10) / 10;
}
