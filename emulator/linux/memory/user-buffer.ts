/** A pointer of a user-space program, as the kernel gets it: it is never dereferenced, only copied from and to. */
import type { UserMem } from "linux/fs";

export class UserBuffer implements UserMem {
  declare readonly __user: never;
  readonly #bytes: Uint8Array;
  readonly #at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  plus(bytes: number): UserBuffer {
    return new UserBuffer(this.#bytes, this.#at + bytes);
  }

  /** Bytes up to the end of the program's buffer. */
  get left(): number {
    return Math.max(0, this.#bytes.length - this.#at);
  }

  store(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#at);
  }

  load(n: number): Uint8Array {
    return this.#bytes.slice(this.#at, this.#at + n);
  }
}
