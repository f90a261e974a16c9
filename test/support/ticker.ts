/**
 * A ticker: counts periods, and interrupts at each, while it runs.
 * Not modelled: drift.
 */
import { RegisterBank } from "../../emulator/core/register-bank";
import { defineRegisters } from "../../emulator/core/register-map";
import { bankBar } from "../../emulator/pci/bar";
import { msi } from "../../emulator/pci/capabilities/msi";
import { assemble, type Device, type DeviceParts } from "../../emulator/pci/device";
import { PciFunction } from "../../emulator/pci/function";

// biome-ignore format: a table, as in the datasheet
export const tickerRegisters = defineRegisters({
  PERIOD: { at: 0x0, width: 32, access: "rw", reset: 1000, doc: "Nanoseconds from tick to tick." },
  TICKS: { at: 0x4, width: 32, access: "rc", doc: "Ticks since this was last read." },
  CONTROL: { at: 0x8, width: 32, access: "rw", doc: "What it does.", fields: { RUN: { bits: 0, doc: "Tick." } } },
  STATUS: { at: 0xc, width: 32, access: "w1c", doc: "Why it interrupts.", fields: { TICKED: { bits: 0, doc: "A period is over." } } },
});

const IDS = {
  vendor: 0x1234,
  device: 0x71c4,
  revision: 1,
  classCode: 0x088000,
  subsystemVendor: 0x1234,
  subsystem: 1,
} as const;

export function ticker({ arena, clock, name, quirks }: DeviceParts): Device {
  const bank = new RegisterBank(arena, {
    name,
    map: tickerRegisters,
    size: 4096,
    behaviours: {
      CONTROL: { write: (value) => control(value) },
      STATUS: { write: () => acknowledge() },
    },
  });
  const bars = [bankBar(0, "mem32", bank)];
  const fn = new PciFunction(arena, {
    name,
    ids: IDS,
    quirks,
    interruptPin: 1,
    bars,
    capabilities: [msi(0x40)],
  });
  const { registers } = bank;
  const timer = clock.timer(() => tick());

  function control(value: number): void {
    registers.set("CONTROL", value);
    if (value & 1) timer.arm(registers.value("PERIOD"));
    else timer.cancel();
  }

  function tick(): void {
    registers.set("TICKS", registers.value("TICKS") + 1);
    registers.set("STATUS", 1);
    fn.raise();
    timer.arm(registers.value("PERIOD"));
  }

  function acknowledge(): void {
    registers.set("STATUS", 0);
    fn.lower();
  }

  return assemble(fn, [bank], [{ reset: () => timer.cancel() }]);
}
