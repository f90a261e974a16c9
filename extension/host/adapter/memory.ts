/** Memory by reference: `0x…`, `virt:`, `phys:`, `bus@bdf:`, `iova@bdf:`, `cfg@bdf:`, `io:`, `edu.STATUS`. Looks are peeks; writes go over the bus. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { placeOf } from "../../../emulator/machine/outside-access";
import { planWrites } from "../../../emulator/machine/write-plan";
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
      address: this.#addressOf(memoryReference, offset),
      data: Buffer.from(bytes).toString("base64"),
      ...(missing > 0 ? { unreadableBytes: missing } : {}),
    };
  }

  /** In accesses that the device takes, as a driver would make them. All or nothing, unless a part is enough. */
  async write({
    memoryReference: at,
    offset = 0,
    data,
    allowPartial = false,
  }: DebugProtocol.WriteMemoryArguments): Promise<DebugProtocol.WriteMemoryResponse["body"]> {
    const whole = Buffer.from(data, "base64");
    const answered = allowPartial ? this.#control.peek(at, offset, whole.length).length : whole.length;
    const planned = planWrites(this.#control.machine, at, { offset, data: whole.subarray(0, answered) });
    for (const write of planned) await this.#control.touch({ verb: "write", at, ...write });
    return { offset, bytesWritten: answered };
  }

  /** The number in a reference; a name has none, and is asked where it is. */
  #addressOf(reference: string, offset: number): string {
    const digits = /(?:^|:)(0x[0-9a-f]+|\d+)$/i.exec(reference)?.[1];
    if (digits !== undefined) return `0x${(BigInt(digits) + BigInt(offset)).toString(16)}`;
    const place = placeOf(this.#control.machine, reference, offset);
    const at = place?.kind === "memory" ? place.address : (place?.at ?? offset);
    return `0x${at.toString(16)}`;
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
