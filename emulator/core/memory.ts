/**
 * A stretch of plain memory (RAM, or a BAR backed by RAM): page frames of the arena, taken on first write.
 * All offsets are bytes from the start of the memory; multi-byte values are little-endian.
 */
import { PAGE_SIZE } from "./address";
import type { Arena } from "./arena";

export class Memory {
  readonly name: string;
  readonly size: number;
  readonly #arena: Arena;
  readonly #frames: number;

  constructor(arena: Arena, name: string, size: number) {
    if (size % PAGE_SIZE)
      throw new RangeError(`Cannot make ${name}: ${size} bytes are not a whole number of pages`);
    this.#arena = arena;
    this.name = name;
    this.size = size;
    const table = (size / PAGE_SIZE) * 4;
    const at = arena.reserve(table);
    arena.keepOverReset(at, table);
    this.#frames = at >>> 2;
  }

  /** Arena byte offset of the frame to read `page` from: the frame of zeros where nothing was written yet. */
  readFrame(page: number): number {
    const frame = this.#arena.i32[this.#frames + page] ?? 0;
    return frame ? frame * PAGE_SIZE : this.#arena.zeroFrame;
  }

  /** Arena byte offset of the frame to write `page` to, taken now if it has none. */
  writeFrame(page: number): number {
    const { i32 } = this.#arena;
    const known = i32[this.#frames + page] ?? 0;
    if (known) return known * PAGE_SIZE;
    const taken = this.#arena.takeFrame();
    i32[this.#frames + page] = taken / PAGE_SIZE;
    this.#arena.onCommit?.();
    return taken;
  }

  isWritten(page: number): boolean {
    return this.#arena.i32[this.#frames + page] !== 0;
  }

  /** The 32-bit word at `at`, a multiple of 4, as a signed number. */
  readWord(at: number): number {
    return this.#arena.i32[(this.readFrame(Math.floor(at / PAGE_SIZE)) + (at % PAGE_SIZE)) >>> 2] ?? 0;
  }

  writeWord(at: number, value: number): void {
    this.#arena.i32[(this.writeFrame(Math.floor(at / PAGE_SIZE)) + (at % PAGE_SIZE)) >>> 2] = value;
  }

  copyOut(at: number, target: Uint8Array): void {
    this.#pieces(at, target.length, (page, from, done, bytes) => {
      const start = this.readFrame(page) + from;
      target.set(this.#arena.u8.subarray(start, start + bytes), done);
    });
  }

  copyIn(at: number, source: Uint8Array): void {
    this.#pieces(at, source.length, (page, from, done, bytes) => {
      this.#arena.u8.set(source.subarray(done, done + bytes), this.writeFrame(page) + from);
    });
  }

  #pieces(
    at: number,
    total: number,
    piece: (page: number, from: number, done: number, bytes: number) => void,
  ): void {
    if (at < 0 || at + total > this.size)
      throw new RangeError(`${total} bytes at ${at} are not inside ${this.name}`);
    for (let done = 0; done < total; ) {
      const from = (at + done) % PAGE_SIZE;
      const bytes = Math.min(PAGE_SIZE - from, total - done);
      piece(Math.floor((at + done) / PAGE_SIZE), from, done, bytes);
      done += bytes;
    }
  }
}
