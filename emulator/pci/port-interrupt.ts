/**
 * The interrupt of a port itself: hot-plug events and error messages share one vector, or one line that is up while
 * either waits (PCIe Base Specification 6.7.3.4, 6.2.4.1.2).
 */
import type { FunctionSide } from "./place";

/** For each severity of Root Error Command, what of Root Error Status it reports. */
const ERRORS = { correctable: [1, 0x01], nonFatal: [2, 0x20], fatal: [4, 0x40] } as const;

const HOT_PLUG_INTERRUPT = 0x20;
/** Events of Slot Status that have an enable in the same place of Slot Control: button, presence, command completed. */
const HOT_PLUG_EVENTS = 0x19;
/** Data Link Layer State Changed, and its enable. */
const LINK_CHANGED = 0x100;
const LINK_ENABLE = 0x1000;

/** A hot-plug event is enabled and has happened. */
export function hotPlugPending(control: number, status: number): boolean {
  const link = (control & LINK_ENABLE) !== 0 && (status & LINK_CHANGED) !== 0;
  return (control & HOT_PLUG_INTERRUPT) !== 0 && (link || (control & status & HOT_PLUG_EVENTS) !== 0);
}

/** The severities, as bits of Root Error Command, that Root Error Status holds. */
export function severitiesOf(status: number): number {
  return Object.values(ERRORS).reduce((all, [severity, bits]) => (status & bits ? all | severity : all), 0);
}

/** An error arrived at this root port that Root Error Command reports. */
export function rootErrorPending({ config }: FunctionSide): boolean {
  if (!config.map["AER_ROOT_COMMAND"]) return false;
  return (config.value("AER_ROOT_COMMAND") & severitiesOf(config.value("AER_ROOT_STATUS"))) !== 0;
}

/** One of the causes changed: `now` is its condition, `rose` that it became true. */
export function updatePortInterrupt(
  port: FunctionSide,
  { now, rose }: { readonly now: boolean; readonly rose: boolean },
): void {
  if (rose && port.sendMessage(0)) return;
  if (port.messagesEnabled) return;
  port.setInterruptStatus(now || conditionOf(port));
}

function conditionOf(port: FunctionSide): boolean {
  if (port.quirks.on) return false;
  const { config } = port;
  const slot = config.map["EXP_SLTCTL"] !== undefined;
  return (
    (slot && hotPlugPending(config.value("EXP_SLTCTL"), config.value("EXP_SLTSTA"))) || rootErrorPending(port)
  );
}
