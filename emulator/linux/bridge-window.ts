/** A bridge's windows as its registers hold them, and back (drivers/pci/probe.c, setup-bus.c). */
import type { Bdf } from "../pci/bdf";
import type { ConfigSpace } from "./config";

export interface OpenWindow {
  readonly kind: "io" | "memory" | "prefetchable";
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

const TWO_32 = 2 ** 32;

/** Undefined while it is closed: base above limit. */
export function openWindow(config: ConfigSpace, bdf: Bdf, kind: OpenWindow["kind"]): OpenWindow | undefined {
  const { start, end } = READ[kind]((at, width) => config.read(bdf, at, width));
  if (start > end) return undefined;
  const space = kind === "io" ? "io" : "memory";
  return { kind, start: config.toCpu(space, start), end: config.toCpu(space, end) };
}

const READ: Readonly<Record<OpenWindow["kind"], (read: (at: number, width: 1 | 2 | 4) => number) => Span>> = {
  io: (read) => {
    const wide = (read(0x1c, 1) & 15) === 1;
    const upper = (at: number) => (wide ? read(at, 2) * 0x10000 : 0);
    return {
      start: upper(0x30) + ((read(0x1c, 1) & 0xf0) << 8),
      end: upper(0x32) + (((read(0x1d, 1) & 0xf0) << 8) | 0xfff),
    };
  },
  memory: (read) => ({
    start: (read(0x20, 2) & 0xfff0) * 0x10000,
    end: (read(0x22, 2) & 0xfff0) * 0x10000 + 0xfffff,
  }),
  prefetchable: (read) => ({
    start: read(0x28, 4) * TWO_32 + (read(0x24, 2) & 0xfff0) * 0x10000,
    end: read(0x2c, 4) * TWO_32 + (read(0x26, 2) & 0xfff0) * 0x10000 + 0xfffff,
  }),
};

/** Closes it where `window` is undefined. Between the writes it is open nowhere (pci_setup_bridge_io). */
export function writeIoWindow(config: ConfigSpace, bdf: Bdf, window: Span | undefined): void {
  const value = window ? ((window.start >> 8) & 0xf0) | (window.end & 0xf000) : 0x00f0;
  config.write32(bdf, 0x30, 0x0000ffff);
  config.write(bdf, 0x1c, { width: 2, value });
  config.write32(bdf, 0x30, window ? (window.end & 0xffff0000) | (window.start >>> 16) : 0);
}

export function writeMemoryWindow(config: ConfigSpace, bdf: Bdf, window: Span | undefined): void {
  config.write32(bdf, 0x20, window ? windowBits(window) : 0x0000fff0);
}

/** The limit's upper half is cleared first: at no moment is the window open where it should not be. */
export function writePrefetchableWindow(config: ConfigSpace, bdf: Bdf, window: Span | undefined): void {
  config.write32(bdf, 0x2c, 0);
  config.write32(bdf, 0x24, window ? windowBits(window) : 0x0000fff0);
  config.write32(bdf, 0x28, window ? Math.floor(window.start / TWO_32) : 0);
  config.write32(bdf, 0x2c, window ? Math.floor(window.end / TWO_32) : 0);
}

function windowBits({ start, end }: Span): number {
  return (((start / 2 ** 16) & 0xfff0) | ((end % TWO_32) & 0xfff00000)) >>> 0;
}
