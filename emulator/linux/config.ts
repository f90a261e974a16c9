/** Linux's configuration accesses: by ECAM, as the kernel does once MMCONFIG is found (drivers/pci/access.c). */
import { bus as busAddress } from "../core/address";
import type { ConfigAccess } from "../core/bus-watch";
import type { Width } from "../core/io";
import type { Bdf } from "../pci/bdf";
import { configPeek, configRead, configWrite } from "../pci/config-access";
import type { RootComplex } from "../pci/root-complex";

export class ConfigSpace {
  readonly #root: RootComplex;

  constructor(root: RootComplex) {
    this.#root = root;
  }

  read(bdf: Bdf, at: number, width: Width): number {
    this.#tell(bdf, { at, bytes: width });
    return configRead(this.#root, { ...bdf, at }, width);
  }

  write(bdf: Bdf, at: number, access: { readonly width: Width; readonly value: number }): void {
    this.#tell(bdf, { at, bytes: access.width, value: access.value });
    configWrite(this.#root, { ...bdf, at }, access);
  }

  read32(bdf: Bdf, at: number): number {
    return this.read(bdf, at, 4);
  }

  write32(bdf: Bdf, at: number, value: number): void {
    this.write(bdf, at, { width: 4, value: value >>> 0 });
  }

  #tell(bdf: Bdf, access: Omit<ConfigAccess, "function">): void {
    const { watch } = this.#root;
    if (!watch) return;
    const named = this.#root.functionAt(bdf)?.name;
    if (named !== undefined) watch.config({ function: named, ...access });
  }

  /** Where the CPU's address is on the bus: the host bridge subtracts its window's offset (pcibios_resource_to_bus). */
  toBus(kind: "io" | "memory", address: number): number {
    return address - (this.#root.windowOf(kind, address)?.offset ?? 0);
  }

  /** Where the CPU sees what a register holds; itself where no window leads there (pcibios_bus_to_resource). */
  toCpu(kind: "io" | "memory", address: number): number {
    const onBus = busAddress(BigInt.asUintN(64, BigInt(address)));
    return this.#root.toCpu(kind, onBus) ?? address;
  }

  /** Offset of a capability, or 0 (pci_find_capability). */
  findCapability(bdf: Bdf, id: number): number {
    return capabilityIn((at, width) => this.read(bdf, at, width), id);
  }

  /** The same for views, which make no bus read. */
  peekCapability(bdf: Bdf, id: number): number {
    return capabilityIn((at, width) => configPeek(this.#root, { ...bdf, at }, width), id);
  }

  /** Offset of an extended capability, or 0 (pci_find_ext_capability). */
  findExtendedCapability(bdf: Bdf, id: number): number {
    let at = 0x100;
    for (let left = 480; at >= 0x100 && left > 0; left--) {
      const header = this.read32(bdf, at);
      if (header === 0 || header === 0xffffffff) return 0;
      if ((header & 0xffff) === id) return at;
      at = (header >>> 20) & 0xffc;
    }
    return 0;
  }
}

function capabilityIn(read: (at: number, width: Width) => number, id: number): number {
  if (!(read(0x06, 2) & 0x10)) return 0;
  let at = read(0x34, 1) & ~3;
  for (let left = 48; at >= 0x40 && left > 0; left--) {
    if (read(at, 1) === id) return at;
    at = read(at + 1, 1) & ~3;
  }
  return 0;
}
