/**
 * The CPU's access path. A hit in one of the two TLBs costs one compare: the tag holds the page, the flags and the
 * bits that must be zero in an aligned address, so unaligned, invalid, watched and I/O accesses all fail it and take
 * the slow road. Walks, decode and watch matching happen when a page enters a TLB, never per hit.
 *
 * Virtual addresses come as two signed 32-bit halves: exact, and never boxed.
 * Not modelled: caches, write combining (the access path is that of uncached memory), user mode, SMAP/SMEP.
 */
import { fromHalves, PAGE_SIZE, type PhysicalAddress } from "../core/address";
import type { Arena } from "../core/arena";
import type { Clock } from "../core/clock";
import type { Io, Width } from "../core/io";
import type { AccessWatch, Decoded, PhysicalSpace } from "../core/physical-space";
import { PageFault } from "./page-fault";
import type { PageTable } from "./page-table";

const ENTRIES = 1024;
const WORDS = 4;
const PAGE_MASK = ~(PAGE_SIZE - 1);
/** Flags share the tag's word with the low address bits that an aligned access has as zero: keep them at 0x10 and up. */
const INVALID = 0x10;
const IO = 0x20;
const WATCH = 0x40;

/** Virtual nanoseconds: a read waits for its completion, a posted write only for the CPU's store. */
const READ_NS = 400;
const WRITE_NS = 50;

/** A stretch of one page that one Io answers. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly io: Io;
  /** Offset inside the Io at `from`. */
  readonly at: number;
  /** Arena byte offset of the words at `from`, or -1: then every access runs code. */
  readonly words: number;
}

interface Tlb {
  /** Four words an entry: tag, high half, addend to the arena offset, unused. */
  readonly tags: Int32Array;
  readonly pages: Float64Array;
  readonly spans: (Span | undefined)[];
  readonly write: boolean;
}

export interface CpuParts {
  readonly arena: Arena;
  readonly clock: Clock;
  readonly space: PhysicalSpace;
  readonly pageTable: PageTable;
  /** The arena word that is not zero while an interrupt waits. */
  readonly interruptPending: number;
}

export class Cpu {
  /** Called after an access while an interrupt waits: the interrupted line is the caller's. */
  onInterrupt: (() => void) | undefined;
  readonly #i32: Int32Array;
  readonly #view: DataView;
  readonly #arena: Arena;
  readonly #clock: Clock;
  readonly #space: PhysicalSpace;
  readonly #pageTable: PageTable;
  readonly #pending: number;
  readonly #readTlb = emptyTlb(false);
  readonly #writeTlb = emptyTlb(true);
  readonly #rt = this.#readTlb.tags;
  readonly #wt = this.#writeTlb.tags;
  #watch: AccessWatch | undefined;

