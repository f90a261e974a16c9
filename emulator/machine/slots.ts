/** A hand at the slots: cards in and out, the Attention Button, links that fail. */
import { Bridge } from "../pci/bridge";
import type { PciFunction } from "../pci/function";
import { insert, pressButton, pullOut, setLink } from "../pci/hot-plug";
import type { Machine } from "./machine";

export const SLOT_ACTS = ["in", "out", "button", "link-down", "link-up"] as const;
export type SlotAct = (typeof SLOT_ACTS)[number];

/** `device` is a card, or for the button and the link the port above it. Throws a sentence. */
export function actAtSlot(machine: Machine, device: string, act: SlotAct): void {
  const fn = machine.devices.find((it) => it.function.name === device)?.function;
  if (!fn) throw new Error(`This machine has no device ${device}.`);
  if (act === "in" && fn.present) throw new Error(`${device} is plugged in already: take it out first.`);
  if (act === "out" && !fn.present) throw new Error(`${device} is not plugged in: put it in first.`);
  if (act === "in") insert(fn);
  else if (act === "out") pullOut(fn);
  else actAtPort(fn, act);
}

function actAtPort(fn: PciFunction, act: "button" | "link-down" | "link-up"): void {
  const above = fn.place?.bus.bridge;
  const port = fn instanceof Bridge && fn.slot ? fn : above;
  if (!(port instanceof Bridge)) throw new Error(`${fn.name} is in no slot: it is on a root bus.`);
  if (act === "button") pressButton(port);
  else setLink(port, act === "link-up");
}
