/** The slot's part of the PCI Express capability (PCIe Base Specification 7.5.3.9 to 7.5.3.11). */
import type { Register } from "../../core/register-map";

export interface SlotOptions {
  readonly number: number;
  /** Attention Button, power controller, indicators, interlock: all, or hot-plug and surprise alone. */
  readonly equipped?: boolean;
}

/** A slot without a controller completes its commands at once and does not say so (bit 18). */
const CAPABILITIES = { equipped: 0x0002_007b, plain: 0x0004_0060 } as const;

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
