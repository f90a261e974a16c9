/** A page fault as the kernel reports it (Linux arch/x86/mm/fault.c, show_fault_oops and dump_pagetable). */
import { formatVirtual, fromHalves, PAGE_SIZE, type VirtualAddress } from "../core/address";
import { digits } from "../core/hex";
import { type Entry, type PageTable, PTE, type WalkFault } from "./page-table";

export interface PageFaultParts {
  readonly write: boolean;
  readonly fault: WalkFault;
  /** The entries that the walk met, from the top; none where no walk was made. */
  readonly entries?: readonly Entry[];
  /** What used to be there, in a sentence. */
  readonly history?: string | undefined;
}

export class PageFault extends Error {
  readonly address: VirtualAddress;
  readonly write: boolean;
  readonly fault: WalkFault;

  constructor(address: VirtualAddress, parts: PageFaultParts) {
    super(report(address, parts));
    this.name = "PageFault";
    this.address = address;
    this.write = parts.write;
    this.fault = parts.fault;
  }
}

/** Bits 63 to 47 of an address are not alike: no table is even asked (Intel SDM vol. 1, 3.3.7.1). */
export class GeneralProtection extends Error {
  constructor(high: number, low: number) {
    const address = digits(high >>> 0, 8) + digits(low >>> 0, 8);
    super(`general protection fault, probably for non-canonical address 0x${address}: 0000 [#1] PREEMPT SMP`);
    this.name = "GeneralProtection";
  }
}

/** The fault of an access that a walk did not let through. Throws where the address is not canonical. */
export function pageFaultAt(
  pageTable: PageTable,
  { high, low }: { readonly high: number; readonly low: number },
  { write, history }: { readonly write: boolean; readonly history: History },
): PageFault {
  if (pageTable.fault === "not-canonical") throw new GeneralProtection(high, low);
  const { fault } = pageTable;
  const entries: Entry[] = [];
  pageTable.walk(high, low, { write, visit: (entry) => entries.push(entry) });
  const address = fromHalves(high, low);
  return new PageFault(address, { write, fault, entries, history: history?.(address) });
}

type History = ((address: VirtualAddress) => string | undefined) | undefined;

const PROTECTION = 1;
const WRITE = 2;

function report(address: VirtualAddress, { write, fault, entries = [], history }: PageFaultParts): string {
  const code = (fault === "read-only" ? PROTECTION : 0) | (write ? WRITE : 0);
  const isNull = address >= 0 && address < PAGE_SIZE;
  return [
    `BUG: ${isNull ? "kernel NULL pointer dereference" : "unable to handle page fault for"}${isNull ? ", " : " "}address: ${formatVirtual(address)}`,
    `#PF: supervisor ${write ? "write" : "read"} access in kernel mode`,
    `#PF: error_code(0x${digits(code, 4)}) - ${fault === "read-only" ? "permissions violation" : "not-present page"}`,
    ...(entries.length ? [entries.map(entryText).join(" ")] : []),
    ...(history === undefined ? [] : [history]),
  ].join("\n");
}

/** With four levels P4D is PGD once more. */
function entryText({ level, low, high }: Entry): string {
  const value = digits((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0));
  if (level === 4) return low & PTE.PRESENT ? `PGD ${value} P4D ${value}` : `PGD ${value}`;
  return `${level === 3 ? "PUD" : level === 2 ? "PMD" : "PTE"} ${value}`;
}
