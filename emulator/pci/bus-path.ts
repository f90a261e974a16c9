/**
 * The way from the host bridge to what is behind a BAR, where it is not the plain one: writes that are held, and faults
 * that a tester asked for. On the plain way the CPU reaches the device's registers without it.
 */
import { ALL_ONES, Io, type Width } from "../core/io";
import type { Memory } from "../core/memory";
import type { CompletionStatus } from "../core/transaction";
import type { Bar } from "./bar";
import type { Fault, FaultInjection } from "./fault-injection";
import type { PciFunction } from "./function";
import type { PostedWrites } from "./posted-writes";
import type { WriteCombining } from "./write-combining";

export interface PathParts {
  readonly function: PciFunction;
  readonly bar: Bar;
  /** The function's number in the machine. */
  readonly path: number;
  readonly posted: PostedWrites;
  readonly combining: WriteCombining;
  readonly faults: FaultInjection;
  /** An access ended with a fault. */
  readonly fail: (
    fault: Fault,
    access: { readonly at: number; readonly bytes: number; readonly write: boolean },
  ) => CompletionStatus;
}

export class BusPath extends Io {
  readonly name: string;
  readonly #parts: PathParts;
  readonly #target: Io;

  constructor(parts: PathParts) {
    super();
    this.#parts = parts;
    this.name = `the way to ${parts.function.name}`;
    const { target } = parts.bar;
    this.#target = target.kind === "io" ? target.io : new MemoryIo(target.memory);
  }

  peek(at: number, width: Width): number {
    return this.#target.peek(at, width);
  }

  /** Pushes the writes before it; its completion pushes what the device wrote to memory. */
  read(at: number, width: Width): number {
    this.#parts.combining.flush();
    return this.#request(at, width);
  }

  #request(at: number, width: Width): number {
    const { posted, path, faults, fail, function: fn } = this.#parts;
    posted.drain(path, "down");
    const fault = faults.meet(fn.name, "read");
    if (fault) fail(fault, { at, bytes: width, write: false });
    const value = fault && fault !== "poisoned" ? ALL_ONES : this.#target.read(at, width);
    posted.drain(path, "up");
    return width === 4 ? value >>> 0 : value & ((1 << (width * 8)) - 1);
  }

  write(at: number, { width, value }: { readonly width: Width; readonly value: number }): void {
    const { faults, fail, posted, combining, path, bar, function: fn } = this.#parts;
    combining.flush();
    const fault = faults.meet(fn.name, "write");
    if (fault) {
      fail(fault, { at, bytes: width, write: true });
      return;
    }
    const data = new Uint8Array(new Uint32Array([value]).buffer, 0, width);
    posted.post({ direction: "down", path, bar: bar.index, place: at, data });
  }

  /** A write that was on its way arrives: a packet of a peer's own in its words. */
  arrive(at: number, data: Uint8Array): void {
    forEachPiece(at, data, (place, piece) => {
      const value = piece.reduceRight((high, byte) => high * 256 + byte, 0);
      this.#target.write(place, { width: piece.length as Width, value });
    });
  }

  /** A peer's own read. */
  readBytes(at: number, into: Uint8Array): void {
    forEachPiece(at, into, (place, piece) => {
      const value = this.#request(place, piece.length as Width);
      for (let byte = 0; byte < piece.length; byte++) piece[byte] = value >>> (byte * 8);
    });
  }
}

/** Aligned words, and what is left over at both ends in the longest aligned pieces. */
function forEachPiece(at: number, data: Uint8Array, visit: (at: number, piece: Uint8Array) => void): void {
  for (let done = 0; done < data.length; ) {
    const [place, left] = [at + done, data.length - done];
    const bytes = ([4, 2] as const).find((width) => place % width === 0 && left >= width) ?? 1;
    visit(place, data.subarray(done, done + bytes));
    done += bytes;
  }
}

/** RAM behind a BAR, access by access. */
class MemoryIo extends Io {
  readonly name: string;
  readonly #memory: Memory;

  constructor(memory: Memory) {
    super();
    this.#memory = memory;
    this.name = memory.name;
  }

  peek(at: number, width: Width): number {
    const bytes = new Uint8Array(width);
    this.#memory.copyOut(at, bytes);
    return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
  }

  read(at: number, width: Width): number {
    return this.peek(at, width);
  }

  write(at: number, { width, value }: { readonly width: Width; readonly value: number }): void {
    this.#memory.copyIn(at, new Uint8Array(new Uint32Array([value]).buffer, 0, width));
  }
}
