/**
 * QEMU's educational device (QEMU docs/specs/edu.rst): factorials, interrupts and DMA, made for learning to write a
 * driver. Section numbers are that document's headings.
 *
 * In `qemu` fidelity a refused read returns 0 (quirk REFUSED_READ_ZERO).
 * Not modelled: the out-of-range DMA that stops QEMU; here it moves nothing and completes.
 */
import { bus } from "../core/address";
import type { Arena } from "../core/arena";
import type { Timer } from "../core/clock";
import { ALL_ONES } from "../core/io";
import { type Behaviours, RegisterBank } from "../core/register-bank";
import type { RegisterFile } from "../core/register-file";
import { defineRegisters } from "../core/register-map";
import { msi } from "../pci/capabilities/msi";
import type { Device, DeviceParts } from "../pci/device";
import { PciFunction } from "../pci/function";

const DMA_REGISTER = { width: 64, access: "rw", accepts: [4, 8], spec: "DMA controller" } as const;

// biome-ignore format: a table, as in the datasheet
export const eduRegisters = defineRegisters({
  ID: { at: 0x00, width: 32, access: "ro", reset: 0x0100_00ed, doc: "Identification: major and minor version, 0xed.", spec: "MMIO area spec", fields: {
    EDU: { bits: [7, 0], doc: "Always 0xed." },
    MINOR: { bits: [23, 16], doc: "Minor version." },
    MAJOR: { bits: [31, 24], doc: "Major version." },
  } },
  LIVENESS: { at: 0x04, width: 32, access: "rw", doc: "Reads back the bitwise inverse of what was written.", spec: "MMIO area spec" },
  FACTORIAL: { at: 0x08, width: 32, access: "rw", doc: "Write n: the device computes n! and stores it here. Ignored while it computes.", spec: "MMIO area spec" },
  STATUS: { at: 0x20, width: 32, access: "ro", doc: "Status.", spec: "MMIO area spec", fields: {
    COMPUTING: { bits: 0, doc: "A factorial is being computed." },
    IRQFACT: { bits: 7, access: "rw", doc: "Raise interrupt cause FACT when a factorial is done." },
  } },
  IRQ_STATUS: { at: 0x24, width: 32, access: "ro", doc: "Interrupt causes that are pending.", spec: "IRQ controller", fields: {
    FACT: { bits: 0, doc: "A factorial is done." },
    DMA: { bits: 8, doc: "A DMA transfer is done." },
  } },
  IRQ_RAISE: { at: 0x60, width: 32, access: "wo", reset: 0xffff_ffff, doc: "Raises the causes written.", spec: "IRQ controller" },
  IRQ_ACK: { at: 0x64, width: 32, access: "wo", reset: 0xffff_ffff, doc: "Clears the causes written.", spec: "IRQ controller" },
  DMA_SRC: { at: 0x80, ...DMA_REGISTER, doc: "Where to copy from." },
  DMA_DST: { at: 0x88, ...DMA_REGISTER, doc: "Where to copy to." },
  DMA_COUNT: { at: 0x90, ...DMA_REGISTER, doc: "Bytes to copy." },
  DMA_CMD: { at: 0x98, ...DMA_REGISTER, doc: "Starts a transfer; RUN clears itself when it is done.", fields: {
    RUN: { bits: 0, doc: "Start; reads 1 while the transfer runs." },
    TO_RAM: { bits: 1, doc: "0: RAM to device, 1: device to RAM." },
    IRQ: { bits: 2, doc: "Raise interrupt cause DMA when done." },
  } },
});

const FACTORIAL_NS = 10_000;
const DMA_NS = 100_000_000;
const BUFFER = { start: 0x40000n, bytes: 4096 } as const;
const DMA_BITS = 28;
const DMA_MASK = (1n << BigInt(DMA_BITS)) - 1n;
const STATUS = { COMPUTING: 0x01, IRQFACT: 0x80 } as const;
const CAUSE = { FACT: 0x001, DMA: 0x100 } as const;
const COMMAND = { RUN: 1, TO_RAM: 2, IRQ: 4 } as const;

/** Registers that hold the state of a transfer: they do not change while it runs. */
type DmaRegister = "DMA_SRC" | "DMA_DST" | "DMA_COUNT" | "DMA_CMD";

export class Edu implements Device {
  readonly function: PciFunction;
  readonly banks: readonly RegisterBank[];
  readonly dmaBits = DMA_BITS;
  readonly #registers: RegisterFile;
  readonly #arena: Arena;
  /** Byte offset of the DMA buffer in the arena. */
  readonly #buffer: number;
  readonly #computed: Timer;
  readonly #copied: Timer;

