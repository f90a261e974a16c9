/**
 * What a TLB hit does not cover: misses, registers, watched pages, odd alignment. Walk, decode and watch matching
 * happen here, when a page enters the TLB. A register read costs a few nanoseconds, so the parameters of its path are
 * positional: an options object would be allocated for each.
 */
import { PAGE_SIZE, type PhysicalAddress, type VirtualAddress } from "../core/address";
import type { Arena } from "../core/arena";
import type { Clock } from "../core/clock";
import type { Width } from "../core/io";
import type { AccessWatch } from "../core/physical-space";
import type { AccessObserver } from "../core/transaction";
import { type DecodingParts, decodeAgain, decodeEntered } from "./decoding";
import { type PageFault, pageFaultAt } from "./page-fault";
import {
  ENTRY_MASK,
  halves,
  INVALID,
  IO,
  PAGE_MASK,
  placeOf,
  type Span,
  setSpan,
  spanOf,
  type Tlb,
  TRACE,
  WATCH,
} from "./tlb";

/** Virtual nanoseconds: a read waits for its completion, a posted write only for the CPU's store. */
const READ_NS = 400;
const WRITE_NS = 50;

export interface SlowPathParts extends DecodingParts {
  readonly arena: Arena;
  readonly clock: Clock;
  /** The arena word that is not zero while an interrupt waits. */
  readonly interruptPending: number;
}

/** What a write brings; unsigned. */
type Store = { readonly width: Width; readonly value: number };

interface Place {
  readonly x: number;
  readonly high: number;
  readonly low: number;
}

export class SlowPath {
  /** Called after an access while an interrupt waits: the interrupted line is the caller's. */
  onInterrupt: (() => void) | undefined;
  /** Called before a page fault is thrown, whoever catches it. */
  onPageFault: ((fault: PageFault) => void) | undefined;
  /** What was at an address before, for a fault's report. */
  history: ((address: VirtualAddress) => string | undefined) | undefined;
  watch: AccessWatch | undefined;
  observer: AccessObserver | undefined;
  readonly #i32: Int32Array;
  readonly #view: DataView;
  readonly #traps: Uint8Array;
  readonly #clock: Clock;
  readonly #pending: number;
  readonly #parts: SlowPathParts;

  /** The arena is sealed: its traps are known. */
  constructor(parts: SlowPathParts) {
    this.#parts = parts;
    this.#i32 = parts.arena.i32;
    this.#view = parts.arena.view;
    this.#traps = parts.arena.traps;
    this.#clock = parts.clock;
    this.#pending = parts.interruptPending;
  }

  /** `width` bytes inside one page, unsigned. Its time passes first: a watchpoint says the value that the driver gets. */
  read(tlb: Tlb, high: number, low: number, width: Width): number {
    const x = this.#enter(tlb, high, low);
    const tag = tlb.tags[x] as number;
    if (tag & IO) this.#clock.spend(READ_NS);
    if (tag & WATCH) this.#check(tlb, { x, high, low }, { bytes: width });
    const value = tag & IO ? this.#readIo(tlb, x, low, width) : this.#readMemory(tlb, x, low, width);
    if (tag & TRACE) this.observer?.saw(placeOf(tlb, x, low), width, value | 0, 0);
    return value;
  }

