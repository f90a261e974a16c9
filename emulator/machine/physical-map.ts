/**
 * What answers at a CPU physical address: RAM, memory-mapped configuration space, or whatever the host bridge forwards
 * to. Nothing there: reads are all ones, and the reason is known.
 */
import { type PhysicalAddress, physical } from "../core/address";
import { ALL_ONES, Io, type Width } from "../core/io";
import type { Memory } from "../core/memory";
import type { Decoded, PhysicalSpace } from "../core/physical-space";
import { laneMask } from "../core/register-file";
import type { WordMemory } from "../mmu/page-table";
import { type ConfigPlace, ECAM_BYTES, Ecam, ecamPlace } from "../pci/config-access";
import type { Quirks } from "../pci/quirks";
import type { RootComplex } from "../pci/root-complex";
import type { Route } from "../pci/route";

/** RAM below 4 GiB makes room for devices; the rest goes on above. The hole of the first MiB belongs to the chipset. */
const HOLE = { start: 0xa0000, end: 0x100000 } as const;
const FOUR_GIB = 2 ** 32;

export interface PhysicalMapParts {
  readonly ram: Memory;
  /** End of RAM below 4 GiB. */
  readonly lowRam: number;
  /** Where configuration space is memory-mapped, segment by segment, 0 first. */
  readonly ecams: readonly EcamRange[];
  readonly quirks: Quirks;
}

/** One segment's configuration space in memory. */
export interface EcamRange {
  readonly segment: number;
  readonly start: number;
}

/** Registers of the chipset at a fixed address. */
export interface FixedUnit {
  readonly start: number;
  readonly bytes: number;
  readonly io: Io;
}

/** What answers where nothing is: it reads all ones, and whoever wants to know hears why. */
class Nothing extends Io {
  readonly name = "nothing";
  readonly #quirks: Quirks;
  readonly #tell: (access: { readonly at: number; readonly bytes: number; readonly write: boolean }) => void;

  constructor(quirks: Quirks, tell: Nothing["onRefused"] & {}) {
    super();
    this.#quirks = quirks;
    this.#tell = tell;
  }

  peek(_at: number, width: Width): number {
    return this.#quirks.on ? 0 : (ALL_ONES & laneMask(width)) >>> 0;
  }

  read(at: number, width: Width): number {
    this.#quirks.take("DEAD_READ_ZERO");
    this.#tell({ at, bytes: width, write: false });
    return this.peek(at, width);
  }

  /** Lost: a write is posted. */
  write(at: number, { width }: { readonly width: Width }): void {
    this.#tell({ at, bytes: width, write: true });
  }
}

export class PhysicalMap implements PhysicalSpace, WordMemory {
  readonly #parts: PhysicalMapParts;
  #bridge: { readonly root: RootComplex; readonly ecams: readonly Ecam[] } | undefined;

  constructor(parts: PhysicalMapParts) {
    this.#parts = parts;
  }

  /** The chipset's own registers; set as the machine is built. */
  units: readonly FixedUnit[] = [];

  /** The host bridge that forwards what is not RAM: known once it is built, for it needs RAM itself. */
  connect(root: RootComplex): void {
    this.#bridge = { root, ecams: this.ecams.map(({ segment }) => new Ecam(root, segment)) };
  }

  /** Start of memory-mapped configuration space of segment 0. */
  get ecam(): PhysicalAddress {
    return physical(this.ecams[0]?.start ?? 0);
  }

  get ecams(): readonly EcamRange[] {
    return this.#parts.ecams;
  }

  /** The register of configuration space that an address names, while its range answers. */
  configPlaceAt(address: PhysicalAddress): ConfigPlace | undefined {
    const range = this.#ecamOf(address);
    return range && ecamPlace(address - range.start, range.segment);
  }

  /** End of RAM below 4 GiB. */
  get lowRam(): number {
    return this.#parts.lowRam;
  }

  isEcam(address: PhysicalAddress): boolean {
    return this.#ecamOf(address) !== undefined;
  }

