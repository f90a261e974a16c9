/**
 * A slot below a port (PCIe Base Specification 6.7, 7.5.3.9 to 7.5.3.11): power, indicators, presence, the Attention
 * Button, the state of the link, and the hot-plug interrupt.
 * Not modelled: power faults, the MRL sensor, in-band presence, the time a command takes.
 */
import type { RegisterFile } from "../../core/register-file";
import type { Register } from "../../core/register-map";
import { setLinkActive } from "../link";
import type { ConfigLogic, ConfigWrite, FunctionSide, ResetKind } from "../place";
import { hotPlugPending, updatePortInterrupt } from "../port-interrupt";

export interface SlotOptions {
  readonly number: number;
  /** Attention Button, power controller, indicators, interlock: all, or hot-plug and surprise alone. */
  readonly equipped?: boolean;
}

/** A port, as its slot sees it: what is plugged in there. */
export interface SlotSide extends FunctionSide {
  /** Whether a card is in the slot. */
  readonly occupied: boolean;
  /** The slot's power reaches what is plugged in, and the link goes up or down with it. */
  settleLink(options?: { readonly quietly?: boolean }): void;
  /** Takes the card out. */
  eject(): void;
}

/** A slot without a controller completes its commands at once and does not say so (bit 18). */
const CAPABILITIES = { equipped: 0x0002_007b, plain: 0x0004_0060 } as const;
const CONTROL = {
  POWER_INDICATOR: 0x300,
  INDICATOR_OFF: 0x300,
  INDICATOR_BLINKS: 0x200,
  POWER_OFF: 0x400,
  INTERLOCK: 0x800,
  LINK_EVENTS: 0x1000,
} as const;
const STATUS = {
  BUTTON: 0x01,
  PRESENCE_CHANGED: 0x08,
  COMPLETED: 0x10,
  PRESENT: 0x40,
  LOCKED: 0x80,
  LINK_CHANGED: 0x100,
} as const;
const EVENTS = 0x1f;
const EMPTY_AT_RESET = 0x7c0;
const OCCUPIED_AT_RESET = 0x1c0;

// biome-ignore format: a table, as in the specification
export function slotRegisters(at: number, slot: SlotOptions | undefined): Readonly<Record<string, Register>> {
  const equipped = slot?.equipped ?? false;
  const capabilities = slot ? (slot.number << 19) | (equipped ? CAPABILITIES.equipped : CAPABILITIES.plain) : 0;
  const rw = equipped ? "rw" as const : "ro" as const;
  const w1c = equipped ? "w1c" as const : "ro" as const;
  const [event, happened] = slot ? ["rw", "w1c"] as const : ["ro", "ro"] as const;
  const [link, changed] = slot ? ["rw", "w1c"] as const : ["ro", "ro"] as const;
  return {
    EXP_SLTCAP: { at: at + 20, width: 32, access: "ro", reset: capabilities >>> 0, doc: "Slot capabilities.", spec: "PCIe 7.5.3.9", fields: {
      ABP: { bits: 0, doc: "There is an Attention Button." },
      PCP: { bits: 1, doc: "There is a power controller." },
      AIP: { bits: 3, doc: "There is an Attention Indicator." },
      PIP: { bits: 4, doc: "There is a Power Indicator." },
      HPS: { bits: 5, doc: "Surprise removal is possible." },
      HPC: { bits: 6, doc: "Hot-plug capable." },
      EIP: { bits: 17, doc: "There is an electromechanical interlock." },
      NCCS: { bits: 18, doc: "Does not tell of commands that have completed." },
      PSN: { bits: [31, 19], doc: "Physical slot number." },
    } },
    EXP_SLTCTL: { at: at + 24, width: 16, access: "ro", doc: "Slot control.", spec: "PCIe 7.5.3.10", fields: {
      ABPE: { bits: 0, access: rw, doc: "Interrupt when the Attention Button is pressed." },
      PDCE: { bits: 3, access: event, doc: "Interrupt when a card comes or goes." },
      CCIE: { bits: 4, access: rw, doc: "Interrupt when a command has completed." },
      HPIE: { bits: 5, access: event, doc: "Hot-plug interrupts on." },
      AIC: { bits: [7, 6], access: rw, doc: "Attention Indicator.", values: { on: 1, blinking: 2, off: 3 } },
      PIC: { bits: [9, 8], access: rw, doc: "Power Indicator.", values: { on: 1, blinking: 2, off: 3 } },
      PCC: { bits: 10, access: rw, doc: "1: power off." },
      EIC: { bits: 11, access: "wo", doc: "Writing 1 toggles the interlock; reads 0." },
      DLLSCE: { bits: 12, access: link, doc: "Interrupt when the link comes up or goes down." },
    } },
    EXP_SLTSTA: { at: at + 26, width: 16, access: "ro", doc: "Slot status.", spec: "PCIe 7.5.3.11", fields: {
      ABP: { bits: 0, access: w1c, doc: "The Attention Button was pressed." },
      PDC: { bits: 3, access: happened, doc: "A card came or went." },
      CC: { bits: 4, access: w1c, doc: "A command has completed." },
      PDS: { bits: 6, doc: "A card is present." },
      EIS: { bits: 7, doc: "The interlock is engaged." },
      DLLSC: { bits: 8, access: changed, doc: "The link came up or went down." },
    } },
  };
}

