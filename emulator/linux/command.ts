/** The Command register, with the log line that Linux prints when it switches a device on. */
import { digits } from "../core/hex";
import type { Bdf } from "../pci/bdf";
import type { RunningKernel } from "./running-kernel";

const INTX_DISABLE = 0x400;

/** Lets a function assert its line, or keeps it from that (pci_intx); written only where it changes. */
export function setIntx({ config }: RunningKernel, bdf: Bdf, on: boolean): void {
  const old = config.read(bdf, 4, 2);
  const command = on ? old & ~INTX_DISABLE : old | INTX_DISABLE;
  if (command !== old) config.write(bdf, 4, { width: 2, value: command });
}

/** Sets bits that are not set yet. `name`: driver and device, as log lines begin. */
export function setCommand(
  { config, kernelLog }: RunningKernel,
  bdf: Bdf,
  { name, bits }: { readonly name: string; readonly bits: number },
): void {
  const old = config.read(bdf, 4, 2);
  const command = old | bits;
  if (command === old) return;
  kernelLog.info(`${name}: enabling device (${digits(old, 4)} -> ${digits(command, 4)})`);
  config.write(bdf, 4, { width: 2, value: command });
}
