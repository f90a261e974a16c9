/**
 * The way of an interrupt, asked for as `edu.interrupt` or `nic.interrupt.2`: from the function by message or by line to
 * the handler, and where it is lost (PCIe Base Specification 6.1, 7.7; Linux kernel/irq).
 */
import { irqOfVector } from "../linux/irq-numbers";
import type { Hardware } from "../machine/hardware";
import { functionNamed } from "../machine/register-names";
import type { LinuxState } from "../machine/views";
import type { Explanation, Hop } from "../machine/way-views";
import type { PciFunction } from "../pci/function";
import { type Cause, decider, decides, setField } from "./cause";
import { heldCause } from "./dma-cause";
import { REQUEST_IRQ, VECTORS } from "./driver-lines";
import { dead } from "./ending";
import { type Interrupting, type Message, messageOf } from "./interrupt-message";
import { readConfigs } from "./reads";
import { heldBack } from "./upstream";

/** `edu.interrupt` */
export function interruptOf(machine: Hardware, text: string): Interrupting | undefined {
  const [, name = "", vector = "0"] = /^(.+)\.interrupt(?:\.(\d+))?$/.exec(text) ?? [];
  const fn = functionNamed(machine, name);
  return fn && { function: fn, vector: Number(vector) };
}

interface Way {
  readonly hops: readonly Hop[];
  readonly cause?: Cause;
  readonly notes?: readonly string[];
}

export function explainInterrupt(
  machine: Hardware,
  interrupting: Interrupting,
  { input, linux }: { readonly input: string; readonly linux: LinuxState | undefined },
): Explanation {
  const { function: fn, vector } = interrupting;
  const start: Hop = {
    kind: "function",
    title: `${fn.name} raises interrupt ${vector}`,
    facts: [],
    reads: readConfigs(fn, ["COMMAND", "MSI_FLAGS", "MSIX_FLAGS"]),
  };
  const message = messageOf(machine, interrupting);
  const way = message ? byMessage(fn, message, linux) : byLine(machine, fn, linux);
  const { cause } = way;
  const hops = [start, ...way.hops, ...(cause ? [dead("Lost", "nothing")] : [])];
  return {
    input,
    access: "write",
    bytes: 4,
    initiator: fn.name,
    answered: cause === undefined,
    hops,
    ...(cause && { dies: hops.length - 1 }),
    sentence: cause ? `An interrupt of ${fn.name} is lost: ${cause.why}` : arrives(fn, way),
    ...(cause?.decides && { decides: cause.decides }),
    sees: cause ? "no interrupt: no handler runs" : "the handler runs",
    status: [],
    log: cause?.log ?? [],
    mends: cause?.mends ?? [],
    notes: [...(cause?.notes ?? []), ...(way.notes ?? [])],
  };
}

function arrives(fn: PciFunction, { hops }: Way): string {
  return `An interrupt of ${fn.name} arrives: ${hops.at(-1)?.title ?? "its handler runs"}`;
}

function byMessage(fn: PciFunction, message: Message, linux: LinuxState | undefined): Way {
  const { hops, cause, notes, data } = message;
  if (cause) return { hops, cause, notes };
  const held = heldBack(fn);
  if (held) return { hops, cause: heldCause(held.by, fn), notes };
  const irq = irqOfVector(data & 0xff);
  return { ...toHandler(irq, { hops, linux }), notes };
}

function byLine(machine: Hardware, fn: PciFunction, linux: LinuxState | undefined): Way {
  if (fn.interruptPin === 0) return { hops: [], cause: noPin(fn) };
  const gsi = machine.root.gsiOf(fn);
  const level = (machine.root.interrupts.levels >>> gsi) & 1;
  const line: Hop = {
    kind: "interrupt",
    title: `INT${"ABCD"[fn.interruptPin - 1]} is wired to input ${gsi}`,
    facts: [{ label: "level now", value: level ? "asserted" : "deasserted" }],
    reads: readConfigs(fn, ["STATUS", "INTERRUPT_PIN"]),
  };
  if (fn.command.intxDisable) return { hops: [line], cause: intxOff(fn) };
  if (!fn.answers) return { hops: [line], cause: { why: `${fn.name} is not there any more` } };
  return { ...toHandler(gsi, { hops: [line], linux }), notes: stuck(fn, level === 1) };
}

function toHandler(
  irq: number,
  { hops, linux }: { readonly hops: readonly Hop[]; readonly linux: LinuxState | undefined },
): Way {
  const views = linux?.interrupts.filter((it) => it.irq === irq) ?? [];
  const hop = (title: string, count: string): Hop => ({
    kind: "interrupt",
    title,
    facts: [{ label: "so far", value: count }],
  });
  if (views.length > 0 || !linux) {
    const names = views.map(({ name }) => name).join(", ");
    return {
      hops: [...hops, hop(`handler of interrupt ${irq}${names && `: ${names}`}`, `${views[0]?.count ?? 0}`)],
    };
  }
  const cause: Cause = {
    why: `nobody has asked for interrupt ${irq}: request_irq() was not called for it, or free_irq() was`,
    mends: [
      { sentence: `Ask for interrupt ${irq}: pci_irq_vector(pdev, 0) tells its number`, edit: REQUEST_IRQ },
    ],
  };
  return { hops: [...hops, hop(`interrupt ${irq}`, "no handler")], cause };
}

function noPin(fn: PciFunction): Cause {
  const flags = ["MSIX_FLAGS", "MSI_FLAGS"].find((name) => fn.config.map[name]);
  const why = `${fn.name} has no INTx pin, and message interrupts are off`;
  if (!flags) return { why: `${fn.name} has no interrupts at all: no INTx pin, no MSI, no MSI-X` };
  const bit = decider(fn, flags, { field: "ENABLE", wants: "1" });
  const sentence =
    "Ask for message vectors: pci_alloc_irq_vectors(); its return value says how many there are";
  return { why: `${why}: ${decides("Enable", bit)}`, decides: bit, mends: [{ sentence, edit: VECTORS }] };
}

function intxOff(fn: PciFunction): Cause {
  const bit = decider(fn, "COMMAND", { field: "INTX_DISABLE", wants: "0" });
  return {
    why: `its line is held back: ${decides("INTx Disable", bit)}, and message interrupts are off`,
    decides: bit,
    mends: [
      setField(fn, "COMMAND", {
        field: "INTX_DISABLE",
        value: 0,
        sentence: "Let it assert its line, or switch message interrupts on",
        edit: VECTORS,
      }),
    ],
  };
}

/** A level stays until the device is told that it was heard. */
function stuck(fn: PciFunction, asserted: boolean): readonly string[] {
  const pending = fn.config.value("STATUS") & 8;
  if (!pending) return [];
  const line = asserted ? "its line is asserted" : "its line is held back";
  return [
    `${fn.name} waits for an acknowledgement (Interrupt Status, bit 3 of ${fn.name}.config.STATUS, is 1, and ${line}): a handler that returns without clearing the cause in the device is called again at once.`,
  ];
}
