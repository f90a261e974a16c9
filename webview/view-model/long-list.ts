/** A list of millions of rows in a scroll area that browsers still can draw: beyond a height, a pixel stands for more than a row. */

/** Browsers lay out no taller element than some 30 million pixels. */
const TALLEST = 8_000_000;

export interface Extent {
  readonly total: number;
  readonly rowHeight: number;
  /** Of what is seen, pixels. */
  readonly height: number;
}

export const groundHeight = ({ total, rowHeight }: Extent): number => Math.min(total * rowHeight, TALLEST);

/** Rows that fit, the last one perhaps in part. */
export const visibleRows = ({ rowHeight, height }: Extent): number => Math.ceil(height / rowHeight);

/** The highest row that can be the first: a fraction of a row is what is scrolled out of it. */
export const lastTop = ({ total, rowHeight, height }: Extent): number =>
  Math.max(0, total - height / rowHeight);

export function topOf(extent: Extent, scrollTop: number): number {
  const way = groundHeight(extent) - extent.height;
  return way <= 0 ? 0 : Math.min(1, scrollTop / way) * lastTop(extent);
}

export function scrollTopOf(extent: Extent, top: number): number {
  const way = Math.max(0, groundHeight(extent) - extent.height);
  const last = lastTop(extent);
  return last === 0 ? 0 : (Math.min(top, last) / last) * way;
}

/** Whether a pixel of scrolling is more than a pixel of rows: the wheel then has to go by rows. */
export const isScaled = ({ total, rowHeight }: Extent): boolean => total * rowHeight > TALLEST;
