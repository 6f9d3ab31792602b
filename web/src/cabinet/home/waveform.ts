/** The loudest of each bucket, so that a short word stays visible on a long call. */
export function buckets(peaks: readonly number[], count: number): number[] {
  if (peaks.length === 0) return [];
  const size = peaks.length / Math.min(count, peaks.length);
  return Array.from({ length: Math.min(count, peaks.length) }, (_, i) => {
    const from = Math.floor(i * size);
    const to = Math.max(from + 1, Math.floor((i + 1) * size));
    let loudest = 0;
    for (let at = from; at < to; at++) loudest = Math.max(loudest, peaks[at] ?? 0);
    return loudest;
  });
}

const LOUDEST = 255;

/** Bars around a middle line as one SVG path, in a box `width` by `height`. */
export function bars(peaks: readonly number[], width: number, height: number, top: number): string {
  const step = width / Math.max(1, peaks.length);
  const middle = top + height / 2;
  return peaks
    .map((peak, i) => {
      const half = Math.max(0.5, (peak / LOUDEST) * (height / 2 - 1));
      const x = ((i + 0.5) * step).toFixed(2);
      return `M${x} ${(middle - half).toFixed(2)}V${(middle + half).toFixed(2)}`;
    })
    .join("");
}
