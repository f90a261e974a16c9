/** Which rows of a long list are drawn. */

export interface Viewport {
  readonly count: number;
  /** Pixels of one row; all rows are as high. */
  readonly rowHeight: number;
  readonly scrollTop: number;
  readonly height: number;
}

/** Up to this many rows are simply all drawn. */
export const plainLimit = 200;
const margin = 8;

/** The half-open interval of rows to draw, with some above and below what is seen. */
export function drawnRows({ count, rowHeight, scrollTop, height }: Viewport): {
  readonly from: number;
  readonly to: number;
} {
  if (count <= plainLimit) return { from: 0, to: count };
  const first = Math.floor(scrollTop / rowHeight);
  return {
    from: Math.max(0, Math.min(first - margin, count - 1)),
    to: Math.min(count, first + Math.ceil(height / rowHeight) + margin),
  };
}
