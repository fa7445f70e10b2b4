/** Times of one measurement in milliseconds, and what they mean. */
export interface Measured {
  readonly title: string;
  readonly times: readonly number[];
}
