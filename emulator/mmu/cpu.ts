/**
 * The CPU's access path. A hit in one of the two TLBs costs one compare and one load from the arena; all else takes the
 * slow path. Virtual addresses come as two signed 32-bit halves: exact, and never boxed.
 * Not modelled: caches (the access path is that of uncached memory), user mode, SMAP/SMEP.
 */
import { PAGE_SIZE, type VirtualAddress } from "../core/address";
import type { Width } from "../core/io";
import type { AccessWatch } from "../core/physical-space";
import type { AccessObserver } from "../core/transaction";
import type { PageFault } from "./page-fault";
import { SlowPath, type SlowPathParts } from "./slow-path";
import { ENTRY_MASK, emptyTlb, IO, invalidate, PAGE_MASK, TRACE } from "./tlb";

export class Cpu {
  readonly #i32: Int32Array;
  readonly #view: DataView;
  readonly #slow: SlowPath;
  readonly #readTlb = emptyTlb(false);
  readonly #writeTlb = emptyTlb(true);
  readonly #rt = this.#readTlb.tags;
  readonly #wt = this.#writeTlb.tags;

  constructor(parts: SlowPathParts) {
    this.#i32 = parts.arena.i32;
    this.#view = parts.arena.view;
    this.#slow = new SlowPath(parts);
    parts.arena.onCommit = () => invalidate(this.#readTlb);
  }

  /** Forgets all translations: after a change of a page table, a BAR, a window, a command register, a watchpoint. */
  flush(): void {
    invalidate(this.#readTlb);
    invalidate(this.#writeTlb);
  }

  set watch(watch: AccessWatch) {
    this.#slow.watch = watch;
    this.flush();
  }

  /** Who sees what goes over the bus. */
  set observer(observer: AccessObserver) {
    this.#slow.observer = observer;
    this.flush();
  }

  /** Called before a page fault is thrown, whoever catches it. */
  set onPageFault(told: (fault: PageFault) => void) {
    this.#slow.onPageFault = told;
  }

  /** Says what was at an address before, for the report of a fault. */
  set history(told: (address: VirtualAddress) => string | undefined) {
    this.#slow.history = told;
  }

  /** Called after an access while an interrupt waits: the interrupted line is the caller's. */
  set onInterrupt(deliver: () => void) {
    this.#slow.onInterrupt = deliver;
  }

  /** Signed. */
  read32(high: number, low: number): number {
    const x = (low >>> 10) & ENTRY_MASK;
    const t = this.#rt;
    if (t[x] === (low & (PAGE_MASK | 3)) && t[x + 1] === high) {
      return this.#i32[(low + (t[x + 2] as number)) >>> 2] as number;
    }
    if (t[x] === (low & (PAGE_MASK | 3)) + IO && t[x + 1] === high)
      return this.#slow.readRegister(this.#readTlb, x, low);
    if (t[x] === (low & (PAGE_MASK | 3)) + (IO | TRACE) && t[x + 1] === high)
      return this.#slow.readTraced(this.#readTlb, x, low);
    return this.#read(high, low, 4) | 0;
  }

  /** Unsigned. */
  read16(high: number, low: number): number {
    const x = (low >>> 10) & ENTRY_MASK;
    const t = this.#rt;
    if (t[x] === (low & (PAGE_MASK | 1)) && t[x + 1] === high) {
      return this.#view.getUint16((low + (t[x + 2] as number)) >>> 0, true);
    }
    return this.#read(high, low, 2);
  }

  /** Unsigned. */
  read8(high: number, low: number): number {
    const x = (low >>> 10) & ENTRY_MASK;
    const t = this.#rt;
    if (t[x] === (low & PAGE_MASK) && t[x + 1] === high) {
      return this.#view.getUint8((low + (t[x + 2] as number)) >>> 0);
    }
    return this.#read(high, low, 1);
  }

  write32(high: number, low: number, value: number): void {
    const x = (low >>> 10) & ENTRY_MASK;
    const t = this.#wt;
    if (t[x] === (low & (PAGE_MASK | 3)) && t[x + 1] === high) {
      this.#i32[(low + (t[x + 2] as number)) >>> 2] = value;
      return;
    }
    this.#write(high, low, { width: 4, value: value >>> 0 });
  }

  write16(high: number, low: number, value: number): void {
    const x = (low >>> 10) & ENTRY_MASK;
    const t = this.#wt;
    if (t[x] === (low & (PAGE_MASK | 1)) && t[x + 1] === high) {
      this.#view.setUint16((low + (t[x + 2] as number)) >>> 0, value, true);
      return;
    }
    this.#write(high, low, { width: 2, value: value & 0xffff });
  }

  write8(high: number, low: number, value: number): void {
    const x = (low >>> 10) & ENTRY_MASK;
    const t = this.#wt;
    if (t[x] === (low & PAGE_MASK) && t[x + 1] === high) {
      this.#view.setUint8((low + (t[x + 2] as number)) >>> 0, value);
      return;
    }
    this.#write(high, low, { width: 1, value: value & 0xff });
  }

  read64(high: number, low: number): bigint {
    if (!crosses(low, 8)) return this.#slow.read64(this.#readTlb, high, low);
    return (
      BigInt(this.#readBytes(high, low, 4)) | (BigInt(this.#readBytes(...moved(high, low, 4), 4)) << 32n)
    );
  }

  write64(high: number, low: number, value: bigint): void {
    if (!crosses(low, 8)) {
      this.#slow.write64(this.#writeTlb, high, { low, value });
      return;
    }
    this.#writeBytes(high, low, { width: 4, value: Number(value & 0xffffffffn) });
    this.#writeBytes(...moved(high, low, 4), { width: 4, value: Number(value >> 32n) });
  }

  #read(high: number, low: number, width: Width): number {
    return crosses(low, width)
      ? this.#readBytes(high, low, width)
      : this.#slow.read(this.#readTlb, high, low, width);
  }

  #write(
    high: number,
    low: number,
    { width, value }: { readonly width: Width; readonly value: number },
  ): void {
    if (crosses(low, width)) this.#writeBytes(high, low, { width, value });
    else this.#slow.write(this.#writeTlb, high, low, { width, value });
  }

  #readBytes(high: number, low: number, width: Width): number {
    let value = 0;
    for (let byte = width - 1; byte >= 0; byte--) value = value * 256 + this.read8(...moved(high, low, byte));
    return value;
  }

  #writeBytes(high: number, low: number, { width, value }: { width: Width; value: number }): void {
    for (let byte = 0; byte < width; byte++)
      this.write8(...moved(high, low, byte), (value >>> (byte * 8)) & 0xff);
  }
}

/** An access that does not end in the page it begins in goes byte by byte. */
function crosses(low: number, bytes: number): boolean {
  return (low & 0xfff) + bytes > PAGE_SIZE;
}

function moved(high: number, low: number, bytes: number): [high: number, low: number] {
  const at = (low >>> 0) + bytes;
  return [at > 0xffffffff ? (high + 1) | 0 : high, at | 0];
}
