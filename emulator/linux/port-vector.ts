/**
 * The interrupt of a port's services (drivers/pci/pcie/portdrv.c, pcie_init_service_irqs): a message where the port has
 * MSI or MSI-X, else its line, which it shares.
 */
import { highHalf, lowHalf, offset, physical } from "../core/address";
import { MSI_ID } from "../pci/capabilities/msi";
import { MSIX_ID } from "../pci/capabilities/msix";
import { setIntx } from "./command";
import { IRQ_HANDLED, IRQ_NONE, IRQF_SHARED } from "./irq";
import { irqOfVector } from "./irq-numbers";
import type { PciDev } from "./pci-dev";
import type { RunningKernel } from "./running-kernel";

const MESSAGES = 0xfee00000;
const ENTRY_BYTES = 16;

interface Service {
  readonly name: string;
  /** Whether it was the port's. */
  readonly run: () => boolean;
}

export function requestPortInterrupt(kernel: RunningKernel, port: PciDev, service: Service): void {
  const { config, irq } = kernel;
  const [msi, msix] = [MSI_ID, MSIX_ID].map((id) => config.findCapability(port.bdf, id));
  const own = () => irq.allocateOwn(service.name, () => void service.run());
  if (msix && entryOf(kernel, port, msix) !== undefined) enableMsix(kernel, port, { at: msix, data: own() });
  else if (msi) enableMsi(kernel, port, { at: msi, data: own() });
  else if (port.irq) {
    const handler = () => (service.run() ? IRQ_HANDLED : IRQ_NONE);
    irq.request(port.irq, { handler, name: service.name, devId: service, flags: IRQF_SHARED });
  }
}

interface Message {
  /** Of the capability. */
  readonly at: number;
  readonly data: number;
}

function enableMsi(kernel: RunningKernel, port: PciDev, { at, data }: Message): void {
  const { config } = kernel;
  const { bdf } = port;
  const flags = config.read(bdf, at + 2, 2);
  const wide = (flags & 0x80) !== 0;
  config.write32(bdf, at + 4, MESSAGES);
  if (wide) config.write32(bdf, at + 8, 0);
  config.write(bdf, at + (wide ? 12 : 8), { width: 2, value: data });
  setIntx(kernel, bdf, false);
  config.write(bdf, at + 2, { width: 2, value: flags | 1 });
  port.irq = irqOfVector(data);
}

/** The physical address of the first entry of the table, if its BAR has a place. */
function entryOf({ config }: RunningKernel, { bdf, resource }: PciDev, at: number): number | undefined {
  const table = config.read32(bdf, at + 4);
  const bar = resource[table & 7];
  return bar?.parent ? bar.start + (table & ~7) : undefined;
}

function enableMsix(kernel: RunningKernel, port: PciDev, { at, data }: Message): void {
  const { config, vmalloc, machine } = kernel;
  const entry = vmalloc.ioremap(physical(entryOf(kernel, port, at) ?? 0), {
    bytes: ENTRY_BYTES,
    owner: "pcieport",
  });
  if (entry === null) return;
  for (const [word, value] of [MESSAGES, 0, data, 0].entries()) {
    const there = offset(entry, word * 4);
    machine.cpu.write32(highHalf(there), lowHalf(there), value);
  }
  vmalloc.iounmap(entry);
  setIntx(kernel, port.bdf, false);
  config.write(port.bdf, at + 2, { width: 2, value: (config.read(port.bdf, at + 2, 2) & ~0x4000) | 0x8000 });
}
