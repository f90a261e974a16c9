/** What the command line prints of a machine: text, for each command. */
import { Arena } from "../../emulator/core/arena";
import { formatIomem, formatIoports } from "../../emulator/formats/iomem";
import {
  formatLspci,
  formatMachineReadable,
  formatTree,
  type LspciOptions,
} from "../../emulator/formats/lspci";
import { formatTranslation } from "../../emulator/formats/translation";
import { type AssignPolicy, Kernel } from "../../emulator/linux/kernel";
import { resourceText } from "../../emulator/linux/sysfs";
import { Inspection } from "../../emulator/machine/inspect";
import { Machine } from "../../emulator/machine/machine";
import { describeMachine } from "./machine-file";
import { loadNames } from "./names";

export interface AssignFlag {
  /** By default `as-is` for an imported machine, `scratch` for others. */
  readonly assign?: AssignPolicy;
}

export interface LspciFlags extends AssignFlag {
  readonly t?: true;
  readonly v?: true;
  /** How often `-n` and `-m` were given. */
  readonly n?: number;
  readonly m?: number;
  readonly D?: true;
}

/** What the command line was asked for does not exist in this version; the message says what does. */
export class NotYet extends Error {}

interface Booted {
  readonly kernel: Kernel;
  readonly inspection: Inspection;
}

function boot(name: string, { assign }: AssignFlag): Booted {
  const machine = new Machine(describeMachine(name), Arena.create());
  const kernel = new Kernel(machine);
  kernel.boot(assign);
  return { kernel, inspection: new Inspection(machine, loadNames()) };
}

export function lspci(name: string, flags: LspciFlags): string {
  const { kernel, inspection } = boot(name, flags);
  const functions = inspection.functions(kernel.state());
  if (flags.t) return formatTree(functions, { names: flags.v === true });
  if (flags.m) return machineReadable(functions, flags);
  if (flags.v)
    throw new NotYet(
      "lspci -v is not in this version yet: use lspci, lspci -t, lspci -tv, lspci -n, lspci -nn or lspci -n -mm",
    );
  const options: LspciOptions = { numbers: NUMBERS[flags.n ?? 0] ?? "both", domain: flags.D === true };
  return formatLspci(functions, options);
}

const NUMBERS: readonly LspciOptions["numbers"][] = ["none", "only", "both"];

function machineReadable(
  functions: Parameters<typeof formatMachineReadable>[0],
  { m, n, D }: LspciFlags,
): string {
  if (m === 2 && n === 1) return formatMachineReadable(functions, { domain: D === true });
  throw new NotYet("Of the machine-readable forms, this version has lspci -n -mm");
}

export function iomem(name: string, flags: AssignFlag): string {
  return formatIomem(boot(name, flags).kernel.state().iomem);
}

export function ioports(name: string, flags: AssignFlag): string {
  return formatIoports(boot(name, flags).kernel.state().ioports);
}

/** sysfs `resource` of every function, by address. */
export function resource(name: string, flags: AssignFlag): string {
  const devices = boot(name, flags).kernel.devices.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return devices.map((dev) => `## ${dev.name}\n${resourceText(dev)}`).join("");
}

export function dmesg(name: string, flags: AssignFlag): string {
  const { log } = boot(name, flags).kernel;
  return log.map(({ time, text }) => `[${(time / 1e9).toFixed(6).padStart(12)}] ${text}\n`).join("");
}

export function translate(
  name: string,
  address: string,
  { json, ...flags }: AssignFlag & { readonly json?: true },
): string {
  const translation = boot(name, flags).inspection.translate(address);
  return json ? `${JSON.stringify(translation, undefined, 2)}\n` : formatTranslation(translation);
}
