/** The message of a vector by MSI or MSI-X: its registers, and what holds it back (PCIe Base Specification 7.7.1, 7.7.2). */
import { hex } from "../core/hex";
import type { RegisterBank } from "../core/register-bank";
import type { Hardware } from "../machine/hardware";
import { banks, physicalOf } from "../machine/register-names";
import type { Hop, ReadOnTheWay } from "../machine/way-views";
import type { PciFunction } from "../pci/function";
import { type Cause, decider, decides, setField } from "./cause";
import { readConfigs, readRegister } from "./reads";

export interface Interrupting {
  readonly function: PciFunction;
  readonly vector: number;
}

export interface Message {
  readonly hops: readonly Hop[];
  readonly data: number;
  readonly cause?: Cause;
  readonly notes: readonly string[];
}

const MESSAGES = { start: 0xfee0_0000n, end: 0xfeef_ffffn } as const;
const ENABLE = { MSI_FLAGS: 1, MSIX_FLAGS: 0x8000 } as const;

/** Undefined while neither is switched on: then the line speaks. */
export function messageOf(machine: Hardware, { function: fn, vector }: Interrupting): Message | undefined {
  const [msi, msix] = [isOn(fn, "MSI_FLAGS"), isOn(fn, "MSIX_FLAGS")];
  const notes =
    msi && msix
      ? [
          `MSI and MSI-X of ${fn.name} are both switched on, which the specification leaves undefined (PCIe 7.7): here MSI-X is used. Switch one off: pci_free_irq_vectors() before the other is asked for.`,
        ]
      : [];
  if (msix) return { ...byTable(machine, fn, vector), notes };
  return msi ? { ...byRegisters(fn, vector), notes } : undefined;
}

function isOn({ config }: PciFunction, register: keyof typeof ENABLE): boolean {
  return config.map[register] !== undefined && (config.value(register) & ENABLE[register]) !== 0;
}

type Found = Omit<Message, "notes">;

function byRegisters(fn: PciFunction, vector: number): Found {
  const { config } = fn;
  const flags = config.value("MSI_FLAGS");
  const allowed = 1 << Math.min((flags >>> 4) & 7, (flags >>> 1) & 7);
  const sent = vector & (allowed - 1);
  const wide = (flags & 0x80) !== 0;
  const base = config.value(wide ? "MSI_DATA_64" : "MSI_DATA_32");
  const high = wide ? config.get("MSI_ADDRESS_HI") << 32n : 0n;
  const address = config.get("MSI_ADDRESS_LO") | high;
  const data = (base & ~(allowed - 1)) | sent;
  const names = ["MSI_ADDRESS_LO", "MSI_ADDRESS_HI", "MSI_DATA_32", "MSI_DATA_64", "MSI_MASK"];
  const hops = [messageHop({ address, data }, readConfigs(fn, names))];
  if (flags & 0x100 && (config.value("MSI_MASK") >>> sent) & 1)
    return {
      hops,
      data,
      cause: {
        why: `vector ${sent} is masked: bit ${sent} of ${fn.name}.config.MSI_MASK is 1; it waits in MSI_PENDING`,
      },
    };
  return checked({ hops, data }, address);
}

function byTable(machine: Hardware, fn: PciFunction, vector: number): Found {
  const place = banks(machine).find((it) => it.function === fn && it.bank.registers.map["MSIX_0_CONTROL"]);
  const size = (fn.config.value("MSIX_FLAGS") & 0x7ff) + 1;
  if (fn.config.value("MSIX_FLAGS") & 0x4000) return { hops: [], data: 0, cause: allMasked(fn) };
  if (!place || vector >= size)
    return {
      hops: [],
      data: 0,
      cause: { why: `the table of ${fn.name} has ${size} vectors, and none has number ${vector}` },
    };
  const { registers } = place.bank;
  const name = (part: string) => `MSIX_${vector}_${part}`;
  const address = (registers.get(name("ADDRESS_LO")) & ~3n) | (registers.get(name("ADDRESS_HI")) << 32n);
  const data = registers.value(name("DATA"));
  const start = physicalOf(machine, place) ?? 0;
  const hops = [messageHop({ address, data }, readEntry(place.bank, { vector, start }))];
  if (registers.value(name("CONTROL")) & 1)
    return {
      hops,
      data,
      cause: {
        why: `vector ${vector} is masked: bit 0 of ${place.bank.name}.${name("CONTROL")} is 1; it waits in the pending bits`,
      },
    };
  return checked({ hops, data }, address);
}

function readEntry(
  bank: RegisterBank,
  { vector, start }: { vector: number; start: number },
): readonly ReadOnTheWay[] {
  return ["ADDRESS_LO", "ADDRESS_HI", "DATA", "CONTROL"].map((part) => {
    const name = `MSIX_${vector}_${part}`;
    const at = hex(start + (bank.registers.map[name]?.at ?? 0));
    return readRegister(bank.registers, { device: bank.name, name, at });
  });
}

function messageHop(
  { address, data }: { address: bigint; data: number },
  reads: readonly ReadOnTheWay[],
): Hop {
  return {
    kind: "message",
    title: "Message interrupt",
    address: hex(address),
    facts: [
      { label: "data", value: hex(data) },
      { label: "vector", value: hex(data & 0xff) },
    ],
    reads,
  };
}

/** Messages go to the local APIC; anywhere else they are a write into memory. */
function checked(found: Found, address: bigint): Found {
  if (address >= MESSAGES.start && address <= MESSAGES.end) return found;
  const why = `the message goes to ${hex(address)}, which is no address of the interrupt controller (${hex(MESSAGES.start)}-${hex(MESSAGES.end)}): it is a write into memory`;
  return {
    ...found,
    cause: {
      why,
      mends: [{ sentence: "Let pci_alloc_irq_vectors() write address and data; nobody else may" }],
    },
  };
}

function allMasked(fn: PciFunction): Cause {
  const bit = decider(fn, "MSIX_FLAGS", { field: "MASKALL", wants: "0" });
  return {
    why: `every vector is masked: ${decides("Function Mask", bit)}`,
    decides: bit,
    mends: [
      setField(fn, "MSIX_FLAGS", { field: "MASKALL", value: 0, sentence: "Clear the function's mask" }),
    ],
  };
}
