/** What a bridge forwards: from Linux where it knows the window, else what the registers hold. */
import type { SysfsDevice } from "../../linux/sysfs";
import type { ConfigBytes } from "./config-bytes";
import { hex, sizeText } from "./text";

const FIRST_WINDOW = 13;
const MEGABYTE = 0xfffffn;

interface Range {
  readonly title: string;
  /** Digits follow from it. */
  readonly bits: 16 | 32 | 64;
  readonly base: bigint;
  readonly limit: bigint;
  readonly open: boolean;
}

interface Shown {
  readonly device: SysfsDevice;
  readonly config: ConfigBytes;
  readonly verbosity: number;
  /** `-b`: as the bus sees it, the registers alone. */
  readonly busCentric: boolean;
}

export function bridgeRanges(shown: Shown): readonly string[] {
  return [ioRange, memoryRange, prefetchableRange].flatMap((registers, index) => {
    const known = shown.busCentric ? undefined : shown.device.resource[FIRST_WINDOW + index];
    const range = known?.flags ? undefined : registers(shown.config, shown.busCentric);
    if (typeof range === "string") return range ? [range] : [];
    return [line(range ?? kernelRange(index, known), shown.verbosity)];
  });
}

const TITLES = ["I/O", "Memory", "Prefetchable memory"] as const;

function kernelRange(index: number, { start = 0, end = 0 }: { start?: number; end?: number } = {}): Range {
  const bits = index === 0 ? 16 : 32;
  return { title: TITLES[index] ?? "", bits, base: BigInt(start), limit: BigInt(end), open: end > start };
}

function line({ title, bits, base, limit, open }: Range, verbosity: number): string {
  const digits = bits / 4;
  const known = base <= limit || verbosity > 2 ? ` ${hex(base, digits)}-${hex(limit, digits)}` : "";
  const state = open && base <= limit ? sizeText(limit - base + 1n) : " [disabled]";
  return `\t${title} behind bridge:${known}${state} [${bits}-bit]`;
}

/** A text instead of a range: what is wrong with it, or nothing where there is no window. */
type Registers = (config: ConfigBytes, busCentric: boolean) => Range | string;

const ioRange: Registers = (config, open) => {
  const [low, high] = [config.byte(0x1c), config.byte(0x1d)];
  if (!low && !high && !open) return "";
  const type = low & 15;
  if (type !== (high & 15) || type > 1) return `\t!!! Unknown I/O range types ${hex(low)}/${hex(high)}`;
  const upper = (at: number) => (type ? BigInt(config.word(at)) << 16n : 0n);
  return {
    title: TITLES[0],
    bits: type ? 32 : 16,
    base: (BigInt(low & 0xf0) << 8n) | upper(0x30),
    limit: (BigInt(high & 0xf0) << 8n) | upper(0x32) | 0xfffn,
    open,
  };
};

const memoryRange: Registers = (config, open) => {
  const [low, high] = [config.word(0x20), config.word(0x22)];
  if (low & 15 || high & 15) return `\t!!! Unknown memory range types ${hex(low)}/${hex(high)}`;
  const [base, limit] = [BigInt(low) << 16n, (BigInt(high) << 16n) | MEGABYTE];
  return { title: TITLES[1], bits: 32, base, limit, open };
};

const prefetchableRange: Registers = (config, open) => {
  const [low, high] = [config.word(0x24), config.word(0x26)];
  if (!low && !high && !open) return "";
  const type = low & 15;
  if (type !== (high & 15) || type > 1)
    return `\t!!! Unknown prefetchable memory range types ${hex(low)}/${hex(high)}`;
  const upper = (at: number) => (type ? BigInt(config.long(at)) << 32n : 0n);
  return {
    title: TITLES[2],
    bits: type ? 64 : 32,
    base: (BigInt(low & 0xfff0) << 16n) | upper(0x28),
    limit: (BigInt(high & 0xfff0) << 16n) | upper(0x2c) | MEGABYTE,
    open,
  };
};
