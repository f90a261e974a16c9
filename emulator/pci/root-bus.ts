/** The root bus above a function: it says the segment, and which windows of the host bridge lead there. */
import { formatBdf } from "./bdf";
import { Bus } from "./bus";
import type { FunctionSide } from "./place";

export function rootBusOf({ place }: Pick<FunctionSide, "place">): Bus | undefined {
  let bus = place?.bus;
  while (bus?.bridge?.place) bus = bus.bridge.place.bus;
  return bus instanceof Bus ? bus : undefined;
}

/** `0000:01:00.0`; empty for a function without a place. */
export function bdfText(fn: Pick<FunctionSide, "place"> | undefined): string {
  const { place } = fn ?? {};
  if (!fn || !place) return "";
  const { bus, device, function: number } = place;
  return formatBdf({ segment: rootBusOf(fn)?.segment ?? 0, bus: bus.number, device, function: number });
}
