/**
 * One SharedArrayBuffer holds the whole hardware: declared state first (configuration space, registers, timers,
 * frame tables), then page frames that memory takes on first write. A snapshot of the machine is a copy of the arena,
 * and any thread that has the buffer can look at the machine without asking the driver's thread.
 *
 * Whoever builds the same machine twice reserves in the same order and so finds the same state at the same place.
 */
import { PAGE_SIZE } from "./address";

const DEFAULT_BYTES = 2 ** 30;
const SMALLEST_BYTES = 2 ** 24;
const FRAMES_TAKEN = 0;
const HEADER_BYTES = 64;

/** The memory that the guest has written does not fit into the arena. */
export class ArenaFull extends Error {
  constructor(bytes: number) {
    super(
      `The machine has used all ${bytes / 2 ** 20} MiB of its memory: power-cycle it, or give it a larger arena`,
    );
  }
}

export class Arena {
  readonly buffer: SharedArrayBuffer;
  readonly i32: Int32Array;
  readonly u8: Uint8Array;
  readonly f64: Float64Array;
  readonly view: DataView;
  /** Byte offset of a page of zeros: what unwritten memory reads. */
  readonly zeroFrame: number;
  /** For each declared word: bit 0 traps a read, bit 1 a write. Known once the arena is sealed. */
  traps: Uint8Array = new Uint8Array(0);
  /** Called when a page gets its frame: whoever cached the zero frame for it must forget. */
  onCommit: (() => void) | undefined;
  readonly #trapped: (readonly [word: number, bits: number])[] = [];
  readonly #kept: (readonly [at: number, bytes: number])[] = [];
  #declared = HEADER_BYTES;
  #sealed = false;

  private constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.i32 = new Int32Array(buffer, 0, buffer.byteLength / 4);
    this.u8 = new Uint8Array(buffer, 0, buffer.byteLength);
    this.f64 = new Float64Array(buffer, 0, buffer.byteLength / 8);
    this.view = new DataView(buffer, 0, buffer.byteLength);
    this.zeroFrame = this.reserve(PAGE_SIZE, PAGE_SIZE);
  }

  /** Fixed length (a growable buffer costs ten times as much a read), committed by the system on first touch. */
  static create(bytes = DEFAULT_BYTES): Arena {
    for (let size = bytes; ; size /= 2) {
      try {
        return new Arena(new SharedArrayBuffer(size));
      } catch (error) {
        if (!(error instanceof RangeError) || size <= SMALLEST_BYTES) throw error;
      }
    }
  }

  static attach(buffer: SharedArrayBuffer): Arena {
    return new Arena(buffer);
  }

  /** Declares `bytes` of state and returns their byte offset. Only before the arena is sealed. */
  reserve(bytes: number, alignment = 8): number {
    if (this.#sealed) throw new RangeError("State is declared while the machine is built, not later");
    const at = Math.ceil(this.#declared / alignment) * alignment;
    this.#declared = at + bytes;
    if (this.#declared > this.buffer.byteLength) throw new ArenaFull(this.buffer.byteLength);
    return at;
  }

  /** Says that an access to the declared word at byte `at` has to run code. */
  trap(at: number, bits: number): void {
    this.#trapped.push([at >>> 2, bits]);
  }

  /** Says that declared state outlives a reset: what memory holds, and the time. */
  keepOverReset(at: number, bytes: number): void {
    this.#kept.push([at, bytes]);
  }

  /** The reset button: declared state to zero, but for what outlives it. */
  reset(): void {
    const kept = this.#kept.map(([at, bytes]) => [at, this.u8.slice(at, at + bytes)] as const);
    this.u8.fill(0, HEADER_BYTES, this.#declared);
    for (const [at, bytes] of kept) this.u8.set(bytes, at);
    this.onCommit?.();
  }

  /** Ends the declarations; what follows are page frames. */
  seal(): void {
    this.#sealed = true;
    this.traps = new Uint8Array(Math.ceil(this.#declared / 4));
    for (const [word, bits] of this.#trapped) this.traps[word] = (this.traps[word] ?? 0) | bits;
  }

  /** Takes a page frame of zeros and returns its byte offset. */
  takeFrame(): number {
    const at = this.#firstFrame + Atomics.add(this.i32, FRAMES_TAKEN, 1) * PAGE_SIZE;
    if (at + PAGE_SIZE <= this.buffer.byteLength) return at;
    Atomics.sub(this.i32, FRAMES_TAKEN, 1);
    throw new ArenaFull(this.buffer.byteLength);
  }

  /** Bytes in use: declared state and the frames taken. */
  get used(): number {
    return this.#firstFrame + Atomics.load(this.i32, FRAMES_TAKEN) * PAGE_SIZE;
  }

  /** All state back to zero: power off. */
  clear(): void {
    this.u8.fill(0, 0, this.used);
    this.onCommit?.();
  }

  snapshot(): Uint8Array {
    return this.u8.slice(0, this.used);
  }

  restore(snapshot: Uint8Array): void {
    this.clear();
    this.u8.set(snapshot);
    this.onCommit?.();
  }

  /** A 32-bit digest (FNV-1a over words) of `[from, to)`, by default of all that is in use. */
  digest(from = 0, to = this.used): number {
    let digest = 0x811c9dc5;
    for (let word = from >>> 2; word < to >>> 2; word++)
      digest = Math.imul(digest ^ (this.i32[word] ?? 0), 0x01000193);
    return digest >>> 0;
  }

  get #firstFrame(): number {
    return Math.ceil(this.#declared / PAGE_SIZE) * PAGE_SIZE;
  }
}