  constructor({ arena, clock, name, quirks }: DeviceParts) {
    this.#arena = arena;
    this.#buffer = arena.reserve(BUFFER.bytes);
    this.#computed = clock.timer(() => this.#finishFactorial());
    this.#copied = clock.timer(() => this.#finishDma());
    const refused = (width: 1 | 2 | 4 | 8) => (width < 8 && quirks.take("REFUSED_READ_ZERO") ? 0 : ALL_ONES);
    const size = 1 << 20;
    const bank = new RegisterBank(arena, {
      name,
      map: eduRegisters,
      size,
      refused,
      behaviours: this.#behaviours(),
    });
    this.#registers = bank.registers;
    this.banks = [bank];
    this.function = new PciFunction(arena, {
      name,
      ids: {
        vendor: 0x1234,
        device: 0x11e8,
        revision: 0x10,
        classCode: 0x00ff00,
        subsystemVendor: 0x1af4,
        subsystem: 0x1100,
      },
      interruptPin: 1,
      bars: [{ index: 0, kind: "mem32", size, target: { kind: "io", io: bank } }],
      capabilities: [msi(0x40)],
      quirks,
      openConfiguration: quirks.on,
    });
  }

  reset(): void {
    this.function.reset();
    this.#registers.reset();
    this.#computed.cancel();
    this.#copied.cancel();
  }

  #behaviours(): Behaviours<typeof eduRegisters> {
    const dma = (register: DmaRegister) => ({
      write: (low: number, high: number) => this.#setDma(register, low, high),
    });
    return {
      LIVENESS: { write: (value) => this.#registers.set("LIVENESS", ~value >>> 0) },
      FACTORIAL: { write: (operand) => this.#startFactorial(operand) },
      IRQ_RAISE: { write: (causes) => this.#raise(causes) },
      IRQ_ACK: { write: (causes) => this.#acknowledge(causes) },
      DMA_SRC: dma("DMA_SRC"),
      DMA_DST: dma("DMA_DST"),
      DMA_COUNT: dma("DMA_COUNT"),
      DMA_CMD: { write: (low, high) => this.#startDma(low, high) },
    };
  }

  #startFactorial(operand: number): void {
    if (this.#registers.value("STATUS") & STATUS.COMPUTING) return;
    this.#registers.set("FACTORIAL", operand >>> 0);
    this.#registers.set("STATUS", this.#registers.value("STATUS") | STATUS.COMPUTING);
    this.#computed.arm(FACTORIAL_NS);
  }

  #finishFactorial(): void {
    this.#registers.set("FACTORIAL", factorial(this.#registers.value("FACTORIAL")));
    const status = this.#registers.value("STATUS") & ~STATUS.COMPUTING;
    this.#registers.set("STATUS", status);
    if (status & STATUS.IRQFACT) this.#raise(CAUSE.FACT);
  }

  #raise(causes: number): void {
    const pending = (this.#registers.value("IRQ_STATUS") | causes) >>> 0;
    this.#registers.set("IRQ_STATUS", pending);
    if (pending) this.function.raise();
  }

  #acknowledge(causes: number): void {
    const pending = (this.#registers.value("IRQ_STATUS") & ~causes) >>> 0;
    this.#registers.set("IRQ_STATUS", pending);
    if (!pending) this.function.lower();
  }

  #setDma(register: DmaRegister, low: number, high: number): void {
    if (this.#registers.value("DMA_CMD") & COMMAND.RUN) return;
    this.#registers.set(register, BigInt(low >>> 0) | (BigInt(high >>> 0) << 32n));
  }

  #startDma(low: number, high: number): void {
    if (!(low & COMMAND.RUN) || this.#registers.value("DMA_CMD") & COMMAND.RUN) return;
    this.#setDma("DMA_CMD", low, high);
    this.#copied.arm(DMA_NS);
  }

  #finishDma(): void {
    const command = this.#registers.value("DMA_CMD");
    this.#transfer((command & COMMAND.TO_RAM) !== 0);
    this.#registers.set("DMA_CMD", command & ~COMMAND.RUN);
    if (command & COMMAND.IRQ) this.#raise(CAUSE.DMA);
  }

  #transfer(toRam: boolean): void {
    const [inside, outside] = toRam ? (["DMA_SRC", "DMA_DST"] as const) : (["DMA_DST", "DMA_SRC"] as const);
    const at = this.#registers.get(inside) - BUFFER.start;
    const bytes = this.#registers.get("DMA_COUNT");
    if (at < 0n || at + bytes > BigInt(BUFFER.bytes)) return;
    const start = this.#buffer + Number(at);
    const window = this.#arena.u8.subarray(start, start + Number(bytes));
    const address = bus(this.#registers.get(outside) & DMA_MASK);
    if (toRam) this.function.dmaWrite(address, window);
    else this.function.dmaRead(address, window);
  }
}

/** n! of 32 bits, as the device's multiplier wraps. */
function factorial(n: number): number {
  let product = 1;
  for (let factor = n >>> 0; factor > 1; factor--) {
    product = Math.imul(product, factor) >>> 0;
    if (product === 0) return 0;
  }
  return product;
}
