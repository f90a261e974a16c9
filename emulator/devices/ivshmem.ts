/**
 * Inter-VM shared memory without interrupts (QEMU docs/specs/ivshmem-spec.rst, "ivshmem-plain"): a few registers, and
 * RAM behind a 64-bit prefetchable BAR.
 * Not modelled: a second machine at the other end, MSI-X (the doorbell variant).
 */
import { ConvertingBank } from "../core/converting-bank";
import { Memory } from "../core/memory";
import { RegisterBank } from "../core/register-bank";
import { defineRegisters } from "../core/register-map";
import { assemble, type Device, type DeviceParts } from "../pci/device";
import { PciFunction } from "../pci/function";

// biome-ignore format: a table, as in the datasheet
export const ivshmemRegisters = defineRegisters({
  INTR_MASK: { at: 0x0, width: 32, access: "rw", doc: "Interrupt Mask: bit 0 lets peers interrupt.", spec: "Device registers" },
  INTR_STATUS: { at: 0x4, width: 32, access: "rc", doc: "Interrupt Status: bit 0 says that a peer interrupted; reading clears it.", spec: "Device registers" },
  IV_POSITION: { at: 0x8, width: 32, access: "ro", doc: "This machine's number among its peers.", spec: "Device registers" },
  DOORBELL: { at: 0xc, width: 32, access: "wo", doc: "Interrupts a peer: its number in bits 31:16, the vector below.", spec: "Device registers" },
});

const DEFAULT_MEMORY = 4 << 20;
const REGISTER_BYTES = 256;

const IDS = {
  vendor: 0x1af4,
  device: 0x1110,
  revision: 1,
  classCode: 0x050000,
  subsystemVendor: 0x1af4,
  subsystem: 0x1100,
} as const;

export function ivshmem({ arena, name, quirks, options }: DeviceParts): Device {
  const memory = new Memory(arena, `${name} shared memory`, options["memory"] ?? DEFAULT_MEMORY);
  const setStatus = (value: number) => {
    if (quirks.take("STATUS_WRITABLE")) bank.registers.set("INTR_STATUS", value >>> 0);
  };
  const behaviours = { INTR_STATUS: { write: setStatus } };
  const declared = {
    name,
    map: ivshmemRegisters,
    size: REGISTER_BYTES,
    behaviours,
    blank: quirks.on ? 0 : -1,
  } as const;
  const take = () => quirks.take("WIDTHS_CONVERTED");
  const bank: RegisterBank = quirks.on
    ? new ConvertingBank(arena, declared, { width: 4, covers: () => true, take })
    : new RegisterBank(arena, declared);
  const fn = new PciFunction(arena, {
    name,
    quirks,
    openConfiguration: quirks.on,
    ids: IDS,
    bars: [
      { index: 0, kind: "mem32", size: REGISTER_BYTES, target: { kind: "io", io: bank } },
      { index: 2, kind: "mem64", prefetchable: true, size: memory.size, target: { kind: "memory", memory } },
    ],
  });
  return assemble(fn, [bank]);
}
