/** A slot's registers as pciehp uses them (drivers/pci/hotplug/pciehp_hpc.c; PCIe Base Specification 7.5.3.9 to 7.5.3.11). */
import type { Bdf } from "../pci/bdf";
import type { ConfigSpace } from "./config";

/** Slot Capabilities, in the order in which the log line names them. */
// biome-ignore format: a table
const CAPABILITIES = { AttnBtn: 0x01, PwrCtrl: 0x02, MRL: 0x04, AttnInd: 0x08, PwrInd: 0x10, HotPlug: 0x40, Surprise: 0x20, Interlock: 0x2_0000, NoCompl: 0x4_0000 } as const;
const LINK_CAPABILITIES = 0x0c;
const LINK_CONTROL = 0x10;
const LINK_STATUS = 0x12;
const SLOT_CAPABILITIES = 0x14;
const SLOT_CONTROL = 0x18;
const SLOT_STATUS = 0x1a;
const LINK_ACTIVE_REPORTED = 0x10_0000;
const LINK_ACTIVE = 0x2000;
const LINK_DISABLE = 0x10;
const PRESENT = 0x40;
const ENABLE = { BUTTON: 0x01, PRESENCE: 0x08, COMPLETED: 0x10, INTERRUPT: 0x20, LINK: 0x1000 } as const;
const POWER_OFF = 0x400;
const POWER_INDICATOR = 0x300;
const INDICATOR = { on: 0x100, blinks: 0x200, off: 0x300 } as const;

export const EVENT = { BUTTON: 0x01, PRESENCE: 0x08, COMPLETED: 0x10, LINK: 0x100, ALL: 0x11f } as const;

export class SlotRegisters {
  /** Physical Slot Number. */
  readonly number: number;
  readonly #config: ConfigSpace;
  readonly #port: Bdf;
  /** Offset of the PCI Express capability. */
  readonly #at: number;
  readonly #capabilities: number;

  constructor(config: ConfigSpace, port: Bdf, express: number) {
    this.#config = config;
    this.#port = port;
    this.#at = express;
    this.#capabilities = config.read32(port, express + SLOT_CAPABILITIES);
    this.number = this.#capabilities >>> 19;
  }

  /** `AttnBtn- PwrCtrl- …` */
  get text(): string {
    const sign = (bits: number, of: number) => (bits & of ? "+" : "-");
    const marks = Object.entries(CAPABILITIES).map(([name, bit]) => name + sign(this.#capabilities, bit));
    const link = this.#config.read32(this.#port, this.#at + LINK_CAPABILITIES);
    return `${marks.join(" ")} IbPresDis- LLActRep${sign(link, LINK_ACTIVE_REPORTED)}`;
  }

  has(capability: keyof typeof CAPABILITIES): boolean {
    return (this.#capabilities & CAPABILITIES[capability]) !== 0;
  }

  /** With a button, presence alone is no reason: somebody will press it (pcie_enable_notification). */
  enableEvents(): void {
    this.#write(SLOT_STATUS, EVENT.ALL);
    const wish = this.has("AttnBtn") ? ENABLE.BUTTON : ENABLE.PRESENCE;
    const all = Object.values(ENABLE).reduce((bits, bit) => bits | bit, 0);
    this.#control(all, ENABLE.LINK | wish | ENABLE.INTERRUPT | ENABLE.COMPLETED);
  }

  /** Events that have happened; they are cleared. */
  takeEvents(): number {
    const events = this.#read(SLOT_STATUS) & EVENT.ALL;
    if (events) this.#write(SLOT_STATUS, events);
    return events;
  }

  get present(): boolean {
    return (this.#read(SLOT_STATUS) & PRESENT) !== 0;
  }

  get linkActive(): boolean {
    return (this.#read(LINK_STATUS) & LINK_ACTIVE) !== 0;
  }

  /** pciehp_link_enable */
  enableLink(): void {
    const control = this.#read(LINK_CONTROL);
    if (control & LINK_DISABLE) this.#write(LINK_CONTROL, control & ~LINK_DISABLE);
  }

  power(on: boolean): void {
    if (this.has("PwrCtrl")) this.#control(POWER_OFF, on ? 0 : POWER_OFF);
  }

  /** The power indicator. */
  indicate(how: keyof typeof INDICATOR): void {
    if (this.has("PwrInd")) this.#control(POWER_INDICATOR, INDICATOR[how]);
  }

  #control(mask: number, value: number): void {
    this.#write(SLOT_CONTROL, (this.#read(SLOT_CONTROL) & ~mask) | value);
  }

  #read(register: number): number {
    return this.#config.read(this.#port, this.#at + register, 2);
  }

  #write(register: number, value: number): void {
    this.#config.write(this.#port, this.#at + register, { width: 2, value });
  }
}
