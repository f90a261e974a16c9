/** What translate and explain say: plain JSON, the way of an address and why an access ends as it does. */
import type { Hex } from "./views";

/** Some bits of a value, by name. */
export interface BitsRead {
  readonly name: string;
  readonly bits: readonly [msb: number, lsb: number];
  readonly value: Hex;
  /** The name of the value, where it has one. */
  readonly meaning?: string;
}

/** A table entry or a register that was read on the way. */
export interface ReadOnTheWay {
  /** `PTE`, `rp0.config.MEMORY_BASE`, `edu.STATUS` */
  readonly what: string;
  /** Where it lies, as translate takes it: `0x4401c90`, `0000:00:03.0+0x20`. */
  readonly at: string;
  readonly value: Hex;
  readonly bits: readonly BitsRead[];
}

/** One step of an address on its way. */
export interface Hop {
  readonly kind:
    | "virtual"
    | "page-table"
    | "physical"
    | "port"
    | "host-bridge"
    | "bus"
    | "iova"
    | "iommu"
    | "bridge"
    | "function"
    | "bar"
    | "register"
    | "configuration"
    | "message"
    | "interrupt"
    | "ram"
    | "dead";
  /** `PTE`, `Host bridge window`, `0000:00:03.0 memory window`, `edu BAR0 + 0x8`, `edu.FACTORIAL`. */
  readonly title: string;
  /** The address as it is after this hop. */
  readonly address?: Hex;
  /** What was decided here, and what is good to know. */
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  /** What was read here, by peek. */
  readonly reads?: readonly ReadOnTheWay[];
}

export type AddressSpace =
  | "virtual"
  | "physical"
  | "bus"
  | "iova"
  | "port"
  | "configuration"
  | "register"
  | "interrupt";

/** Another address of the same byte. */
export interface Alias {
  readonly space: AddressSpace;
  /** As translate takes it: `0xffffc90000000020`, `bus:0x40000020`, `0000:01:00.0+0x10`, `edu.STATUS`. */
  readonly address: string;
  /** What leads from there: `mapping of edu, uncached-minus`, `BAR 0 of edu`. */
  readonly by: string;
}

export interface Translation {
  readonly input: string;
  readonly space: AddressSpace;
  readonly hops: readonly Hop[];
  readonly end: "register" | "memory" | "configuration" | "message" | "dead";
  /** `0xffffc90000000008 is edu.FACTORIAL` or why nothing answers. */
  readonly sentence: string;
  /** The byte that is reached, by one name: `RAM+0x1000`, `edu BAR0+0x8`, `0000:01:00.0+0x4`. Absent where it dies. */
  readonly target?: string;
  /** Every address that reaches the same byte. */
  readonly aliases: readonly Alias[];
}

/** The bit that decides. */
export interface Decider {
  /** `edu.config.COMMAND`, `PTE` */
  readonly register: string;
  /** Where it lies, as translate takes it. */
  readonly at: string;
  readonly value: Hex;
  /** Name and place of the bits in it. */
  readonly field: string;
  readonly bits: readonly [msb: number, lsb: number];
  /** What the bits are, and what they would have to be. */
  readonly is: string;
  readonly wants: string;
}

/** A line that a driver lacks. */
export interface DriverEdit {
  /** The function that is called. */
  readonly call: string;
  /** The header it comes from. */
  readonly header: string;
  /** The statement, with the names of the kernel's own examples. */
  readonly line: string;
  /** In words: `in probe(), after pci_enable_device()`. */
  readonly where: string;
}

/** A change that would make the access succeed. */
export interface Mend {
  readonly sentence: string;
  /** For the Debug Console: `wr edu.config.COMMAND.MEMORY 1`. */
  readonly command?: string;
  /** The same on a real machine: `setpci -s 01:00.0 COMMAND=2:2`. */
  readonly shell?: string;
  readonly edit?: DriverEdit;
}

/** A bit that the access sets in a status register. */
export interface StatusBit {
  /** `rp0.config.SEC_STATUS.REC_MASTER_ABORT` */
  readonly id: string;
  readonly doc: string;
}

/** What becomes of an access, and why. */
export interface Explanation {
  readonly input: string;
  readonly access: "read" | "write";
  readonly bytes: number;
  /** `cpu`, or the name of the function whose DMA it is. */
  readonly initiator: string;
  readonly answered: boolean;
  readonly hops: readonly Hop[];
  /** Index of the first hop where it dies. */
  readonly dies?: number;
  /** What happens and why, in a sentence. */
  readonly sentence: string;
  readonly decides?: Decider;
  /** What the initiator gets: `all ones (0xffffffff)`. */
  readonly sees: string;
  readonly status: readonly StatusBit[];
  /** What Linux would log, line by line. */
  readonly log: readonly string[];
  readonly mends: readonly Mend[];
  /** What is true besides, a sentence each. */
  readonly notes: readonly string[];
}
