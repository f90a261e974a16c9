/** The machine as a drawing: boxes from left to right, a link from each to the bridge above, and what is too many as one box. */
import type { BarRow, DeviceRow } from "../protocol";

export interface Box {
  readonly device: DeviceRow;
  /** BARs of this function. */
  readonly bars: readonly BarRow[];
  /** Functions that are not drawn: this box stands for them, too. */
  readonly hidden: number;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

export interface Link {
  readonly to: DeviceRow;
  /** `5 GT/s ×4`; empty on the root bus, which is no link. */
  readonly express: string;
  /** `bus 01`; empty on the root bus. */
  readonly bus: string;
  readonly from: { readonly x: number; readonly y: number };
  readonly end: { readonly x: number; readonly y: number };
}

export interface Hierarchy {
  readonly boxes: readonly Box[];
  readonly links: readonly Link[];
  readonly width: number;
  readonly height: number;
}

export const boxWidth = 196;
const gapX = 150;
const gapY = 12;
const left = 92;
const line = 17;
/** More functions than this below one bridge are drawn as one box until it is opened. */
const crowd = 24;
/** The drawing never has more boxes. */
const most = 400;

interface Branch {
  readonly device: DeviceRow;
  readonly below: readonly Branch[];
}

/** Rows in tree order, each deeper than the one it is below, as branches. */
function grow(devices: readonly DeviceRow[]): readonly Branch[] {
  const roots: Branch[] = [];
  const path: { readonly device: DeviceRow; readonly below: Branch[] }[] = [];
  for (const device of devices) {
    const branch = { device, below: [] };
    path.length = Math.min(path.length, device.depth);
    (path.at(-1)?.below ?? roots).push(branch);
    path.push(branch);
  }
  return roots;
}

const count = (branches: readonly Branch[]): number =>
  branches.reduce((sum, { below }) => sum + 1 + count(below), 0);

interface Wish {
  readonly bars: readonly BarRow[];
  /** Bridges whose crowd is drawn all the same. */
  readonly open: ReadonlySet<string>;
}

/** Where a branch hangs. */
interface Hanging {
  readonly depth: number;
  /** The box above; undefined on the root bus. */
  readonly above?: { readonly device: DeviceRow; readonly x: number; readonly y: number };
}

/** `bus 01` of `0000:01:00.0` */
const busOf = ({ bdf }: DeviceRow): string => `bus ${bdf.split(":").at(-2) ?? ""}`;

class Drawing {
  readonly boxes: Box[] = [];
  readonly links: Link[] = [];
  readonly #wish: Wish;
  #y = gapY;

  constructor(roots: readonly Branch[], wish: Wish) {
    this.#wish = wish;
    this.#all(roots, { depth: 0 });
  }

  get height(): number {
    return this.#y;
  }

  #all(branches: readonly Branch[], at: Hanging): void {
    for (const branch of branches) this.#one(branch, at);
  }

  #one({ device, below }: Branch, { depth, above }: Hanging): void {
    const bars = this.#wish.bars.filter(({ bdf }) => bdf === device.bdf);
    const crowded = below.length > crowd && !this.#wish.open.has(device.bdf);
    const full = this.boxes.length + below.length >= most;
    const hidden = crowded || full ? count(below) : 0;
    const height = boxHeight(device, bars) + (hidden > 0 ? line : 0);
    const x = left + depth * (boxWidth + gapX);
    const y = this.#y;
    this.boxes.push({ device, bars, hidden, x, y, height });
    const end = { x, y: y + 24 };
    const from = above ? { x: above.x + boxWidth, y: above.y + 24 } : { x: x - gapX / 2, y: end.y };
    const express = above ? device.link || above.device.link : "";
    this.links.push({ to: device, express, bus: above ? busOf(device) : "", from, end });
    if (hidden === 0) this.#all(below, { depth: depth + 1, above: { device, x, y } });
    this.#y = Math.max(this.#y, y + height + gapY);
  }
}

const boxHeight = ({ windows }: DeviceRow, bars: readonly BarRow[]): number =>
  64 + line * (bars.length + windows.filter(({ range }) => range !== "").length);

export function hierarchy(devices: readonly DeviceRow[], wish: Wish): Hierarchy {
  const drawing = new Drawing(grow(devices), wish);
  const deepest = drawing.boxes.reduce((x, box) => Math.max(x, box.x), left);
  return {
    boxes: drawing.boxes,
    links: drawing.links,
    width: deepest + boxWidth + 12,
    height: drawing.height,
  };
}
