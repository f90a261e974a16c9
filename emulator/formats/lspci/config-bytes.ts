/** Configuration space as bytes, little-endian; what lies beyond its end reads as zero. */
export class ConfigBytes {
  readonly length: number;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.length = bytes.length;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  has(at: number, bytes: number): boolean {
    return at >= 0 && at + bytes <= this.length;
  }

  byte(at: number): number {
    return this.has(at, 1) ? this.#view.getUint8(at) : 0;
  }

  word(at: number): number {
    return this.has(at, 2) ? this.#view.getUint16(at, true) : 0;
  }

  long(at: number): number {
    return this.has(at, 4) ? this.#view.getUint32(at, true) : 0;
  }
}
