/**
 * QEMU's educational device (QEMU docs/specs/edu.rst): factorials, interrupts and DMA, made for learning to write a
 * driver. Section numbers are that document's headings.
 *
 * Quirk in `qemu` fidelity: a refused 1- or 2-byte read, or an unaligned one, returns 0 (a card: all ones).
 * Not modelled: the out-of-range DMA that stops QEMU; here it moves nothing and completes.
 */
import { bus } from "../core/address";
import { RegisterBank } from "../core/register-bank";
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
const DMA_MASK = (1n << 28n) - 1n;
const STATUS = { COMPUTING: 0x01, IRQFACT: 0x80 } as const;
const CAUSE = { FACT: 0x001, DMA: 0x100 } as const;
const COMMAND = { RUN: 1, TO_RAM: 2, IRQ: 4 } as const;

export function edu({ arena, clock, name, fidelity }: DeviceParts): Device {
  const buffer = arena.reserve(BUFFER.bytes);
  const computed = clock.timer(finishFactorial);
  const copied = clock.timer(finishDma);
  const bank = new RegisterBank(arena, {
    name,
    map: eduRegisters,
    size: 1 << 20,
    refused: fidelity === "qemu" ? (width) => (width === 8 ? -1 : 0) : () => -1,
    behaviours: {
      LIVENESS: { write: (value) => registers.set("LIVENESS", ~value >>> 0) },
      FACTORIAL: { write: startFactorial },
      IRQ_RAISE: { write: raise },
      IRQ_ACK: { write: acknowledge },
      DMA_SRC: { write: (low, high) => setDma("DMA_SRC", low, high) },
      DMA_DST: { write: (low, high) => setDma("DMA_DST", low, high) },
      DMA_COUNT: { write: (low, high) => setDma("DMA_COUNT", low, high) },
      DMA_CMD: { write: startDma },
    },
  });
  const { registers } = bank;
  const fn = new PciFunction(arena, {
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
    bars: [{ index: 0, kind: "mem32", size: 1 << 20, target: { kind: "io", io: bank } }],
    capabilities: [msi(0x40)],
    openConfiguration: fidelity === "qemu",
  });

  function startFactorial(operand: number): void {
    if (registers.value("STATUS") & STATUS.COMPUTING) return;
    registers.set("FACTORIAL", operand >>> 0);
    registers.set("STATUS", registers.value("STATUS") | STATUS.COMPUTING);
    computed.arm(FACTORIAL_NS);
  }

  function finishFactorial(): void {
    registers.set("FACTORIAL", factorial(registers.value("FACTORIAL")));
    const status = registers.value("STATUS") & ~STATUS.COMPUTING;
    registers.set("STATUS", status);
    if (status & STATUS.IRQFACT) raise(CAUSE.FACT);
  }

  function raise(causes: number): void {
    const pending = (registers.value("IRQ_STATUS") | causes) >>> 0;
    registers.set("IRQ_STATUS", pending);
    if (pending) fn.raise();
  }

  function acknowledge(causes: number): void {
    const pending = (registers.value("IRQ_STATUS") & ~causes) >>> 0;
    registers.set("IRQ_STATUS", pending);
    if (!pending) fn.lower();
  }

  function setDma(
    register: "DMA_SRC" | "DMA_DST" | "DMA_COUNT" | "DMA_CMD",
    low: number,
    high: number,
  ): void {
    if (registers.value("DMA_CMD") & COMMAND.RUN) return;
    registers.set(register, BigInt(low >>> 0) | (BigInt(high >>> 0) << 32n));
  }

  function startDma(low: number, high: number): void {
    if (!(low & COMMAND.RUN) || registers.value("DMA_CMD") & COMMAND.RUN) return;
    setDma("DMA_CMD", low, high);
    copied.arm(DMA_NS);
  }

  function finishDma(): void {
    const command = registers.value("DMA_CMD");
    transfer(command);
    registers.set("DMA_CMD", command & ~COMMAND.RUN);
    if (command & COMMAND.IRQ) raise(CAUSE.DMA);
  }

  function transfer(command: number): void {
    const toRam = (command & COMMAND.TO_RAM) !== 0;
    const [inside, outside] = toRam ? ["DMA_SRC", "DMA_DST"] : ["DMA_DST", "DMA_SRC"];
    const at = registers.get(inside ?? "") - BUFFER.start;
    const bytes = registers.get("DMA_COUNT");
    if (at < 0n || at + bytes > BigInt(BUFFER.bytes)) return;
    const start = buffer + Number(at);
    const window = arena.u8.subarray(start, start + Number(bytes));
    const address = bus(registers.get(outside ?? "") & DMA_MASK);
    if (toRam) fn.dmaWrite(address, window);
    else fn.dmaRead(address, window);
  }

  return {
    function: fn,
    banks: [bank],
    reset: () => {
      fn.reset();
      bank.reset();
      computed.cancel();
      copied.cancel();
    },
  };
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
