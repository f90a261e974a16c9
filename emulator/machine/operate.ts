/** What a person at the bench does to the machine, as data that crosses threads: its analyser, its faults, its interrupts. */
import type { FaultCampaign, FaultRule } from "../pci/fault-injection";
import type { Machine } from "./machine";
import type { PostingWish } from "./posting";
import { functionNamed } from "./register-names";
import { actAtSlot, type SlotAct } from "./slots";

export type Operation =
  | { readonly do: "trace"; readonly to: "on" | "off" | "clear" }
  /** Replaces the rules: they count from here on. */
  | { readonly do: "inject"; readonly rules: readonly FaultRule[] }
  /** The device interrupts, for no reason of its own. */
  | { readonly do: "raise"; readonly device: string }
  /** A card comes or goes, a link fails; Linux has yet to hear of it. */
  | { readonly do: "slot"; readonly act: SlotAct; readonly device: string }
  /** How long writes may be on their way. */
  | ({ readonly do: "posting" } & PostingWish)
  | { readonly do: "campaign"; readonly faults: FaultCampaign }
  /** Another thread has replaced what the arena holds: nothing that was cached is true. */
  | { readonly do: "restored" };

export function operate(machine: Machine, operation: Operation): void {
  const { fabric } = machine.root;
  if (operation.do === "trace") {
    if (operation.to === "clear") fabric.trace.clear();
    else fabric.trace.on = operation.to === "on";
  } else if (operation.do === "inject") {
    fabric.faults.clear();
    for (const rule of operation.rules) fabric.faults.add(rule);
  } else if (operation.do === "slot") actAtSlot(machine, operation.device, operation.act);
  else if (operation.do === "posting") machine.posting = operation;
  else if (operation.do === "campaign") fabric.faults.begin(operation.faults);
  else if (operation.do === "raise") functionNamed(machine, operation.device)?.raise();
  else machine.cpu.flush();
}
