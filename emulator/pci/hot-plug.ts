/**
 * Cards that come and go while the machine runs (PCIe Base Specification 6.7). What is gone answers nothing: reads are
 * all ones from then on, and its own requests end nowhere. Functions to come are declared with the machine, absent.
 */
import { Bridge, powerUp } from "./bridge";
import type { PciFunction } from "./function";

/** Puts a card into its slot, as it comes from its box. */
export function insert(fn: PciFunction): void {
  powerUp(fn);
  fn.present = true;
  slotOf(fn)?.inserted();
}

/** Pulls a card out without a warning: all functions of its bus. */
export function pullOut(fn: PciFunction): void {
  const port = fn.place?.bus.bridge;
  if (port instanceof Bridge) port.eject();
  else fn.present = false;
  slotOf(fn)?.removed();
}

/** The link below a port fails, or comes back: the card is there all the time, and what it held is lost when it returns. */
export function setLink(port: Bridge, up: boolean): void {
  for (const fn of port.below?.functions ?? []) if (fn.cut("UNLINKED", !up)) fn.resetBy("hot");
  port.settleLink();
}

/** Presses the Attention Button of a slot: the polite way to take a card out, or to have one taken in (PCIe 6.7.1.5). */
export function pressButton(port: Bridge): void {
  port.slot?.pressAttentionButton();
}

function slotOf({ place }: PciFunction): Bridge["slot"] {
  return place?.bus.bridge instanceof Bridge ? place.bus.bridge.slot : undefined;
}
