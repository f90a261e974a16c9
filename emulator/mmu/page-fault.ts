/** A page fault as the kernel reports it (Linux arch/x86/mm/fault.c, show_fault_oops). */
import { formatVirtual, type VirtualAddress } from "../core/address";
import type { WalkFault } from "./page-table";

export class PageFault extends Error {
  readonly address: VirtualAddress;
  readonly write: boolean;
  readonly fault: WalkFault;

  constructor(
    address: VirtualAddress,
    { write, fault }: { readonly write: boolean; readonly fault: WalkFault },
  ) {
    super(report(address, write, fault));
    this.name = "PageFault";
    this.address = address;
    this.write = write;
    this.fault = fault;
  }
}

function report(address: VirtualAddress, write: boolean, fault: WalkFault): string {
  const code = (fault === "read-only" ? 1 : 0) | (write ? 2 : 0);
  return [
    `BUG: unable to handle page fault for address: ${formatVirtual(address)}`,
    `#PF: supervisor ${write ? "write" : "read"} access in kernel mode`,
    `#PF: error_code(0x${code.toString(16).padStart(4, "0")}) - ${fault === "read-only" ? "permissions violation" : "not-present page"}`,
  ].join("\n");
}
