/**
 * A slot below a port (PCIe Base Specification 6.7, 7.5.3.9 to 7.5.3.11): power, indicators, presence, the Attention
 * Button, the state of the link, and the hot-plug interrupt.
 * Not modelled: power faults, the MRL sensor, in-band presence, the time a command takes.
 */
import type { RegisterFile } from "../../core/register-file";
import { setLinkActive } from "../link";
import type { ConfigLogic, ConfigWrite, FunctionSide, ResetKind } from "../place";
import { hotPlugPending, updatePortInterrupt } from "../port-interrupt";

/** A port, as its slot sees it: what is plugged in there. */
export interface SlotSide extends FunctionSide {
  /** Whether a card is in the slot. */
  readonly occupied: boolean;
  /** The slot's power reaches what is plugged in, and the link goes up or down with it. */
  settleLink(options?: { readonly quietly?: boolean }): void;
  /** Takes the card out. */
  eject(): void;
}

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
    return isOff(this.#control);
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

  #statusWritten(write: ConfigWrite): void {
    const written = asWritten(write) & EVENTS;
    const was = (write.old >>> 16) & EVENTS;
    if ((written & ~was) === 0 || !this.#port.quirks.take("SLOT_STATUS_TAKEN_BACK")) return;
    this.#config.set("EXP_SLTSTA", (this.#status & ~EVENTS) | was);
  }

  #controlWritten(write: ConfigWrite, before: boolean): void {
    if (write.value & write.lanes & CONTROL.INTERLOCK)
      this.#config.set("EXP_SLTSTA", this.#status ^ STATUS.LOCKED);
    const goesOff = isOff(asWritten(write)) && !isOff(write.old);
    if (goesOff && this.#status & STATUS.PRESENT && this.#port.quirks.take("POWER_OFF_EJECTS")) {
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
    if (now === before) return;
    const falls = !now && this.#port.messagesEnabled && this.#port.quirks.take("MESSAGE_AS_EVENTS_END");
    updatePortInterrupt(this.#port, { now, rose: now || falls });
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

/** Power off, and Power Indicator off. */
function isOff(control: number): boolean {
  return (control & CONTROL.POWER_OFF) !== 0 && (control & CONTROL.POWER_INDICATOR) === CONTROL.INDICATOR_OFF;
}

/** The number that software wrote, whichever bytes of the word it covered: QEMU looks at that. */
function asWritten({ value, lanes }: ConfigWrite): number {
  const lowest = Math.clz32(lanes & -lanes) ^ 31;
  return (value & lanes) >>> lowest;
}
