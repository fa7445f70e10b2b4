/**
 * The two clocks of the product.
 *
 * `bootMs` counts milliseconds since the machine booted, suspend included, and never jumps: every
 * duration, deadline and age is measured on it. `wallTime` is for people only: it is shown and
 * logged, never compared and never subtracted.
 */
export interface Clock {
  bootMs(): number;
  wallTime(): string;
}
