/**
 * What an `IoMem` is inside: an address in halves. As in Linux (lib/iomap.c), a small one is no address but a cookie for
 * ports: 0x10000 and the port. `ioread…` understands both, `readl` takes either for an address.
 */
import type { IoMem } from "linux/types";
import { fromHalves, highHalf, lowHalf, type VirtualAddress, virtual } from "../../core/address";
import { PageFault } from "../../mmu/page-fault";

const PIO_OFFSET = 0x10000;
const PIO_RESERVED = 0x40000;

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

/** What `pci_iomap` returns for an I/O BAR. */
export function portCookie(port: number): IoMem {
  return toIoMem(virtual(PIO_OFFSET + port));
}

/** What an accessor of lib/iomap.c makes of a low address: a port, or nothing at all; an address if it is neither. */
export function portOf(low: number): number | "bad" | "address" {
  if (low >>> 0 >= PIO_RESERVED) return "address";
  return low >>> 0 >= PIO_OFFSET ? low & 0xffff : "bad";
}

const NULL = new Cookie(0, 0);

/** The address behind a pointer that is no Cookie: NULL, or a sentence for what is no `__iomem` pointer at all. */
export function otherPointer(io: unknown): Cookie {
  if (io === null || io === undefined) return NULL;
  throw new TypeError(
    `An accessor takes what ioremap() or pci_iomap() returned, not ${typeof io === "number" ? "a number: map the address first" : `a ${typeof io}`}`,
  );
}

/** The address to unmap. */
export function cookieOf(io: unknown): Cookie {
  const cookie = io instanceof Cookie ? io : otherPointer(io);
  if (cookie === NULL) throw new PageFault(NULL.address, { write: false, fault: "not-present" });
  return cookie;
}