export class Slot implements ConfigLogic {
  readonly #port: SlotSide;
  readonly #config: RegisterFile;
  readonly #word: number;
  readonly #equipped: boolean;
  readonly #acpi: boolean;

  /** `acpi`: firmware owns hot-plug, as it does unless it hands the slots over. */
  constructor(port: SlotSide, { acpi = true }: { readonly acpi?: boolean } = {}) {
    this.#port = port;
    this.#acpi = acpi;
    this.#config = port.config;
    this.#word = port.config.map["EXP_SLTCTL"]?.at ?? 0;
    this.#equipped = (port.config.map["EXP_SLTCAP"]?.reset ?? 0) % 2 === 1;
  }

  /** Firmware has given it to the operating system. */
  get native(): boolean {
    return !this.#acpi;
  }

  get locked(): boolean {
    return (this.#status & STATUS.LOCKED) !== 0;
  }

  /** Software asked for power and no card should be let go: the indicator blinks. */
  get off(): boolean {
    const control = this.#control;
    return (
      (control & CONTROL.POWER_OFF) !== 0 && (control & CONTROL.POWER_INDICATOR) === CONTROL.INDICATOR_OFF
    );
  }

  get blinking(): boolean {
    return (this.#control & CONTROL.POWER_INDICATOR) === CONTROL.INDICATOR_BLINKS;
  }

  /** A slot without power lets its card go as soon as it is asked. */
  letGo(): void {
    const before = this.#pending;
    this.#port.eject();
    this.#show(false);
    this.#config.set("EXP_SLTSTA", this.#status | STATUS.PRESENCE_CHANGED);
    this.#notify(before);
    this.#config.set("EXP_SLTSTA", this.#status & ~STATUS.BUTTON);
  }

  reset(kind: ResetKind): void {
    const { occupied, quirks } = this.#port;
    if (this.#equipped) this.#config.set("EXP_SLTCTL", occupied ? OCCUPIED_AT_RESET : EMPTY_AT_RESET);
    this.#config.set("EXP_SLTSTA", this.#status & STATUS.PRESENT);
    const unseen = this.#acpi && occupied && quirks.take("PRESENCE_UNSEEN");
    if (!unseen) this.#show(occupied);
    else if (kind === "cold") this.#show(false);
    this.#port.settleLink({ quietly: true });
  }

  written(write: ConfigWrite): void {
    if (write.at !== this.#word) return;
    this.#withoutLinkEvents(write);
    const before = hotPlugPending(write.old & 0xffff, write.old >>> 16);
    const [control, status] = [(write.lanes & 0xffff) !== 0, (write.lanes & 0xffff_0000) !== 0];
    if (status) this.#statusWritten(write);
    if (control) this.#controlWritten(write, status && this.#port.quirks.on ? this.#pending : before);
    else if (!this.#pending || !this.#port.quirks.on)
      updatePortInterrupt(this.#port, { now: this.#pending, rose: false });
  }

  /** A card was put in: presence, the link, and the interrupt. */
  inserted(): void {
    this.#show(true);
    const pressed = this.#equipped && this.#port.quirks.take("HAND_IS_A_BUTTON");
    this.#event(STATUS.PRESENCE_CHANGED | (pressed ? STATUS.BUTTON : 0));
    this.#port.settleLink();
  }

  /** A card is gone, with or without a warning. */
  removed(): void {
    this.#show(false);
    this.#event(STATUS.PRESENCE_CHANGED);
  }

  /** The link went up or down. */
  linkChanged(): void {
    this.#event(STATUS.LINK_CHANGED);
  }

  /** A slot without a button has none to press. */
  pressAttentionButton(): void {
    if (this.#equipped) this.#event(STATUS.BUTTON);
  }

  #withoutLinkEvents({ old }: ConfigWrite): void {
    const control = this.#control;
    if ((control & ~old & CONTROL.LINK_EVENTS) === 0 || !this.#port.quirks.take("LINK_EVENTS_MISSING"))
      return;
    this.#config.set("EXP_SLTCTL", control & ~CONTROL.LINK_EVENTS);
  }

  #statusWritten({ value, lanes, old }: ConfigWrite): void {
    const written = ((value & lanes) >>> 16) & EVENTS;
    const was = (old >>> 16) & EVENTS;
    if ((written & ~was) === 0 || !this.#port.quirks.take("SLOT_STATUS_TAKEN_BACK")) return;
    this.#config.set("EXP_SLTSTA", (this.#status & ~EVENTS) | was);
  }

  #controlWritten(write: ConfigWrite, before: boolean): void {
    if (write.value & write.lanes & CONTROL.INTERLOCK)
      this.#config.set("EXP_SLTSTA", this.#status ^ STATUS.LOCKED);
    const wasOff =
      (write.old & CONTROL.POWER_OFF) !== 0 &&
      (write.old & CONTROL.POWER_INDICATOR) === CONTROL.INDICATOR_OFF;
    if (this.off && !wasOff && this.#status & STATUS.PRESENT && this.#port.quirks.take("POWER_OFF_EJECTS")) {
      this.#port.eject();
      this.#show(false);
      this.#config.set("EXP_SLTSTA", this.#status | STATUS.PRESENCE_CHANGED);
    }
    this.#port.settleLink();
    this.#notify(before);
    if (this.#equipped) this.#event(STATUS.COMPLETED);
  }

  #event(bits: number): void {
    const before = this.#pending;
    this.#config.set("EXP_SLTSTA", this.#status | bits);
    this.#notify(before);
  }

  #notify(before: boolean): void {
    const now = this.#pending;
    if (now !== before) updatePortInterrupt(this.#port, { now, rose: now });
  }

  /** Presence Detect State; QEMU's Link Active follows it. */
  #show(present: boolean): void {
    const status = this.#status & ~STATUS.PRESENT;
    this.#config.set("EXP_SLTSTA", present ? status | STATUS.PRESENT : status);
    if (this.#port.quirks.on) setLinkActive(this.#port, present);
  }

  /** It gives power to its card. */
  get powered(): boolean {
    return !this.#equipped || (this.#control & CONTROL.POWER_OFF) === 0;
  }

  get #pending(): boolean {
    return hotPlugPending(this.#control, this.#status);
  }

  get #control(): number {
    return this.#config.value("EXP_SLTCTL");
  }

  get #status(): number {
    return this.#config.value("EXP_SLTSTA");
  }
}
