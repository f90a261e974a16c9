/** `irq`: interrupts, who handles them and what became of the last ones. */
import type { Control } from "../../control";
import { lastRows } from "./trace";
import type { Verb } from "./verb";

const SHOWN = 8;

export const irq: Verb = {
  usage: "irq [DEVICE]",
  does: "/proc/interrupts and what became of the last ones; with a device: it interrupts now",
  words: ({ machine }) => machine.devices.map(({ function: fn }) => fn.name),
  async run(control, [device]) {
    if (device === undefined) return [...handlers(control), ...fates(control)].join("\n");
    if (!control.machine.devices.some(({ function: fn }) => fn.name === device))
      throw new Error(`This machine has no device ${device}.`);
    await control.bench.operate({ do: "raise", device });
    return fates(control).join("\n");
  },
};

function handlers({ linux: { interrupts } }: Control): string[] {
  if (interrupts.length === 0) return ["No driver has asked for an interrupt."];
  const title = `${" ".repeat(15)}CPU0`;
  const row = ({ irq: number, count, kind, name }: (typeof interrupts)[number]) =>
    `${`${number}`.padStart(4)}: ${`${count}`.padStart(13)}   ${kind === "msi" ? "PCI-MSI " : "IO-APIC "}  ${name}`;
  return [title, ...interrupts.map(row)];
}

function fates(control: Control): string[] {
  const { rows } = lastRows(control, { count: SHOWN, lanes: ["interrupt"] });
  return rows.map(({ time, target, initiator, what }) => {
    const device = initiator === "" ? "" : ` of ${initiator}`;
    return `${(time / 1e9).toFixed(9)}  ${target}${device}: ${what}`;
  });
}