  #readMemory(tlb: Tlb, x: number, low: number, width: Width): number {
    const at = (low + (tlb.tags[x + 2] as number)) >>> 0;
    if (width === 4) return this.#view.getUint32(at, true);
    return width === 2 ? this.#view.getUint16(at, true) : this.#view.getUint8(at);
  }

  write(tlb: Tlb, high: number, low: number, access: Store): void {
    const { width, value } = access;
    const x = this.#enter(tlb, high, low);
    const tag = tlb.tags[x] as number;
    if (tag & WATCH) this.#check(tlb, { x, high, low }, { bytes: width, value });
    const at = (low + (tlb.tags[x + 2] as number)) >>> 0;
    if (tag & TRACE) this.observer?.saw(placeOf(tlb, x, low), -width, value | 0, 0);
    if (tag & IO) this.#writeIo(tlb, x, low, access);
    else if (width === 4) this.#view.setUint32(at, value, true);
    else if (width === 2) this.#view.setUint16(at, value, true);
    else this.#view.setUint8(at, value);
  }

  read64(tlb: Tlb, high: number, low: number): bigint {
    const x = this.#enter(tlb, high, low);
    const tag = tlb.tags[x] as number;
    if (tag & IO) this.#clock.spend(READ_NS);
    if (tag & WATCH) this.#check(tlb, { x, high, low }, { bytes: 8 });
    const value =
      tag & IO
        ? this.#readIo64(tlb, x, low)
        : this.#view.getBigUint64((low + (tlb.tags[x + 2] as number)) >>> 0, true);
    if (tag & TRACE) this.observer?.saw(placeOf(tlb, x, low), 8, ...halves(value));
    return value;
  }

  #readIo64(tlb: Tlb, x: number, low: number): bigint {
    const span = this.#span(tlb, x, low, 8);
    const value = span.io.read64(span.at + (low & 0xfff) - span.from);
    if (this.#i32[this.#pending] !== 0) this.onInterrupt?.();
    return value;
  }

  write64(tlb: Tlb, high: number, { low, value }: { readonly low: number; readonly value: bigint }): void {
    const x = this.#enter(tlb, high, low);
    const tag = tlb.tags[x] as number;
    if (tag & WATCH) this.#check(tlb, { x, high, low }, { bytes: 8, value });
    if (tag & TRACE) this.observer?.saw(placeOf(tlb, x, low), -8, ...halves(value));
    if (!(tag & IO)) {
      this.#view.setBigUint64((low + (tlb.tags[x + 2] as number)) >>> 0, value, true);
      return;
    }
    const span = this.#span(tlb, x, low, 8);
    span.io.write64(span.at + (low & 0xfff) - span.from, value);
    this.#clock.spend(WRITE_NS);
    if (this.#i32[this.#pending] !== 0) this.onInterrupt?.();
  }

  /** An aligned 32-bit read of a page of registers that is in the TLB and not watched. Signed. */
  readRegister(tlb: Tlb, x: number, low: number): number {
    const tags = tlb.tags;
    const inPage = low & 0xfff;
    const bounds = tags[x + 3] as number;
    this.#clock.spend(READ_NS);
    if (inPage < (bounds & 0xffff) || inPage + 4 > bounds >>> 16) return this.#readIo(tlb, x, low, 4) | 0;
    const word = (low + (tags[x + 2] as number)) >>> 2;
    const value =
      ((this.#traps[word] as number) & 1) === 0
        ? (this.#i32[word] as number)
        : this.#readTrapped(tlb.spans[x >>> 2] as Span, inPage);
    if (this.#i32[this.#pending] !== 0) this.onInterrupt?.();
    return value;
  }

  /** The same while the buses are observed. */
  readTraced(tlb: Tlb, x: number, low: number): number {
    const value = this.readRegister(tlb, x, low);
    this.observer?.saw(placeOf(tlb, x, low), 4, value, 0);
    return value;
  }

  #readTrapped(span: Span, inPage: number): number {
    return span.io.readWord(span.at + inPage - span.from) | 0;
  }

  #readIo(tlb: Tlb, x: number, low: number, width: Width): number {
    const span = this.#span(tlb, x, low, width);
    const inside = (low & 0xfff) - span.from;
    const word = (span.words + inside) >>> 2;
    const plain =
      ((low & 3) | (width ^ 4)) === 0 && span.words >= 0 && ((this.#traps[word] as number) & 1) === 0;
    const value = plain ? (this.#i32[word] as number) >>> 0 : span.io.read(span.at + inside, width);
    if (this.#i32[this.#pending] !== 0) this.onInterrupt?.();
    return value;
  }

  #writeIo(tlb: Tlb, x: number, low: number, access: Store): void {
    const span = this.#span(tlb, x, low, access.width);
    const inside = (low & 0xfff) - span.from;
    const word = (span.words + inside) >>> 2;
    const plain =
      ((low & 3) | (access.width ^ 4)) === 0 && span.words >= 0 && ((this.#traps[word] as number) & 2) === 0;
    if (plain) this.#i32[word] = access.value;
    else span.io.write(span.at + inside, access);
    this.#clock.spend(WRITE_NS);
    if (this.#i32[this.#pending] !== 0) this.onInterrupt?.();
  }

  /** The entry's index for this page, filled if it was not there. */
  #enter(tlb: Tlb, high: number, low: number): number {
    const x = (low >>> 10) & ENTRY_MASK;
    const tag = tlb.tags[x] as number;
    if ((tag & PAGE_MASK) !== (low & PAGE_MASK) || tlb.tags[x + 1] !== high || tag & INVALID)
      this.#fill(tlb, { x, high, low });
    return x;
  }

  #fill(tlb: Tlb, { x, high, low }: Place): void {
    const { pageTable } = this.#parts;
    const translated = pageTable.walk(high, low, { write: tlb.write, mark: true });
    if (translated < 0) {
      const fault = pageFaultAt(pageTable, { high, low }, { write: tlb.write, history: this.history });
      this.onPageFault?.(fault);
      throw fault;
    }
    const page = (translated - (translated % PAGE_SIZE)) as PhysicalAddress;
    const decoded = decodeEntered(tlb, x, translated, this.#parts);
    const traced = (decoded.bus ?? decoded.kind === "io") && this.observer?.on;
    const flags = (this.watch?.covers(page) ? WATCH : 0) | (traced ? TRACE : 0);
    if (decoded.kind === "io") {
      tlb.tags[x] = (low & PAGE_MASK) | IO | flags;
      setSpan(tlb, x, spanOf(decoded, page, translated));
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
  #span(tlb: Tlb, x: number, low: number, bytes: number): Span {
    const known = tlb.spans[x >>> 2];
    const inPage = low & 0xfff;
    if (known && inPage >= known.from && inPage + bytes <= known.to) return known;
    return this.#findSpan(tlb, x, inPage);
  }

  #findSpan(tlb: Tlb, x: number, inPage: number): Span {
    const page = tlb.pages[x >>> 2] as PhysicalAddress;
    const decoded = decodeAgain(tlb, x, page + inPage, this.#parts);
    if (decoded.kind === "memory") throw new RangeError("A page is memory or I/O, not both");
    const span = spanOf(decoded, page, page + inPage);
    setSpan(tlb, x, span);
    return span;
  }

  /** Tells of an access before it takes effect. Whoever is told may change the machine: the entry is looked up anew. */
  #check(tlb: Tlb, { x, high, low }: Place, access: { bytes: Width | 8; value?: number | bigint }): void {
    const physical = ((tlb.pages[x >>> 2] as number) + (low & 0xfff)) as PhysicalAddress;
    this.watch?.check({ physical, ...access });
    this.#enter(tlb, high, low);
  }
}
