/**
 * A network card for learning, its own cable looped back to itself: frames lie in its packet memory, received ones go to
 * RAM by DMA. The same registers answer behind an I/O BAR of 256 bytes and a memory BAR of 16 KiB.
 * Not modelled: a network; checksums, filters and rings.
 */
import { bus } from "../core/address";
import type { Timer } from "../core/clock";
import { Memory } from "../core/memory";
import { RegisterBank } from "../core/register-bank";
import type { RegisterFile } from "../core/register-file";
import { defineRegisters } from "../core/register-map";
import { bankBar } from "../pci/bar";
import { msi } from "../pci/capabilities/msi";
import type { Device, DeviceParts } from "../pci/device";
import { PciFunction } from "../pci/function";

// biome-ignore format: a table, as in the datasheet
export const seedNicRegisters = defineRegisters({
  ID: { at: 0x00, width: 32, access: "ro", reset: 0x5eed_0001, doc: "Always 0x5eed0001." },
  CONTROL: { at: 0x04, width: 32, access: "rw", doc: "What the card does.", fields: {
    ENABLE: { bits: 0, doc: "Send and receive." },
  } },
  STATUS: { at: 0x08, width: 32, access: "ro", reset: 1, doc: "How it is.", fields: {
    LINK: { bits: 0, doc: "There is a cable." },
    BUSY: { bits: 1, doc: "A frame is on the cable." },
  } },
  INTR_CAUSE: { at: 0x0c, width: 32, access: "rc", doc: "Why it interrupts; reading takes the causes away.", fields: {
    TX: { bits: 0, doc: "A frame was sent." },
    RX: { bits: 1, doc: "A frame was received." },
    LOST: { bits: 2, doc: "A frame was received, and found no room." },
  } },
  INTR_MASK: { at: 0x10, width: 32, access: "rw", doc: "Causes that interrupt." },
  MAC_LOW: { at: 0x14, width: 32, access: "ro", reset: 0x0012_5452, doc: "Its address, bytes 3 to 0." },
  MAC_HIGH: { at: 0x18, width: 32, access: "ro", reset: 0xed5e, doc: "Its address, bytes 5 and 4." },
  TX_OFFSET: { at: 0x20, width: 32, access: "rw", doc: "Where the frame begins in packet memory." },
  TX_LENGTH: { at: 0x24, width: 32, access: "rw", doc: "Its bytes, at most 1518." },
  TX_START: { at: 0x28, width: 32, access: "wo", doc: "Any write sends it." },
  RX_ADDRESS: { at: 0x30, width: 64, access: "rw", doc: "Where a received frame goes in RAM: a DMA address." },
  RX_SIZE: { at: 0x38, width: 32, access: "rw", doc: "Bytes that are free there." },
  RX_LENGTH: { at: 0x3c, width: 32, access: "ro", doc: "Bytes of the last received frame." },
  TX_COUNT: { at: 0x40, width: 32, access: "ro", doc: "Frames sent." },
  RX_COUNT: { at: 0x44, width: 32, access: "ro", doc: "Frames received." },
});

const IDS = {
  vendor: 0x1234,
  device: 0x5eed,
  revision: 1,
  classCode: 0x020000,
  subsystemVendor: 0x1234,
  subsystem: 0x5eed,
} as const;

const PACKET_MEMORY = 256 << 20;
const REGISTER_BYTES = 16 << 10;
const PORTS = 256;
const LONGEST_FRAME = 1518;
/** 1 Gbit/s. */
const NS_PER_BYTE = 8;
/** The shortest frame, and what goes with each: preamble and gap (IEEE 802.3, 4.4.2). */
const SHORTEST_FRAME = 64;
const OVERHEAD = 20;
const BUSY = 2;
const CAUSE = { TX: 1, RX: 2, LOST: 4 } as const;

export function seedNic(parts: DeviceParts): Device {
  return new SeedNic(parts);
}

class SeedNic implements Device {
  readonly function: PciFunction;
  readonly banks: readonly RegisterBank[];
  readonly #memory: Memory;
  readonly #registers: RegisterFile;
  readonly #arrival: Timer;

  constructor({ arena, clock, name, quirks }: DeviceParts) {
    this.#memory = new Memory(arena, `${name} packet memory`, PACKET_MEMORY);
    const behaviours = {
      INTR_CAUSE: { read: () => this.#takeCauses() },
      TX_START: { write: () => this.#send() },
    };
    const bank = new RegisterBank(arena, { name, map: seedNicRegisters, size: REGISTER_BYTES, behaviours });
    this.banks = [bank];
    this.#registers = bank.registers;
    this.#arrival = clock.timer(() => this.#arrive());
    this.function = new PciFunction(arena, {
      name,
      ids: IDS,
      quirks,
      interruptPin: 1,
      bars: [
        { index: 0, kind: "mem32", size: PACKET_MEMORY, target: { kind: "memory", memory: this.#memory } },
        { index: 1, kind: "io", size: PORTS, target: { kind: "io", io: bank } },
        bankBar(2, "mem32", bank),
      ],
      capabilities: [msi(0x40)],
    });
  }

  reset(): void {
    this.function.reset();
    this.#registers.reset();
    this.#arrival.cancel();
  }

  #send(): void {
    const registers = this.#registers;
    const length = registers.value("TX_LENGTH");
    const ready = (registers.value("CONTROL") & 1) !== 0 && (registers.value("STATUS") & BUSY) === 0;
    const inside = registers.value("TX_OFFSET") + length <= PACKET_MEMORY;
    if (!ready || !inside || length === 0 || length > LONGEST_FRAME) return;
    registers.set("STATUS", registers.value("STATUS") | BUSY);
    this.#arrival.arm((Math.max(length, SHORTEST_FRAME) + OVERHEAD) * NS_PER_BYTE);
  }

  #arrive(): void {
    const registers = this.#registers;
    const frame = new Uint8Array(registers.value("TX_LENGTH"));
    this.#memory.copyOut(registers.value("TX_OFFSET"), frame);
    registers.set("STATUS", registers.value("STATUS") & ~BUSY);
    registers.set("TX_COUNT", registers.value("TX_COUNT") + 1);
    this.#cause(CAUSE.TX | (this.#receive(frame) ? CAUSE.RX : CAUSE.LOST));
  }

  #receive(frame: Uint8Array): boolean {
    const registers = this.#registers;
    if (frame.length > registers.value("RX_SIZE")) return false;
    if (this.function.dmaWrite(bus(registers.get("RX_ADDRESS")), frame) !== "SC") return false;
    registers.set("RX_LENGTH", frame.length);
    registers.set("RX_COUNT", registers.value("RX_COUNT") + 1);
    return true;
  }

  #cause(bits: number): void {
    const registers = this.#registers;
    registers.set("INTR_CAUSE", registers.value("INTR_CAUSE") | bits);
    if (registers.value("INTR_CAUSE") & registers.value("INTR_MASK")) this.function.raise();
  }

  #takeCauses(): number {
    const causes = this.#registers.value("INTR_CAUSE");
    this.#registers.set("INTR_CAUSE", 0);
    this.function.lower();
    return causes;
  }
}
