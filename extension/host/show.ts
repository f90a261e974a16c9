/** What the command line prints of a machine: text, for each command. */
import { formatExplanation } from "../../emulator/formats/explanation";
import { formatIomem, formatIoports, type Reader } from "../../emulator/formats/iomem";
import { formatLogLine } from "../../emulator/formats/log-line";
import { type LspciOptions, printLspci } from "../../emulator/formats/lspci/print";
import { formatProcDevices } from "../../emulator/formats/proc-devices";
import { formatTranslation } from "../../emulator/formats/translation";
import type { Kernel } from "../../emulator/linux/kernel";
import { resourceText, sysfsDevices } from "../../emulator/linux/sysfs";
import { Inspection } from "../../emulator/machine/inspect";
import { bootSide, type Side } from "./boot-side";
import { loadNames } from "./names";
import { writeSysfs } from "./sysfs-tree";

export type AssignFlag = Omit<Side, "machine">;

export type LspciFlags = AssignFlag & LspciOptions;

interface Booted {
  readonly kernel: Kernel;
  readonly inspection: Inspection;
}

function boot(name: string, { assign, whatIf = [] }: AssignFlag): Booted {
  const { machine, kernel } = bootSide({ machine: name, assign, whatIf });
  return { kernel, inspection: new Inspection(machine, loadNames()) };
}

export function lspci(name: string, flags: LspciFlags): string {
  return printLspci(sysfsDevices(boot(name, flags).kernel), { ...flags, names: loadNames() });
}

/** /proc/bus/pci/devices */
export function procDevices(name: string, flags: AssignFlag): string {
  return formatProcDevices(sysfsDevices(boot(name, flags).kernel));
}

/** Writes the folder `output`. */
export function sysfs(name: string, { output, ...flags }: AssignFlag & { readonly output: string }): void {
  writeSysfs(sysfsDevices(boot(name, flags).kernel), output);
}

export function iomem(name: string, flags: AssignFlag & Reader): string {
  return formatIomem(boot(name, flags).kernel.state().iomem, flags);
}

export function ioports(name: string, flags: AssignFlag & Reader): string {
  return formatIoports(boot(name, flags).kernel.state().ioports, flags);
}

/** sysfs `resource` of every function, by address. */
export function resource(name: string, flags: AssignFlag): string {
  const devices = boot(name, flags).kernel.devices.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return devices.map((dev) => `## ${dev.name}\n${resourceText(dev)}`).join("");
}

export function dmesg(name: string, flags: AssignFlag): string {
  const { log } = boot(name, flags).kernel;
  return log.map((line) => `${formatLogLine(line)}\n`).join("");
}

export function translate(
  name: string,
  address: string,
  { json, ...flags }: AssignFlag & { readonly json?: true },
): string {
  const translation = boot(name, flags).inspection.translate(address);
  return json ? `${JSON.stringify(translation, undefined, 2)}\n` : formatTranslation(translation);
}

export interface ExplainFlags extends AssignFlag {
  readonly json?: true;
  readonly write?: true;
  /** Digits. */
  readonly bytes?: string;
}

export function explain(
  name: string,
  address: string,
  { json, write, bytes, ...flags }: ExplainFlags,
): string {
  const { kernel, inspection } = boot(name, flags);
  const width = [1, 2, 4, 8].find((it) => String(it) === bytes) as 1 | 2 | 4 | 8 | undefined;
  const linux = kernel.state();
  const explanation = inspection.explain(address, {
    linux,
    ...(write && { write }),
    ...(width !== undefined && { bytes: width }),
  });
  return json ? `${JSON.stringify(explanation, undefined, 2)}\n` : formatExplanation(explanation);
}