  #ecamOf(address: PhysicalAddress): EcamRange | undefined {
    const found = this.ecams.find(({ start }) => address >= start && address < start + ECAM_BYTES);
    return found && (found.segment > 0 || this.#ecamEnabled) ? found : undefined;
  }

  /** A host bridge that has PCIEXBAR can switch that of segment 0 off. */
  get #ecamEnabled(): boolean {
    const config = this.#bridge?.root.bus.at(0, 0)?.config;
    return !config?.map["PCIEXBAR"] || (config.word(config.map["PCIEXBAR"].at) & 1) !== 0;
  }

  /** Where an address lies in RAM, or undefined. */
  ramOffset(address: PhysicalAddress): number | undefined {
    const { ram, lowRam } = this.#parts;
    if (address < HOLE.start || (address >= HOLE.end && address < lowRam))
      return address < ram.size ? address : undefined;
    const high = lowRam + (address - FOUR_GIB);
    return address >= FOUR_GIB && high < ram.size ? high : undefined;
  }

  decode(address: PhysicalAddress): Decoded {
    const at = this.ramOffset(address);
    if (at !== undefined) return this.#decodeRam(address, at);
    const ecam = this.#ecamOf(address);
    const io = ecam && this.#bridge?.ecams[this.ecams.indexOf(ecam)];
    if (io)
      return { kind: "io", io, start: physical(ecam.start), end: ecam.start + ECAM_BYTES, at: 0, bus: false };
    const unit = this.units.find(({ start, bytes }) => address >= start && address < start + bytes);
    if (unit) {
      const { start, bytes } = unit;
      return { kind: "io", io: unit.io, start: physical(start), end: start + bytes, at: 0, bus: false };
    }
    const routed = this.routeOf(address);
    return routed?.kind === "bar" ? this.#decodeBar(address, routed) : this.#dead(address, routed);
  }

  /** The way of a physical address through the host bridge; undefined where no window forwards it. */
  routeOf(address: PhysicalAddress): Route | undefined {
    const root = this.#bridge?.root;
    const window = root?.windowOf("memory", address);
    return root && window && root.route(window, address);
  }

  readWord(at: PhysicalAddress): number | undefined {
    const offset = this.ramOffset(at);
    return offset === undefined ? undefined : this.#parts.ram.readWord(offset);
  }

  writeWord(at: PhysicalAddress, value: number): void {
    const offset = this.ramOffset(at);
    if (offset !== undefined) this.#parts.ram.writeWord(offset, value);
  }

  #decodeRam(address: PhysicalAddress, at: number): Decoded {
    const { ram, lowRam } = this.#parts;
    const [start, end] =
      address < HOLE.start
        ? [0, HOLE.start]
        : address < lowRam
          ? [HOLE.end, lowRam]
          : [FOUR_GIB, FOUR_GIB + ram.size - lowRam];
    return { kind: "memory", memory: ram, start: physical(start), end, at: at - (address - start) };
  }

  #decodeBar(address: PhysicalAddress, { bar, function: fn }: Route & { kind: "bar" }): Decoded {
    const root = this.#bridge?.root;
    const start = root?.toCpu("memory", bar.base) ?? address;
    const place = { start: physical(start), end: start + bar.size, at: 0, bus: true };
    const path = root?.fabric.pathTo(fn, bar);
    const combining = root?.fabric.combiningPathTo(fn, bar, start);
    if (path) return { kind: "io", io: path, ...(combining && { combining }), ...place };
    return bar.target.kind === "io"
      ? { kind: "io", io: bar.target.io, ...place }
      : { kind: "memory", memory: bar.target.memory, ...place };
  }

  #dead(address: PhysicalAddress, routed: Route | undefined): Decoded {
    const start = physical(address - (address % 4));
    const why = "no window of the host bridge forwards it";
    const dead = routed?.kind === "dead" ? routed : { kind: "dead" as const, passed: [], why };
    const io = new Nothing(this.#parts.quirks, ({ at, bytes, write }) =>
      this.#bridge?.root.fabric.unclaimed(dead, { address: BigInt(start + at), bytes, write }),
    );
    return { kind: "io", io, start, end: start + 8, at: 0, bus: routed !== undefined };
  }
}
