/** A type 1 function: what its windows hold goes to the bus below (PCIe Base Specification 7.5.1.3). */
import { type BusAddress, bus as busAddress } from "../core/address";
import type { Arena } from "../core/arena";
import type { Width } from "../core/io";
import type { Bus } from "./bus";
import { Slot, type SlotSide } from "./capabilities/slot";
import type { FunctionDeclaration } from "./declaration";
import { PciFunction } from "./function";
import { linkDisabled, setLinkActive, syncLink } from "./link";
import { type ConfigLogic, type ConfigWrite, type FunctionSide, type ResetKind, writtenTo } from "./place";

export type WindowKind = "io" | "memory" | "prefetchable";

/** A range of addresses that a bridge forwards downstream; closed while base is above limit. */
export interface BridgeWindow {
  readonly kind: WindowKind;
  readonly start: BusAddress;
  /** Inclusive. */
  readonly end: BusAddress;
  readonly open: boolean;
}

export interface BridgeDeclaration extends FunctionDeclaration {
  /** What the windows hold after a reset, which the specification leaves open: closed, or base and limit 0. */
  readonly windowsAtReset?: "closed" | "zero";
  /** Firmware gave the slot to the operating system: native hot-plug. */
  readonly nativeHotPlug?: boolean;
}

/** Secondary Bus Reset, in the word and in its register. */
const BUS_RESET = 0x0040_0000;
const BUS_RESET_BIT = 0x40;
const BRIDGE_CONTROL_WORD = 0x3c;
const BUS_NUMBERS = 0x18;
const SECONDARY_LATENCY = 0x1b;
const IO_WINDOW = 0x1c;

export class Bridge extends PciFunction implements SlotSide {
  below: Bus | undefined;
  readonly conventionalBelow: boolean;
  /** The slot below a port that has one. */
  readonly slot: Slot | undefined;

