/** What `work` gives, or what `otherwise` makes when that takes longer than `limitMs`. */
export async function withinLimit<Value>(
  limitMs: number,
  work: Promise<Value>,
  otherwise: () => Value,
): Promise<Value> {
  const limit = Promise.withResolvers<Value>();
  const timer = setTimeout(() => limit.resolve(otherwise()), limitMs);
  try {
    return await Promise.race([work, limit.promise]);
  } finally {
    clearTimeout(timer);
  }
}
