/** The addresses of a function from the lines of `lspci -v…`: into its registers, and with sizes into lines of `resource`. */
import { digits } from "../../core/hex";

/** include/linux/ioport.h, with the type bits of the register. */
const FLAGS = { io: 0x40101, mem32: 0x40200, mem64: 0x140204, prefetchable: 0x2008, rom: 0x46200 } as const;
const WINDOW_FLAGS = { io: 0x101, memory: 0x200, prefetchable: 0x2201, wide: 0x100000 } as const;
const LEGACY_IDE_FLAGS = 0x110;
/** Where firmware copies a video card's ROM to. */
const SHADOW = 0xc0000;
const SHADOW_FLAGS = 0x212;
const ROM_INDEX = 6;
const LINES = { endpoint: 13, bridge: 17 } as const;
const FOUR_GIB = 2 ** 32;
const IDE_CLASS = 0x0101;
const EXPRESS_LINE = /^Capabilities: \[[0-9a-f]+\] Express/;
/** Ports of an IDE controller in compatibility mode: by BAR, with the bit of the interface that says native mode. */
const LEGACY_IDE = [
  { start: 0x1f0, end: 0x1f7, native: 1 },
  { start: 0x3f6, end: 0x3f6, native: 1 },
  { start: 0x170, end: 0x177, native: 4 },
  { start: 0x376, end: 0x376, native: 4 },
] as const;

interface Region {
  readonly index: number;
  /** 0 while it has none. */
  readonly start: number;
  /** Undefined where the text does not say it. */
  readonly size: number | undefined;
  readonly flags: number;
  /** Linux knows it, the register does not. */
  readonly virtual: boolean;
}

const BAR = /^(?:Region (\d): )?(I\/O ports|Memory) at (\S+)(.*)$/;
const ROM = /^Expansion ROM at (\S+)(.*)$/;
const WINDOW = /^(I\/O|Memory|Prefetchable memory) behind bridge: ([0-9a-f]+)-([0-9a-f]+)(.*)$/;

/** Lines of `resource`; undefined where the text lacks the size of one. */
export function readRegions(space: DataView, lines: readonly string[]): readonly string[] | undefined {
  const bars = barsOf(lines).map((bar) => legacy(space, bar));
  const rom = romOf(lines);
  const bridge = (space.getUint8(0x0e) & 0x7f) === 1;
  for (const bar of bars) writeBar(space, bar);
  if (rom && !rom.virtual) space.setUint32(bridge ? 0x38 : 0x30, (rom.start | (rom.flags & 1)) >>> 0, true);
  const windows = bridge ? windowsOf(space, lines) : [];
  const all = [...bars, ...(rom ? [rom] : []), ...windows].filter(({ start }) => start > 0);
  if (all.some(({ size }) => size === undefined)) return undefined;
  return Array.from({ length: bridge ? LINES.bridge : LINES.endpoint }, (_, index) => {
    const { start = 0, size = 1, flags = 0 } = all.find((it) => it.index === index) ?? {};
    return [start, start + size - 1, flags].map((value) => `0x${digits(value, 16)}`).join(" ");
  });
}

/** `-v` does not number them: then they are counted, a 64-bit one twice. Those of virtual functions come later. */
function barsOf(lines: readonly string[]): readonly Region[] {
  const end = lines.findIndex((line) => line.startsWith("Capabilities: "));
  const bars: Region[] = [];
  let next = 0;
  for (const line of lines.slice(0, end < 0 ? lines.length : end)) {
    const [, number, kind, at = "", rest = ""] = BAR.exec(line) ?? [];
    if (kind === undefined) continue;
    const index = number === undefined ? next : Number(number);
    const wide = rest.includes("(64-bit");
    next = index + (wide ? 2 : 1);
    const memory =
      (wide ? FLAGS.mem64 : FLAGS.mem32) | (/[( ]prefetchable\)/.test(rest) ? FLAGS.prefetchable : 0);
    bars.push(regionOf(index, { at, rest, flags: kind === "Memory" ? memory : FLAGS.io }));
  }
  return bars.filter(({ index }) => index < ROM_INDEX);
}

