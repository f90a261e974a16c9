/** What an `IoMem` is inside: a virtual address in halves, or a port. */

import type { IoMem } from "linux/types";
import { fromHalves, highHalf, lowHalf, type VirtualAddress } from "../../core/address";
import { PageFault } from "../../mmu/page-fault";

export class Cookie {
  readonly high: number;
  readonly low: number;

  constructor(high: number, low: number) {
    this.high = high;
    this.low = low;
  }

  plus(bytes: number): IoMem {
    return toIoMem(fromHalves(this.high, (this.low >>> 0) + bytes));
  }

  get address(): VirtualAddress {
    return fromHalves(this.high, this.low);
  }
}

export function toIoMem(address: VirtualAddress): IoMem {
  return new Cookie(highHalf(address), lowHalf(address)) as unknown as IoMem;
}

/** The address behind a pointer; a page fault for NULL, a sentence for what is no `__iomem` pointer. */
export function cookieOf(io: IoMem): Cookie {
  if (io instanceof Cookie) return io;
  if (io === null || io === undefined)
    throw new PageFault(fromHalves(0, 0), { write: false, fault: "not-present" });
  throw new TypeError(
    `An accessor takes what ioremap() or pci_iomap() returned, not ${typeof io === "number" ? "a number: map the address first" : `a ${typeof io}`}`,
  );
}
