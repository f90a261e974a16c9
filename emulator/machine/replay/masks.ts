/** Compound records of a configuration space: what of a register can be written, and the two lists of capabilities. */
import type { Width } from "../../core/io";
import type { Access } from "./access";
import type { TranscriptRecord } from "./transcript";

const ALL_ONES = 0xffff_ffff;

interface Register {
  readonly bdf: string;
  readonly reg: number;
}

/** Reset value, all ones, all zeros, all ones again, restored, and the bits that can be both. */
export function maskOfWord(
  access: Access,
  record: TranscriptRecord & Register,
): Readonly<Record<string, number>> {
  const { bdf, reg } = record;
  const put = (value: number) => {
    access.setConfig(bdf, reg, { width: 4, value });
    return Number(access.config(bdf, reg, 4));
  };
  const wrote = Number(record["wrote"] ?? ALL_ONES);
  const reset = Number(access.config(bdf, reg, 4));
  const [ones, zeros, ones2] = [put(wrote), put(0), put(wrote)];
  const restored = put(reset);
  return { reset, ones, zeros, ones2, restored, rw: (ones & ~zeros) >>> 0 };
}

/** One byte: reset value, what ones read back, the word it lies in then, restored. */
export function maskOfByte(access: Access, { bdf, reg }: Register): Readonly<Record<string, number>> {
  const read = (at: number, width: Width) => Number(access.config(bdf, at, width));
  const reset = read(reg, 1);
  access.setConfig(bdf, reg, { width: 1, value: 0xff });
  const [ones, dword] = [read(reg, 1), read(reg & ~3, 4)];
  access.setConfig(bdf, reg, { width: 1, value: reset });
  return { reset, ones, dword, restored: read(reg, 1) };
}

/** Identifier and offset of each capability, as a driver finds them. */
export function capabilitiesOf(access: Access, bdf: string) {
  const caps: Record<string, number> = {};
  for (let at = Number(access.config(bdf, 0x34, 1)); at; at = Number(access.config(bdf, at + 1, 1)))
    caps[hex(Number(access.config(bdf, at, 1)), 2)] = at;
  const extended: Record<string, number> = {};
  for (let at = 0x100; at; ) {
    const header = Number(access.config(bdf, at, 4));
    if (header === 0 || header === ALL_ONES) break;
    extended[hex(header & 0xffff, 4)] = at;
    at = header >>> 20;
  }
  return { caps, extended };
}

function hex(value: number, digits: number): string {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}