function romOf(lines: readonly string[]): Region | undefined {
  const [, at, rest = ""] = lines.map((line) => ROM.exec(line)).find((it) => it) ?? [];
  if (at === undefined) return undefined;
  const enabled = /\[(virtual|disabled)/.test(rest) ? 0 : 1;
  if (Number.parseInt(at, 16) === SHADOW) return regionOf(ROM_INDEX, { at, rest, flags: SHADOW_FLAGS });
  return regionOf(ROM_INDEX, { at, rest, flags: FLAGS.rom | enabled });
}

function regionOf(index: number, { at, rest, flags }: { at: string; rest: string; flags: number }): Region {
  const start = /^[0-9a-f]+$/i.test(at) ? Number.parseInt(at, 16) : 0;
  return { index, start, size: sizeIn(rest), flags, virtual: rest.includes("[virtual]") };
}

/** `[size=4K]` */
function sizeIn(text: string): number | undefined {
  const [, number, unit = ""] = /\[size=(\d+)([KMGT]?)\]/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * 1024 ** ["", "K", "M", "G", "T"].indexOf(unit);
}

/** lspci shows them without their two lowest bits; the registers hold nothing. */
function legacy(space: DataView, bar: Region): Region {
  const fixed = LEGACY_IDE[bar.index];
  if (!fixed || space.getUint16(10, true) !== IDE_CLASS || space.getUint8(9) & fixed.native) return bar;
  const { start, end } = fixed;
  return { ...bar, start, size: end - start + 1, flags: LEGACY_IDE_FLAGS, virtual: true };
}

function writeBar(space: DataView, { index, start, flags, virtual }: Region): void {
  const at = 0x10 + index * 4;
  const address = virtual ? 0 : start;
  const low = Math.floor(address % FOUR_GIB) >>> 0;
  space.setUint32(at, (low | (flags === LEGACY_IDE_FLAGS ? 0 : flags & 15)) >>> 0, true);
  if (flags & FLAGS.mem64 & ~FLAGS.mem32) space.setUint32(at + 4, Math.floor(address / FOUR_GIB), true);
}

/** Into the registers, too: closed ones as base above limit. */
function windowsOf(space: DataView, lines: readonly string[]): readonly Region[] {
  const express = lines.some((line) => EXPRESS_LINE.test(line));
  return lines.flatMap((line) => {
    const [, kind, from = "", to = "", rest = ""] = WINDOW.exec(line) ?? [];
    if (kind === undefined) return [];
    const [start, end] = [Number.parseInt(from, 16), Number.parseInt(to, 16)];
    const open = !rest.includes("[disabled]") && start <= end;
    const wide = from.length > 8 || rest.includes("[64-bit]") || end >= FOUR_GIB || express;
    const { index, flags } = KINDS[kind as keyof typeof KINDS](
      space,
      open ? { start, end } : undefined,
      wide,
    );
    return open ? [{ index, start, size: end - start + 1, flags, virtual: false }] : [];
  });
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** By lspci's words: writes the registers, and says index and flags. */
const KINDS = {
  "I/O": (space: DataView, span: Span | undefined) => {
    space.setUint8(0x1c, span ? (span.start >> 8) & 0xf0 : 0xf0);
    space.setUint8(0x1d, span ? (span.end >> 8) & 0xf0 : 0);
    return { index: 13, flags: WINDOW_FLAGS.io };
  },
  Memory: (space: DataView, span: Span | undefined) => {
    writeMemory(space, 0x20, { span, type: 0 });
    return { index: 14, flags: WINDOW_FLAGS.memory };
  },
  "Prefetchable memory": (space: DataView, span: Span | undefined, wide: boolean) => {
    writeMemory(space, 0x24, { span, type: wide ? 1 : 0 });
    if (wide && span) {
      space.setUint32(0x28, Math.floor(span.start / FOUR_GIB), true);
      space.setUint32(0x2c, Math.floor(span.end / FOUR_GIB), true);
    }
    return {
      index: 15,
      flags: wide ? WINDOW_FLAGS.prefetchable | WINDOW_FLAGS.wide : WINDOW_FLAGS.prefetchable & ~1,
    };
  },
} as const;

function writeMemory(
  space: DataView,
  at: number,
  { span, type }: { span: Span | undefined; type: number },
): void {
  const upper = (address: number) => Math.floor((address % FOUR_GIB) / 0x10000) & 0xfff0;
  space.setUint16(at, (span ? upper(span.start) : 0xfff0) | type, true);
  space.setUint16(at + 2, (span ? upper(span.end) : 0) | type, true);
}