  constructor(arena: Arena, declaration: BridgeDeclaration) {
    super(arena, { ...declaration, header: 1 });
    this.conventionalBelow = declaration.conventionalBelow ?? false;
    this.slot = this.#hasSlot ? new Slot(this, { acpi: !declaration.nativeHotPlug }) : undefined;
    const reset: ConfigLogic = {
      written: (write) => this.#written(write),
      reset: (kind) => this.#afterReset(kind),
    };
    if (declaration.windowsAtReset === "closed") this.logic.unshift({ reset: () => this.#closeWindows() });
    this.logic.unshift(reset, ...(this.slot ? [this.slot] : []));
  }

  window(kind: WindowKind): BridgeWindow {
    if (kind === "io") return this.#ioWindow();
    const { config } = this;
    const at = kind === "memory" ? "MEMORY" : "PREF_MEMORY";
    const upper = (name: string) => (kind === "memory" ? 0n : config.get(name) << 32n);
    const start = upper("PREF_BASE_UPPER32") | ((config.get(`${at}_BASE`) & 0xfff0n) << 16n);
    const end = upper("PREF_LIMIT_UPPER32") | ((config.get(`${at}_LIMIT`) & 0xfff0n) << 16n) | 0xfffffn;
    return { kind, start: busAddress(start), end: busAddress(end), open: start <= end };
  }

  windows(): readonly BridgeWindow[] {
    return [this.window("io"), this.window("memory"), this.window("prefetchable")];
  }

  get occupied(): boolean {
    return (this.below?.functions.length ?? 0) > 0;
  }

  /** Power and Link Disable reach what is below, and Link Active tells of it: a slot interrupts, unless `quietly`. */
  settleLink({ quietly = false }: { readonly quietly?: boolean } = {}): void {
    const [unpowered, disabled] = [this.slot?.powered === false, linkDisabled(this)];
    for (const fn of this.below?.functions ?? []) {
      const goes = this.quirks.on && unpowered && fn.answers;
      const powered = fn.cut("UNPOWERED", unpowered);
      if (goes) fn.resetBy("hot");
      const linked = fn.cut("DISABLED", disabled);
      if (this.quirks.on) continue;
      if (powered) powerUp(fn);
      else if (linked) fn.resetBy("hot");
    }
    syncLink(this);
    if (!this.quirks.on && setLinkActive(this, this.#linkUp) && !quietly) this.slot?.linkChanged();
  }

  eject(): void {
    for (const fn of this.below?.functions ?? []) fn.present = false;
    this.settleLink();
  }

  get #linkUp(): boolean {
    const inReset = (this.config.value("BRIDGE_CONTROL") & BUS_RESET_BIT) !== 0;
    return !inReset && (this.below?.functions ?? []).some(({ answers }) => answers);
  }

  #ioWindow(): BridgeWindow {
    const start = (this.config.get("IO_BASE") & 0xf0n) << 8n;
    const end = ((this.config.get("IO_LIMIT") & 0xf0n) << 8n) | 0xfffn;
    return { kind: "io", start: busAddress(start), end: busAddress(end), open: start <= end };
  }

  get #hasSlot(): boolean {
    return (
      this.config.map["EXP_FLAGS"] !== undefined && ((this.config.map["EXP_FLAGS"].reset ?? 0) & 0x100) !== 0
    );
  }

  override configRead(at: number, width: Width): number {
    const value = super.configRead(at, width);
    const covers = (at & ~3) === BUS_NUMBERS && at + width > SECONDARY_LATENCY;
    if (covers && this.config.value("SEC_LATENCY_TIMER")) this.quirks.take("SECONDARY_LATENCY_STORED");
    return value;
  }

  override configWrite(at: number, access: { readonly width: Width; readonly value: number }): void {
    const status = this.config.value("SEC_STATUS");
    super.configWrite(at, access);
    const cleared = this.config.value("SEC_STATUS") !== status;
    if (cleared && (at & ~3) === IO_WINDOW && this.quirks.take("SECONDARY_STATUS_STICKS"))
      this.config.set("SEC_STATUS", status);
  }

  #written(write: ConfigWrite): void {
    if (write.at === BRIDGE_CONTROL_WORD) this.#secondaryReset(write);
    const control = this.config.map["EXP_LNKCTL"];
    if (control && writtenTo(write, control)) this.settleLink();
  }

  /** Secondary Bus Reset (PCIe 7.5.1.3.13): a hot reset of everything below as the bit is set; no link until it is clear. */
  #secondaryReset({ at, old }: ConfigWrite): void {
    if (this.config.word(at) & ~old & BUS_RESET) this.#resetBelow();
    if ((this.config.word(at) ^ old) & BUS_RESET) this.settleLink();
  }

  /** A reset of the bridge goes on below it; FLR of a port is no reset of its link. */
  #afterReset(kind: ResetKind): void {
    if (kind === "hot") this.#resetBelow();
    this.settleLink({ quietly: true });
  }

  #resetBelow(): void {
    for (const fn of this.below?.functions ?? []) fn.resetBy("hot");
  }

  #closeWindows(): void {
    for (const [base, value] of [
      ["IO_BASE", 0xf0],
      ["MEMORY_BASE", 0xfff0],
      ["PREF_MEMORY_BASE", 0xfff1],
    ] as const)
      this.config.set(base, value);
    this.config.set("IO_LIMIT", 0);
    this.config.set("MEMORY_LIMIT", 0);
    this.config.set("PREF_MEMORY_LIMIT", 1);
  }
}

/** Power comes: a cold reset of a card and of all that is on it. */
export function powerUp(fn: PciFunction): void {
  fn.resetDevice();
  const below = fn instanceof Bridge ? (fn.below?.functions ?? []) : [];
  for (const further of below) powerUp(further);
}

/** The root port above; undefined on a root bus. */
export function rootPortOf(fn: PciFunction): Bridge | undefined {
  let port: FunctionSide | undefined = fn.place?.bus.bridge;
  while (port?.place?.bus.bridge) port = port.place.bus.bridge;
  return port instanceof Bridge ? port : undefined;
}
