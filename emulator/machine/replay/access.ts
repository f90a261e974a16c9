/** A recorder's accesses by absolute address: memory as the CPU reaches it, I/O ports, RAM, configuration space. */
import { highHalf, lowHalf, offset, physical, type VirtualAddress, virtual } from "../../core/address";
import type { Width } from "../../core/io";
import { PTE } from "../../mmu/page-table";
import { parseBdf } from "../../pci/bdf";
import { type ConfigPlace, configRead, configWrite } from "../../pci/config-access";
import type { Machine } from "../machine";

const GIB = 2 ** 30;
const DIRECT_MAP = virtual(-0x7780_0000_0000);
/** What the direct map can show; what lies higher is where nothing is. */
const MAPPED_END = 2 ** 46;
const FIRST_TABLE = 0xff0_0000;

export class Access {
  readonly #machine: Machine;
  readonly #mapped = new Set<number>();
  #nextTable = FIRST_TABLE;

  constructor(machine: Machine) {
    this.#machine = machine;
    machine.cr3 = this.#takePage();
  }

  read(address: number, width: Width | 8): bigint {
    const at = this.#virtual(address);
    if (at === undefined)
      return this.#machine.quirks.take("DEAD_READ_ZERO") ? 0n : BigInt.asUintN(width * 8, -1n);
    const { cpu } = this.#machine;
    const [high, low] = [highHalf(at), lowHalf(at)];
    if (width === 8) return cpu.read64(high, low);
    if (width === 4) return BigInt(cpu.read32(high, low) >>> 0);
    return BigInt(width === 2 ? cpu.read16(high, low) : cpu.read8(high, low));
  }

  write(address: number, width: Width | 8, value: bigint): void {
    const at = this.#virtual(address);
    if (at === undefined) return;
    const { cpu } = this.#machine;
    const [high, low] = [highHalf(at), lowHalf(at)];
    if (width === 8) cpu.write64(high, low, value);
    else if (width === 4) cpu.write32(high, low, Number(BigInt.asIntN(32, value)));
    else if (width === 2) cpu.write16(high, low, Number(value));
    else cpu.write8(high, low, Number(value));
  }

  in(port: number, width: Width): bigint {
    return BigInt(this.#machine.portMap.read(port, width));
  }

  out(port: number, width: Width, value: number): void {
    this.#machine.portMap.write(port, { width, value });
  }

  config(bdf: string, at: number, width: Width): bigint {
    return BigInt(configRead(this.#machine.root, place(bdf, at), width));
  }

  setConfig(bdf: string, at: number, access: { readonly width: Width; readonly value: number }): void {
    configWrite(this.#machine.root, place(bdf, at), access);
  }

  ram(at: number, bytes: number): Uint8Array {
    const found = new Uint8Array(bytes);
    this.#machine.ram.copyOut(at, found);
    return found;
  }

  setRam(at: number, bytes: Uint8Array): void {
    this.#machine.ram.copyIn(at, bytes);
  }

  /** Maps the GiB around the address the first time it is used. */
  #virtual(address: number): VirtualAddress | undefined {
    if (address >= MAPPED_END) return undefined;
    const start = Math.floor(address / GIB) * GIB;
    if (!this.#mapped.has(start)) this.#map(start);
    return offset(DIRECT_MAP, address);
  }

  #map(start: number): void {
    this.#mapped.add(start);
    const [flags, takePage] = [PTE.PRESENT | PTE.WRITE, () => this.#takePage()];
    this.#machine.pageTable.map(offset(DIRECT_MAP, start), physical(start), { flags, level: 3, takePage });
  }

  #takePage() {
    const page = physical(this.#nextTable);
    this.#nextTable += 4096;
    return page;
  }
}

/** Bits of Type 0 and Type 1 addresses; a place that is no function is one where nothing is. */
function place(text: string, at: number): ConfigPlace {
  const bdf = parseBdf(text) ?? { bus: 255, device: 31, function: 7 };
  return { ...bdf, at };
}
