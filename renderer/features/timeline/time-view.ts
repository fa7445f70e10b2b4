import type { TimeWindow } from './axis.ts';

const second = 1_000;
const day = 24 * 3_600 * second;

/** Nothing is told apart within less, and no site is older than this. */
export const shortestSpanMs = 5 * second;
const longestSpanMs = 20 * 365 * day;

/** What stretch of time is looked at: the last so much, which moves on, or one that stays. */
export type TimeView =
  { readonly kind: 'recent'; readonly spanMs: number } | ({ readonly kind: 'fixed' } & TimeWindow);

/** The stretch that a view shows. `endMs`: now, or where the records of a bundle end. */
export function windowOf(view: TimeView, endMs: number): TimeWindow {
  return view.kind === 'recent' ? { fromMs: endMs - view.spanMs, toMs: endMs } : view;
}

/** A stretch as a view: within what can be shown, and moving on where it reaches the end. */
export function viewOf({ fromMs, toMs }: TimeWindow, endMs: number): TimeView {
  const spanMs = Math.round(Math.min(longestSpanMs, Math.max(shortestSpanMs, toMs - fromMs)));
  const middleMs = (fromMs + toMs) / 2;
  const from = Math.round(middleMs - spanMs / 2);
  // A pixel before the end is the end.
  if (from + spanMs >= endMs - spanMs / 1_000) return { kind: 'recent', spanMs };
  return { kind: 'fixed', fromMs: from, toMs: from + spanMs };
}

/** `factor` below 1 shows less: what stands at `atMs` stays where it is, as far as the end allows. */
export function zoomed(view: TimeView, factor: number, atMs: number, endMs: number): TimeView {
  const { fromMs, toMs } = windowOf(view, endMs);
  const spanMs = Math.min(longestSpanMs, Math.max(shortestSpanMs, (toMs - fromMs) * factor));
  const share = (atMs - fromMs) / (toMs - fromMs);
  const from = atMs - share * spanMs;
  return viewOf({ fromMs: from, toMs: from + spanMs }, endMs);
}

/** Moves by a share of what is shown, to the right with a positive one. */
export function panned(view: TimeView, share: number, endMs: number): TimeView {
  const { fromMs, toMs } = windowOf(view, endMs);
  const byMs = share * (toMs - fromMs);
  return viewOf({ fromMs: fromMs + byMs, toMs: toMs + byMs }, endMs);
}

/** The same view where the instant is in it; else one of the same span with the instant in its middle. */
export function showing(view: TimeView, atMs: number, endMs: number): TimeView {
  const { fromMs, toMs } = windowOf(view, endMs);
  if (atMs >= fromMs && atMs <= toMs) return view;
  const half = (toMs - fromMs) / 2;
  return viewOf({ fromMs: atMs - half, toMs: atMs + half }, endMs);
}
