/**
 * What QEMU 7.2 does and hardware does not. Each has a name, is off by default, and is on in `qemu` fidelity only, where
 * transcripts recorded on QEMU are compared. A record that a quirk decided counts as explained, not as matched.
 */

/**
 * `hardware`: what a card would do. `qemu`: with the quirks of QEMU's models, for comparison with transcripts that were
 * recorded there.
 */
export type Fidelity = "hardware" | "qemu";

// biome-ignore format: a table
export const QUIRKS = {
  DEAD_READ_ZERO: "A memory read that nothing claims returns 0. Hardware: Unsupported Request, all ones at the CPU (PCIe 2.3.2).",
  FAILURES_UNNOTED: "A request that fails leaves no bit in any status register. Hardware: Received Master Abort, Signaled Target Abort, AER (PCIe 7.5.1.1.4).",
  REFUSED_READ_ZERO: "A read of a width the device refuses returns 0. Hardware: Completer Abort or Unsupported Request, all ones.",
  BAR_AT_TOP_UNMAPPED: "A 32-bit BAR that ends at the top of 4 GiB does not decode. Hardware: any address will do.",
  SECONDARY_LATENCY_STORED: "Secondary Latency Timer can be written. Hardware: zero in PCIe (PCIe 7.5.1.3.5).",
  SECONDARY_STATUS_STICKS: "Secondary Status does not clear when 1 is written. Hardware does (PCIe 7.5.1.3.7).",
  WIDTHS_CONVERTED: "An access of another width than the register's is converted: it reads the register's low bytes, or writes it whole. Hardware refuses it.",
  STATUS_WRITABLE: "Software can write ivshmem's interrupt status. Hardware (ivshmem-spec): only peers set it.",
  POWER_STATE_IGNORED: "D1, D2 and D3hot change nothing: BARs decode, requests go out, and the way back to D0 resets nothing (PCIe 5.3.1.4).",
  UNSUPPORTED_STATE_STORED: "PMCSR takes D1 and D2 although the capability does not offer them. Hardware discards the write (PCIe 7.5.2.2).",
  PARTIAL_RESET: "A hot reset or FLR puts back Command, Status, BARs, MSI and slot registers, and leaves the rest. Hardware resets all but sticky bits (PCIe 6.6).",
  UNCORRECTABLE_MASK_ZERO: "The Uncorrectable Error Mask is hard-wired to zero. Hardware implements it for each bit of Status (PCIe 7.8.4.3).",
  LAST_ERROR_LOGGED: "Each uncorrectable error overwrites First Error Pointer and Header Log. Hardware keeps the first until it is cleared (PCIe 6.2.4.2).",
  ERROR_MESSAGE_PATH: "A port's own error counts as received from below; correctable messages, and any without SERR# Enable, end at once; each function on the way forwards by its own Device Control. Hardware: Device Control or SERR# at the sender, Bridge Control and SERR# at the ports above (PCIe 6.2.5, 7.5.1.1.3).",
  COMPLETER_UNREPORTED: "The function has no error reporting enables in Device Control. Hardware must implement them (PCIe 7.5.3.4).",
  SLOT_STATUS_TAKEN_BACK: "A write of Slot Status with a 1 on an event that is not set clears nothing at all. Hardware clears what is set (PCIe 7.5.3.11).",
  LINK_CONTROL_READ_ONLY: "Link Control keeps nothing. Hardware has ASPM Control, Read Completion Boundary, Common Clock and, at ports, Link Disable (PCIe 7.5.3.7).",
  PARITY_RESPONSE_READ_ONLY: "Parity Error Response of Command is hard-wired to zero. Hardware has it (PCIe 7.5.1.1.3).",
  LINK_EVENTS_MISSING: "Slot Control has no Data Link Layer State Changed Enable. Hardware must have it where Link Active is reported (PCIe 7.5.3.10).",
  LINE_FOLLOWS_ERRORS: "After every configuration write a root port's INTx line follows its error state alone: a hot-plug interrupt becomes a pulse. Hardware: the line is up while either condition holds (PCIe 6.7.3.4).",
  MESSAGE_AS_EVENTS_END: "A port's hot-plug message is sent as its events end, too. Hardware sends it as they begin (PCIe 6.7.3.4).",
  POWER_OFF_EJECTS: "Power and Power Indicator off make the card leave the slot, and Presence Detect Changed says so. Hardware: the card stays until a hand takes it.",
  HAND_IS_A_BUTTON: "A card that comes in presses the Attention Button too. Hardware: presence alone changes (PCIe 6.7.3).",
  PRESENCE_UNSEEN: "A card there at power-on is not shown by Presence Detect State nor Link Active while ACPI owns hot-plug. Hardware shows it (PCIe 7.5.3.11).",
  ANSWERS_IN_RESET: "Functions below answer configuration requests while Secondary Bus Reset is set. Hardware: the link is down (PCIe 7.5.1.3.13).",
  SECOND_DEVICE_ON_A_LINK: "A second card at one port becomes device 1 of its bus. Hardware: a link has one device, and requests for another end as Unsupported Request (PCIe 7.3.1).",
} as const;

export type Quirk = keyof typeof QUIRKS;

/** Asked where hardware and QEMU part. Answers are noted, so that a replay can tell which answer a quirk decided. */
export class Quirks {
  readonly #on: boolean;
  readonly #taken = new Set<Quirk>();

  constructor(fidelity: Fidelity) {
    this.#on = fidelity === "qemu";
  }

  /** Whether QEMU's way is taken here, at a place where it makes a difference. */
  take(quirk: Quirk): boolean {
    if (this.#on) this.#taken.add(quirk);
    return this.#on;
  }

  /** Whether QEMU's models are asked for, without a difference to note. */
  get on(): boolean {
    return this.#on;
  }

  /** The quirks taken since this was last asked. */
  drain(): readonly Quirk[] {
    const taken = [...this.#taken];
    this.#taken.clear();
    return taken;
  }
}
