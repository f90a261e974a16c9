/** A driver as a test writes it: probe for edu on some machine, with the kernel's modules at hand. */
import type * as Delay from "linux/delay";
import type * as Dma from "linux/dma-mapping";
import type * as Interrupt from "linux/interrupt";
import type * as Io from "linux/io";
import type * as Pci from "linux/pci";
import type * as Slab from "linux/slab";
import { linuxModules } from "../../emulator/linux/modules";
import type { MachineDescription } from "../../emulator/machine/description";
import type { SanitizerReport } from "../../emulator/machine/views";
import { type Bench, booted } from "./bench";

export interface DriverBench extends Bench {
  readonly pci: typeof Pci;
  readonly dma: typeof Dma;
  readonly slab: typeof Slab;
  readonly delay: typeof Delay;
  readonly interrupt: typeof Interrupt;
  module<T>(name: string): T;
  /** Binds a driver to the edu of the machine; its probe returns 0 unless it says otherwise. */
  bind(probe: (pdev: Pci.PciDev) => number | undefined, remove?: (pdev: Pci.PciDev) => void): void;
  unbind(): void;
  log(): readonly string[];
  reports(): readonly SanitizerReport[];
  /** Names of the checks that were reported. */
  checks(): readonly string[];
}

export function driverBench(machine: MachineDescription | string = "demo"): DriverBench {
  const bench = booted(machine);
  const modules = linuxModules(bench.kernel);
  const module = <T>(name: string) => modules.get(name) as unknown as T;
  const pci = module<typeof Pci>("linux/pci");
  const reports = () => bench.kernel.services.sanitizer.reports;
  return {
    ...bench,
    pci,
    dma: module("linux/dma-mapping"),
    slab: module("linux/slab"),
    delay: module("linux/delay"),
    interrupt: module("linux/interrupt"),
    module,
    bind: (probe, remove) => {
      const driver = {
        name: "test",
        id_table: [pci.PCI_DEVICE(0x1234, 0x11e8)],
        probe: (pdev: Pci.PciDev) => probe(pdev) ?? 0,
        ...(remove && { remove }),
      };
      pci.module_pci_driver(driver);
      bench.kernel.insertModule();
    },
    unbind: () => bench.kernel.removeModule(),
    log: () => bench.kernel.log.map(({ text }) => text),
    reports,
    checks: () => reports().map(({ check }) => check),
  };
}

/** Starts a transfer of edu between RAM and its own buffer, and waits until it is over. */
export function eduTransfer(
  { io, delay }: Pick<DriverBench, "io" | "delay">,
  regs: Io.IoMem,
  { handle, bytes, toRam }: { readonly handle: bigint; readonly bytes: number; readonly toRam: boolean },
): void {
  io.iowrite64(toRam ? 0x40000n : handle, regs, 0x80);
  io.iowrite64(toRam ? handle : 0x40000n, regs, 0x88);
  io.iowrite64(BigInt(bytes), regs, 0x90);
  io.iowrite64(toRam ? 3n : 1n, regs, 0x98);
  delay.mdelay(200);
}
