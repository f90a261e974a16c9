/** A remapping unit alone: tables that a test writes into RAM by hand. */
import { physical } from "../../emulator/core/address";
import { Arena } from "../../emulator/core/arena";
import type { Iommu } from "../../emulator/iommu/iommu";
import { q35 } from "../../emulator/machine/built-in";
import { Machine } from "../../emulator/machine/machine";
import type { PciFunction } from "../../emulator/pci/function";

export const ROOT = 0x100000;
export const CONTEXT = 0x101000;
export const TABLES = [0x102000, 0x103000, 0x104000] as const;
export const PRESENT = 1;
const THREE_LEVELS = 1;
export const [READ, WRITE] = [1, 2];
/** Requester id of `nic`: 00:04.0. */
export const NIC = 4 << 3;

export interface Remapped {
  readonly machine: Machine;
  readonly iommu: Iommu;
  named(name: string): PciFunction;
  /** An entry's two words. */
  store(at: number, low: number, high?: number): void;
  /** A domain for one device of bus 0, with tables down to the last level. */
  useDomain(requester: number, options?: { readonly type?: number; readonly domain?: number }): void;
  map(iova: number, to: number, rights: number): void;
  switchOn(): void;
}

export function remapped(): Remapped {
  const description = {
    ...q35,
    name: "remapped",
    title: "",
    iommu: "strict",
    functions: [
      { at: "00.0", device: "host-bridge" },
      { at: "04.0", device: "edu", name: "nic" },
      {
        at: "05.0",
        device: "pcie-pci-bridge",
        name: "bridge",
        below: [{ at: "03.0", device: "edu", name: "old" }],
      },
    ],
  } as const;
  const machine = new Machine(description, Arena.create(1 << 26));
  machine.powerOn();
  for (const fn of machine.root.functions) fn.config.set("COMMAND", 7);
  const { iommu } = machine;
  if (!iommu) throw new Error("no unit");
  const store = (at: number, low: number, high = 0) => {
    machine.physical.writeWord(physical(at), low);
    machine.physical.writeWord(physical(at + 4), high);
  };
  return {
    machine,
    iommu,
    store,
    named: (name) => {
      const found = machine.root.functions.find((fn) => fn.name === name);
      if (!found) throw new RangeError(name);
      return found;
    },
    useDomain: (requester, { type = 0, domain = 5 } = {}) => {
      store(ROOT + (requester >>> 8) * 16, CONTEXT | PRESENT);
      const entry = CONTEXT + (requester & 0xff) * 16;
      store(entry, TABLES[0] | type | PRESENT);
      store(entry + 8, THREE_LEVELS | (domain << 8));
      store(TABLES[0], TABLES[1] | READ | WRITE);
      store(TABLES[1], TABLES[2] | READ | WRITE);
    },
    map: (iova, to, rights) => store(TABLES[2] + ((iova >>> 12) & 511) * 8, to | rights),
    switchOn: () => {
      iommu.bank.write64(0x20, BigInt(ROOT));
      iommu.bank.write(0x18, { width: 4, value: 0x4000_0000 });
      iommu.bank.write(0x18, { width: 4, value: 0x8000_0000 });
    },
  };
}
