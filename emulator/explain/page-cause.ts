/** A page fault: what the address looks like, what it may have been meant to be, and which entry is in the way. */
import { PAGE_SIZE, physical, type VirtualAddress } from "../core/address";
import { hex } from "../core/hex";
import type { Hardware } from "../machine/hardware";
import type { MappingView } from "../machine/views";
import type { Decider } from "../machine/way-views";
import { PageFault } from "../mmu/page-fault";
import { LEVEL_NAME } from "../mmu/page-table";
import type { Cause, Question } from "./cause";
import { fromPhysical } from "./cpu-path";
import type { Death } from "./ending";
import { entryValue } from "./reads";
import { suspectOf } from "./suspect";

type Page = Death & { readonly kind: "page" };

const UPPER_HALF = 0;

export function pageCause(
  machine: Hardware,
  { address, fault, entry }: Page,
  { write, linux }: Question,
): Cause {
  const readOnly = fault === "read-only";
  const value = entryValue(entry);
  const bit: Decider = {
    register: LEVEL_NAME[entry.level],
    at: hex(entry.at),
    value: hex(value),
    field: readOnly ? "RW" : "P",
    bits: readOnly ? [1, 1] : [0, 0],
    is: "0",
    wants: "1",
  };
  const entryText = `${bit.field} (bit ${bit.bits[0]} of the ${bit.register} at ${bit.at}) is 0`;
  const meaning = readOnly
    ? { why: "the page may only be read", mend: "Map it writable, or do not write it" }
    : meaningOf(machine, address, linux?.mappings ?? []);
  return {
    why: `${meaning.why}: ${entryText}`,
    decides: bit,
    mends: [{ sentence: meaning.mend }],
    log: new PageFault(address, { write, fault }).message.split("\n"),
  };
}

interface Meaning {
  readonly why: string;
  readonly mend: string;
}

function meaningOf(machine: Hardware, address: VirtualAddress, mappings: readonly MappingView[]): Meaning {
  if (address >= 0 && address < PAGE_SIZE) return NULL_POINTER;
  const past = pastTheEnd(address, mappings);
  if (past) return past;
  return (address < UPPER_HALF ? undefined : aPhysicalOne(machine, address)) ?? NOBODY;
}

const NULL_POINTER: Meaning = {
  why: "this is the NULL pointer, or close to it: nothing is ever mapped there",
  mend: "Look at what pci_iomap() or ioremap() returned: null says that there is nothing to map",
};

const NOBODY: Meaning = {
  why: "nothing is mapped there: nobody mapped it, or it was unmapped",
  mend: "Use a mapping between pci_iomap() and pci_iounmap() only, and no longer",
};

/** Behind a mapping, as far as it is long. */
function pastTheEnd(address: VirtualAddress, mappings: readonly MappingView[]): Meaning | undefined {
  const at = BigInt.asUintN(64, BigInt(address));
  const before = mappings.find(({ virtual, bytes }) => {
    const end = BigInt(virtual) + BigInt(bytes);
    return at >= end && at < end + BigInt(bytes);
  });
  if (!before) return undefined;
  const { virtual, physical: where, bytes, owner } = before;
  const beyond = at - BigInt(virtual) - BigInt(bytes);
  return {
    why: `this is ${hex(beyond)} bytes beyond the mapping that ${owner} made of ${where} at ${virtual}, ${bytes} bytes long`,
    mend: `Stay below ${bytes} bytes, or map more: the third argument of pci_iomap() is the most it maps, and 0 is all`,
  };
}

/** A number that leads to a device as a physical address was meant as one, whether the device answers now or not. */
function aPhysicalOne(machine: Hardware, address: VirtualAddress): Meaning | undefined {
  const at = physical(address);
  const { target } = fromPhysical(machine, at, { name: hex(address), hops: [] });
  const window = machine.root.windowOf("memory", at);
  const onBus = window && machine.root.toBus(window, at);
  const suspect =
    onBus === undefined
      ? undefined
      : suspectOf(machine, { space: "memory", address: onBus, cpu: at, linux: undefined });
  if (!suspect && (!target || target.kind === "ram")) return undefined;
  const what = suspect
    ? `BAR ${suspect.bar.index} of ${suspect.function.name} is there`
    : "configuration space is there";
  return {
    why: `${hex(address)} is a physical address used as a virtual one (${what})`,
    mend: "Map it first: pci_iomap(pdev, bar, 0), or ioremap() with what pci_resource_start() returns",
  };
}
