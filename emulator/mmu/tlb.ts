/**
 * A translation look-aside buffer: 1024 entries, direct mapped. The tag holds the page, the flags, and the address bits
 * that are zero in an aligned access, so one compare fails for all that is not a plain hit.
 */
import { PAGE_SIZE, type PhysicalAddress } from "../core/address";
import type { Io } from "../core/io";
import type { Decoded } from "../core/physical-space";

const ENTRIES = 1024;
/** Words an entry: tag, high half, addend from address to arena offset, and for I/O the bounds that addend is good for. */
const WORDS = 4;
export const PAGE_MASK = ~(PAGE_SIZE - 1);
/** Picks an entry's first word out of `low >>> 10`. */
export const ENTRY_MASK = (ENTRIES - 1) * WORDS;

/** Flags share the tag's word with the low address bits, of which an access compares at most four: begin at 0x10. */
export const INVALID = 0x10;
export const IO = 0x20;
export const WATCH = 0x40;
/** Accesses of the page are told to the observer of the buses. */
export const TRACE = 0x80;

/** A stretch of one page that one Io answers in one way. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly io: Io;
  /** Offset inside the Io at `from`. */
  readonly at: number;
  /** Arena byte offset of the words at `from`, or -1: then every access runs code. */
  readonly words: number;
}

export interface Tlb {
  readonly tags: Int32Array;
  /** The physical page of each entry. */
  readonly pages: Float64Array;
  /** For each entry: its page is mapped as write-combining. */
  readonly combines: Uint8Array;
  /** For an I/O page: the stretch used last. */
  readonly spans: (Span | undefined)[];
  readonly write: boolean;
}

/** Remembers the stretch; its words, if it has any, for the short way of aligned 32-bit reads. */
export function setSpan(tlb: Tlb, x: number, span: Span): void {
  tlb.spans[x >>> 2] = span;
  const page = (tlb.tags[x] as number) & PAGE_MASK;
  tlb.tags[x + 2] = (span.words - span.from - page) | 0;
  tlb.tags[x + 3] = span.words < 0 ? 0 : span.from | (span.to << 16);
}

export function emptyTlb(write: boolean): Tlb {
  const tags = new Int32Array(ENTRIES * WORDS).fill(INVALID);
  const combines = new Uint8Array(ENTRIES);
  return { tags, pages: new Float64Array(ENTRIES), combines, spans: Array.from({ length: ENTRIES }), write };
}

export function invalidate({ tags }: Tlb): void {
  for (let x = 0; x < tags.length; x += WORDS) tags[x] = (tags[x] as number) | INVALID;
}

/** The part of `page` around `address` that one Io answers: from its words, or by code. */
export function spanOf(
  { io, start, end, at }: Decoded & { kind: "io" },
  page: PhysicalAddress,
  address: number,
): Span {
  const from = Math.max(0, start - page);
  const to = Math.min(PAGE_SIZE, end - page);
  const first = at + (page + from - start);
  const stored = (io.storage?.size ?? 0) - first;
  if (!io.storage || address - page - from >= stored) {
    const begin = Math.max(from, from + Math.max(0, stored));
    return { from: begin, to, io, at: first + (begin - from), words: -1 };
  }
  return { from, to: Math.min(to, from + stored), io, at: first, words: io.storage.base + first };
}

/** The physical address of an access whose page is in the entry. */
export function placeOf(tlb: Tlb, x: number, low: number): number {
  return (tlb.pages[x >>> 2] as number) + (low & 0xfff);
}

/** Two signed words. */
export function halves(value: bigint): [low: number, high: number] {
  return [Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n))];
}
