/** Memory by reference: `0x…`, `virt:`, `phys:`, `bus@bdf:`, `cfg@bdf:`, `io:`, `edu.STATUS`. Looks are peeks; writes go over the bus. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Bytes } from "../../../emulator/machine/outside-access";
import type { Hex } from "../../../emulator/machine/views";
import type { Control } from "../control";

const LIMIT = 1 << 20;

export class Memory {
  readonly #control: Control;
  /** What clients have read, as they spell it: only for the same text do they look again. */
  readonly #read = new Map<string, { from: number; to: number }>();

  constructor(control: Control) {
    this.#control = control;
  }

  read(asked: DebugProtocol.ReadMemoryArguments): DebugProtocol.ReadMemoryResponse["body"] {
    const { memoryReference, offset = 0, count } = asked;
    const wanted = Math.min(count, LIMIT);
    const bytes = this.#control.peek(memoryReference, offset, wanted);
    const { from = offset, to = offset } = this.#read.get(memoryReference) ?? {};
    this.#read.set(memoryReference, { from: Math.min(from, offset), to: Math.max(to, offset + wanted) });
    const missing = wanted - bytes.length;
    return {
      address: addressOf(memoryReference, offset),
      data: Buffer.from(bytes).toString("base64"),
      ...(missing > 0 ? { unreadableBytes: missing } : {}),
    };
  }

  /** In the widest aligned accesses that fit, as a driver would: 4, 2 or 1 bytes at a time. */
  async write(asked: DebugProtocol.WriteMemoryArguments): Promise<DebugProtocol.WriteMemoryResponse["body"]> {
    const { memoryReference, offset = 0 } = asked;
    const data = Buffer.from(asked.data, "base64");
    const start = Number(BigInt.asUintN(2, BigInt(addressOf(memoryReference, offset))));
    let at = 0;
    while (at < data.length) {
      const bytes = widest(start + at, data.length - at);
      const value: Hex = `0x${data.readUIntLE(at, bytes).toString(16)}`;
      await this.#control.touch({ verb: "write", at: memoryReference, offset: offset + at, bytes, value });
      at += bytes;
    }
    return { offset, bytesWritten: data.length };
  }

  /** Everything that was read, for the `memory` events of a stop or of a write. */
  get shown(): readonly DebugProtocol.MemoryEvent["body"][] {
    return [...this.#read].map(([memoryReference, { from, to }]) => ({
      memoryReference,
      offset: from,
      count: to - from,
    }));
  }
}

function widest(at: number, left: number): Bytes {
  if (at % 4 === 0 && left >= 4) return 4;
  return at % 2 === 0 && left >= 2 ? 2 : 1;
}

/** The number in a reference; a name has none, and registers are aligned. */
function addressOf(reference: string, offset: number): string {
  const digits = /(?:^|:)(0x[0-9a-f]+|\d+)$/i.exec(reference)?.[1];
  return `0x${(BigInt(digits ?? 0) + BigInt(offset)).toString(16)}`;
}