  constructor({ arena, clock, space, pageTable, interruptPending }: CpuParts) {
    this.#arena = arena;
    this.#i32 = arena.i32;
    this.#view = arena.view;
    this.#clock = clock;
    this.#space = space;
    this.#pageTable = pageTable;
    this.#pending = interruptPending;
    arena.onCommit = () => invalidate(this.#readTlb);
    this.flush();
  }

  /** Forgets all translations: after a change of a page table, a BAR, a window, a command register, a watchpoint. */
  flush(): void {
    invalidate(this.#readTlb);
    invalidate(this.#writeTlb);
  }

  set watch(watch: AccessWatch) {
    this.#watch = watch;
    this.flush();
  }

  /** Signed. */
  read32(high: number, low: number): number {
    const x = (low >>> 10) & ((ENTRIES - 1) * WORDS);
    const t = this.#rt;
    if (t[x] === (low & (PAGE_MASK | 3)) && t[x + 1] === high) {
      return this.#i32[(low + (t[x + 2] as number)) >>> 2] as number;
    }
    return this.#read(high, low, 4) | 0;
  }

  /** Unsigned. */
  read16(high: number, low: number): number {
    const x = (low >>> 10) & ((ENTRIES - 1) * WORDS);
    const t = this.#rt;
    if (t[x] === (low & (PAGE_MASK | 1)) && t[x + 1] === high) {
      return this.#view.getUint16((low + (t[x + 2] as number)) >>> 0, true);
    }
    return this.#read(high, low, 2);
  }

  /** Unsigned. */
  read8(high: number, low: number): number {
    const x = (low >>> 10) & ((ENTRIES - 1) * WORDS);
    const t = this.#rt;
    if (t[x] === (low & PAGE_MASK) && t[x + 1] === high) {
      return this.#view.getUint8((low + (t[x + 2] as number)) >>> 0);
    }
    return this.#read(high, low, 1);
  }

  write32(high: number, low: number, value: number): void {
    const x = (low >>> 10) & ((ENTRIES - 1) * WORDS);
    const t = this.#wt;
    if (t[x] === (low & (PAGE_MASK | 3)) && t[x + 1] === high) {
      this.#i32[(low + (t[x + 2] as number)) >>> 2] = value;
      return;
    }
    this.#write(high, low, { width: 4, value: value >>> 0 });
  }

  write16(high: number, low: number, value: number): void {
    const x = (low >>> 10) & ((ENTRIES - 1) * WORDS);
    const t = this.#wt;
    if (t[x] === (low & (PAGE_MASK | 1)) && t[x + 1] === high) {
      this.#view.setUint16((low + (t[x + 2] as number)) >>> 0, value, true);
      return;
    }
    this.#write(high, low, { width: 2, value: value & 0xffff });
  }

  write8(high: number, low: number, value: number): void {
    const x = (low >>> 10) & ((ENTRIES - 1) * WORDS);
    const t = this.#wt;
    if (t[x] === (low & PAGE_MASK) && t[x + 1] === high) {
      this.#view.setUint8((low + (t[x + 2] as number)) >>> 0, value);
      return;
    }
    this.#write(high, low, { width: 1, value: value & 0xff });
  }

  read64(high: number, low: number): bigint {
    if (crosses(low, 8))
      return BigInt(this.#readBytes(high, low, 4)) | (BigInt(this.#readBytes(high, low + 4, 4)) << 32n);
    const x = this.#enter(this.#readTlb, high, low);
    const tlb = this.#readTlb;
    if ((tlb.tags[x] ?? 0) & WATCH) this.#check(tlb, { x, high, low }, { bytes: 8 });
    if (!((tlb.tags[x] ?? 0) & IO))
      return this.#view.getBigUint64((low + (tlb.tags[x + 2] ?? 0)) >>> 0, true);
    const span = this.#span(tlb, x, { low, bytes: 8 });
    this.#clock.spend(READ_NS);
    const value = span.io.read64(span.at + (low & 0xfff) - span.from);
    this.#deliver();
    return value;
  }

  write64(high: number, low: number, value: bigint): void {
    if (crosses(low, 8)) {
      this.#writeBytes(high, low, { width: 4, value: Number(value & 0xffffffffn) });
      this.#writeBytes(high, low + 4, { width: 4, value: Number(value >> 32n) });
      return;
    }
    const x = this.#enter(this.#writeTlb, high, low);
    const tlb = this.#writeTlb;
    if ((tlb.tags[x] ?? 0) & WATCH) this.#check(tlb, { x, high, low }, { bytes: 8, value });
    if (!((tlb.tags[x] ?? 0) & IO))
      return this.#view.setBigUint64((low + (tlb.tags[x + 2] ?? 0)) >>> 0, value, true);
    const span = this.#span(tlb, x, { low, bytes: 8 });
    span.io.write64(span.at + (low & 0xfff) - span.from, value);
    this.#clock.spend(WRITE_NS);
    this.#deliver();
  }

  #read(high: number, low: number, width: Width): number {
    if (crosses(low, width)) return this.#readBytes(high, low, width);
    const tlb = this.#readTlb;
    const x = this.#enter(tlb, high, low);
    if ((tlb.tags[x] as number) & WATCH) this.#check(tlb, { x, high, low }, { bytes: width });
    if ((tlb.tags[x] as number) & IO) return this.#readIo(tlb, x, { low, width });
    const at = (low + (tlb.tags[x + 2] as number)) >>> 0;
    return width === 4
      ? this.#view.getUint32(at, true)
      : width === 2
        ? this.#view.getUint16(at, true)
        : this.#view.getUint8(at);
  }

  #readIo(tlb: Tlb, x: number, { low, width }: { low: number; width: Width }): number {
    const span = this.#span(tlb, x, { low, bytes: width });
    const inside = (low & 0xfff) - span.from;
    this.#clock.spend(READ_NS);
    const word = (span.words + inside) >>> 2;
    const value =
      width === 4 && span.words >= 0 && (low & 3) === 0 && ((this.#arena.traps[word] as number) & 1) === 0
        ? (this.#i32[word] as number) >>> 0
        : span.io.read(span.at + inside, width);
    this.#deliver();
    return value;
  }

  #write(high: number, low: number, access: { readonly width: Width; readonly value: number }): void {
    const { width, value } = access;
    if (crosses(low, width)) return this.#writeBytes(high, low, access);
    const tlb = this.#writeTlb;
    const x = this.#enter(tlb, high, low);
    if ((tlb.tags[x] as number) & WATCH) this.#check(tlb, { x, high, low }, { bytes: width, value });
    if ((tlb.tags[x] as number) & IO) return this.#writeIo(tlb, x, { low, access });
    const at = (low + (tlb.tags[x + 2] as number)) >>> 0;
    if (width === 4) this.#view.setUint32(at, value, true);
    else if (width === 2) this.#view.setUint16(at, value, true);
    else this.#view.setUint8(at, value);
  }

  #writeIo(
    tlb: Tlb,
    x: number,
    { low, access }: { low: number; access: { width: Width; value: number } },
  ): void {
    const span = this.#span(tlb, x, { low, bytes: access.width });
    const inside = (low & 0xfff) - span.from;
    const word = (span.words + inside) >>> 2;
    if (
      access.width === 4 &&
      span.words >= 0 &&
      (low & 3) === 0 &&
      ((this.#arena.traps[word] as number) & 2) === 0
    ) {
      this.#i32[word] = access.value;
    } else {
      span.io.write(span.at + inside, access);
    }
    this.#clock.spend(WRITE_NS);
    this.#deliver();
  }

  /** The entry's index for this page, filled if it was not there. */
  #enter(tlb: Tlb, high: number, low: number): number {
    const x = (low >>> 10) & ((ENTRIES - 1) * WORDS);
    const tag = tlb.tags[x] as number;
    if ((tag & PAGE_MASK) !== (low & PAGE_MASK) || tlb.tags[x + 1] !== high || tag & INVALID)
      this.#fill(tlb, high, low);
    return x;
  }

  #fill(tlb: Tlb, high: number, low: number): void {
    const translated = this.#pageTable.walk(high, low, { write: tlb.write, mark: true });
    if (translated < 0)
      throw new PageFault(fromHalves(high, low), { write: tlb.write, fault: this.#pageTable.fault });
    const page = (translated - (translated % PAGE_SIZE)) as PhysicalAddress;
    const x = (low >>> 10) & ((ENTRIES - 1) * WORDS);
    const decoded = this.#space.decode(translated as PhysicalAddress);
    const flags = this.#watch?.covers(page) ? WATCH : 0;
    if (decoded.kind === "io") {
      tlb.spans[x >>> 2] = spanOf(decoded, page, translated);
      tlb.tags[x] = (low & PAGE_MASK) | IO | flags;
    } else {
      const index = Math.floor((decoded.at + (page - decoded.start)) / PAGE_SIZE);
      const frame = tlb.write ? decoded.memory.writeFrame(index) : decoded.memory.readFrame(index);
      tlb.tags[x] = (low & PAGE_MASK) | flags;
      tlb.tags[x + 2] = (frame - (low & PAGE_MASK)) | 0;
    }
    tlb.tags[x + 1] = high;
    tlb.pages[x >>> 2] = page;
  }

  /** What answers these bytes of an I/O page; the entry remembers one such stretch, the last one used. */
  #span(tlb: Tlb, x: number, { low, bytes }: { low: number; bytes: number }): Span {
    const known = tlb.spans[x >>> 2];
    const inPage = low & 0xfff;
    if (known && inPage >= known.from && inPage + bytes <= known.to) return known;
    const page = tlb.pages[x >>> 2] as PhysicalAddress;
    const decoded = this.#space.decode((page + inPage) as PhysicalAddress);
    if (decoded.kind === "memory") throw new RangeError("A page is memory or I/O, not both");
    const span = spanOf(decoded, page, page + inPage);
    tlb.spans[x >>> 2] = span;
    return span;
  }

  #check(
    tlb: Tlb,
    at: { x: number; high: number; low: number },
    access: { bytes: Width | 8; value?: number | bigint },
  ): void {
    const physical = ((tlb.pages[at.x >>> 2] as number) + (at.low & 0xfff)) as PhysicalAddress;
    this.#watch?.check({ physical, ...access });
    this.#enter(tlb, at.high, at.low);
  }

  #deliver(): void {
    if (this.#i32[this.#pending] !== 0) this.onInterrupt?.();
  }

  #readBytes(high: number, low: number, width: Width): number {
    let value = 0;
    for (let byte = width - 1; byte >= 0; byte--) {
      const at = (low >>> 0) + byte;
      value = value * 256 + this.read8(at > 0xffffffff ? (high + 1) | 0 : high, at | 0);
    }
    return value;
  }

  #writeBytes(high: number, low: number, { width, value }: { width: Width; value: number }): void {
    for (let byte = 0; byte < width; byte++) {
      const at = (low >>> 0) + byte;
      this.write8(at > 0xffffffff ? (high + 1) | 0 : high, at | 0, (value >>> (byte * 8)) & 0xff);
    }
  }
}

function emptyTlb(write: boolean): Tlb {
  const pages = new Float64Array(ENTRIES);
  return { tags: new Int32Array(ENTRIES * WORDS), pages, spans: Array.from({ length: ENTRIES }), write };
}

function invalidate({ tags }: Tlb): void {
  for (let x = 0; x < tags.length; x += WORDS) tags[x] = (tags[x] as number) | INVALID;
}

function crosses(low: number, bytes: number): boolean {
  return (low & 0xfff) + bytes > PAGE_SIZE;
}

/** The part of `page` around `address` that one Io answers in one way: from its words, or by code. */
function spanOf(
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
