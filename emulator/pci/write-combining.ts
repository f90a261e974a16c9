/**
 * The CPU's write-combining buffers (Intel SDM vol. 3A, 12.3.1): stores to memory of type WC gather in lines of 64 bytes,
 * and leave as one packet each, in no order that software may rely on. What makes them leave: a full line, no free
 * buffer, a fence, an access of uncached memory or of a port, a read of the same memory, an interrupt, and at the latest
 * 10 µs of virtual time. `prompt` holds nothing back, here as in the posted writes; `adversarial` lets the last begun
 * leave first; `random` picks by a seeded sequence. State is in the arena.
 */
import type { Arena } from "../core/arena";
import type { Clock, Timer } from "../core/clock";
import { Io, type Width } from "../core/io";
import { LONGEST_NS, type PostedWrites } from "./posted-writes";

const LINE = 64;
/** Line fill buffers of a core. */
const LINES = 10;
/** Words a line: path, BAR, offset in the BAR as a float, physical address as a float, two words of byte enables. */
const WORDS = 8;

/** A stretch of bytes that leaves as one packet. */
export interface Burst {
  readonly path: number;
  readonly bar: number;
  /** Offset in the BAR. */
  readonly place: number;
  readonly physical: number;
  readonly data: Uint8Array;
}

interface Store extends Omit<Burst, "data"> {
  readonly width: Width;
  readonly value: number;
}

export class WriteCombining {
  /** Sends a packet on its way. */
  send: ((burst: Burst) => void) | undefined;
  readonly #arena: Arena;
  readonly #timer: Timer;
  readonly #posted: PostedWrites;
  readonly #count: number;
  readonly #lines: number;
  readonly #bytes: number;

  constructor(arena: Arena, clock: Clock, posted: PostedWrites) {
    this.#arena = arena;
    this.#posted = posted;
    this.#count = arena.reserve(8) >>> 2;
    this.#lines = arena.reserve(LINES * WORDS * 4, 64) >>> 2;
    this.#bytes = arena.reserve(LINES * LINE, 64);
    this.#timer = clock.timer(() => this.flush());
  }

  /** Lines that hold bytes. */
  get waiting(): number {
    return this.#arena.i32[this.#count] ?? 0;
  }

  store({ width, value, ...where }: Store): void {
    for (let byte = 0; byte < width; byte++) this.#put(where, byte, (value >>> (byte * 8)) & 0xff);
  }

  /** Everything leaves. */
  flush(): void {
    if (this.waiting === 0) return;
    while (this.waiting) this.#leave(this.#posted.pick(this.waiting));
    this.#timer.cancel();
  }

  #put({ path, bar, place, physical }: Omit<Burst, "data">, byte: number, value: number): void {
    const at = place + byte;
    const start = at - (at % LINE);
    const line = this.#find({ path, bar, place: start, physical: physical + byte - (at % LINE) });
    const inside = at % LINE;
    this.#arena.u8[this.#bytes + line * LINE + inside] = value;
    const mask = this.#lines + line * WORDS + 6 + (inside >>> 5);
    this.#arena.i32[mask] = (this.#arena.i32[mask] ?? 0) | (1 << (inside & 31));
    if (this.#enabled(line) === ~0n + (1n << 64n)) this.#leave(line);
  }

  /** The line's buffer; a new one if there is none, in the place of another if all are taken. */
  #find({ path, bar, place, physical }: Omit<Burst, "data">): number {
    const { i32, f64 } = this.#arena;
    for (let line = 0; line < this.waiting; line++) {
      const at = this.#lines + line * WORDS;
      if (i32[at] === path && i32[at + 1] === bar && f64[(at + 2) >>> 1] === place) return line;
    }
    if (this.waiting === LINES) this.#leave(0);
    const line = this.waiting;
    if (line === 0) this.#timer.arm(LONGEST_NS);
    const at = this.#lines + line * WORDS;
    i32.set([path, bar], at);
    f64[(at + 2) >>> 1] = place;
    f64[(at + 4) >>> 1] = physical;
    i32.set([0, 0], at + 6);
    i32[this.#count] = line + 1;
    return line;
  }

  /** The line's bytes go, each unbroken stretch as a packet of its own. */
  #leave(line: number): void {
    const bursts = this.#burstsOf(line);
    this.#close(line);
    for (const burst of bursts) this.send?.(burst);
  }

  #burstsOf(line: number): readonly Burst[] {
    const { i32, f64, u8 } = this.#arena;
    const at = this.#lines + line * WORDS;
    const [path, bar] = [i32[at] ?? 0, i32[at + 1] ?? 0];
    const [place, physical] = [f64[(at + 2) >>> 1] ?? 0, f64[(at + 4) >>> 1] ?? 0];
    const start = this.#bytes + line * LINE;
    return stretches(this.#enabled(line)).map(([from, to]) => ({
      path,
      bar,
      place: place + from,
      physical: physical + from,
      data: u8.slice(start + from, start + to),
    }));
  }

  #close(line: number): void {
    const { i32, u8 } = this.#arena;
    const last = this.waiting - 1;
    const [from, end] = [this.#lines + (line + 1) * WORDS, this.#lines + (last + 1) * WORDS];
    i32.copyWithin(from - WORDS, from, end);
    u8.copyWithin(
      this.#bytes + line * LINE,
      this.#bytes + (line + 1) * LINE,
      this.#bytes + (last + 1) * LINE,
    );
    i32[this.#count] = last;
  }

  #enabled(line: number): bigint {
    const mask = this.#lines + line * WORDS + 6;
    const [low, high] = [(this.#arena.i32[mask] ?? 0) >>> 0, (this.#arena.i32[mask + 1] ?? 0) >>> 0];
    return BigInt(low) | (BigInt(high) << 32n);
  }
}

/** Unbroken runs of ones among 64 bits: where each begins, and the first behind it. */
function stretches(bits: bigint): readonly (readonly [from: number, to: number])[] {
  const found: [number, number][] = [];
  for (let at = 0; at < LINE; at++) {
    if (!((bits >> BigInt(at)) & 1n)) continue;
    const last = found.at(-1);
    if (last?.[1] === at) last[1] = at + 1;
    else found.push([at, at + 1]);
  }
  return found;
}

/** What a mapping of type WC reaches: stores gather, reads push them first. */
export class CombiningIo extends Io {
  readonly name: string;
  readonly #buffers: WriteCombining;
  readonly #path: Io;
  readonly #where: Pick<Burst, "path" | "bar" | "physical">;

  /** `where.physical`: of the BAR's first byte. */
  constructor(buffers: WriteCombining, path: Io, where: Pick<Burst, "path" | "bar" | "physical">) {
    super();
    this.name = `${path.name}, write-combining`;
    this.#buffers = buffers;
    this.#path = path;
    this.#where = where;
  }

  peek(at: number, width: Width): number {
    return this.#path.peek(at, width);
  }

  read(at: number, width: Width): number {
    return this.#path.read(at, width);
  }

  write(at: number, { width, value }: { readonly width: Width; readonly value: number }): void {
    const { physical, ...where } = this.#where;
    this.#buffers.store({ ...where, place: at, physical: physical + at, width, value });
  }
}
