/**
 * Results of `work` in the order of `items`, with up to `width` of them under way at a time. `work` must not reject. Once `stop` is
 * aborted no more are begun, and those under way are waited for and dropped.
 */
export async function* mapConcurrent<T, R>(
  items: readonly T[],
  width: number,
  stop: AbortSignal,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const underWay: Promise<R>[] = [];
  let next = 0;
  try {
    while (!stop.aborted && (next < items.length || underWay.length > 0)) {
      while (next < items.length && underWay.length < width) underWay.push(work(items[next++]!));
      const result = await underWay.shift()!;
      if (!stop.aborted) yield result;
    }
  } finally {
    await Promise.all(underWay);
  }
}
