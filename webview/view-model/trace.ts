/** The lanes of the trace as shapes, and time as text. */
import type { Lane } from "../protocol-trace";

export interface LaneFace {
  readonly lane: Lane;
  readonly label: string;
  readonly title: string;
}

export const lanes: readonly LaneFace[] = [
  { lane: "cpu", label: "Log", title: "What the kernel and the driver said" },
  { lane: "mmio", label: "MMIO", title: "The CPU's memory requests: readl, writel" },
  { lane: "port", label: "Ports", title: "The CPU's port requests: inb, outl" },
  { lane: "config", label: "Config", title: "Configuration requests" },
  { lane: "dma", label: "DMA", title: "Requests of the devices themselves" },
  { lane: "interrupt", label: "IRQ", title: "Interrupts: lines and messages" },
];

/** A bar per column, as one path of a drawing `counts.length` wide and 1 high; what is rare is seen beside what is not. */
export function barsPath(counts: readonly number[], most: number): string {
  const scale = Math.log1p(most);
  return counts
    .map((count, x) => {
      if (count === 0) return "";
      const height = Math.max(0.12, Math.log1p(count) / scale).toFixed(3);
      return `M${x} 1v-${height}h1V1z`;
    })
    .join("");
}

/** Nanoseconds as seconds, milliseconds or microseconds: as many digits as tell `span` apart. */
export function momentText(nanoseconds: number, span: number): string {
  const [unit, size] = span >= 1e9 ? ["s", 1e9] : span >= 1e6 ? ["ms", 1e6] : ["µs", 1e3];
  return `${(nanoseconds / Number(size)).toFixed(3)} ${unit}`;
}

type Span = readonly [start: number, end: number];

/** `factor` below 1 shows less of the time around `at`. */
export function zoomed([start, end]: Span, { at, factor }: { at: number; factor: number }): Span {
  const length = Math.max(10, (end - start) * factor);
  const share = (at - start) / (end - start);
  return [Math.round(at - share * length), Math.round(at + (1 - share) * length)];
}

/** Moved by a fraction of its length. */
export function moved([start, end]: Span, fraction: number): Span {
  const way = Math.round((end - start) * fraction);
  return [start + way, end + way];
}

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);

/** The picture in words. */
export function lanesText(counts: Readonly<Record<Lane, readonly number[]>>): string {
  const words = lanes.map(({ lane, label }) => `${label} ${sum(counts[lane])}`);
  return `Events per lane: ${words.join(", ")}`;
}
