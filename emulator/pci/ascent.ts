/**
 * The way of a function's own memory request (PCIe Base Specification 6.12, 7.5.1.3.8; PCI-to-PCI Bridge Architecture
 * 1.2, 4.1): up through the bridges above it, or across to a peer on a bus that several share: the inside of a switch,
 * or a conventional bus. Access Control Services of a switch's port send what goes across upward instead.
 * Not modelled: peers among the functions of one device, egress control, translated requests.
 */
import type { BusAddress } from "../core/address";
import { Bridge } from "./bridge";
import type { Bus } from "./bus";
import { PciFunction } from "./function";
import { leadsToLink } from "./link";
import type { FunctionSide } from "./place";
import { type Route, route } from "./route";

export type Ascent =
  | { readonly kind: "root" }
  | { readonly kind: "peer"; readonly route: Route & { kind: "bar" } }
  | { readonly kind: "dead"; readonly why: string };

const REQUEST_REDIRECT = 0x04;
const UPSTREAM_FORWARDING = 0x10;
const ROOT: Ascent = { kind: "root" };

export function ascend(from: FunctionSide, address: BusAddress): Ascent {
  let [at, redirected] = [from, false];
  for (let bus = busOf(at); bus?.bridge; bus = busOf(at)) {
    const { bridge } = bus;
    const peer = leadsToLink(bridge) ? undefined : peerOn(bus, at, address);
    if (peer && !redirects(at)) return { kind: "peer", route: peer };
    redirected ||= peer !== undefined;
    const window = redirected && letsUp(bridge) ? undefined : windowHolding(bridge, address);
    if (window)
      return { kind: "dead", why: `${window} holds this address, and a bridge sends nothing back up` };
    at = bridge;
  }
  return ROOT;
}

/** Who else on the bus claims the address. */
function peerOn(bus: Bus, from: FunctionSide, address: BusAddress): (Route & { kind: "bar" }) | undefined {
  const found = route(bus, address, "memory");
  if (found.kind === "dead" || found.function === from || found.passed[0]?.bridge === from) return undefined;
  return found;
}

/** What was redirected goes on up from the inside of its switch, and past a port above by Upstream Forwarding (6.12.1.1). */
function letsUp(bridge: FunctionSide): boolean {
  return !leadsToLink(bridge) || (control(bridge) & UPSTREAM_FORWARDING) !== 0;
}

/** P2P Request Redirect, at the port where the request came into the switch (PCIe 6.12.1.1). */
function redirects(port: FunctionSide): boolean {
  return (control(port) & REQUEST_REDIRECT) !== 0;
}

function control({ config }: FunctionSide): number {
  return config.map["ACS_CTRL"] ? config.value("ACS_CTRL") : 0;
}

function windowHolding(bridge: FunctionSide, address: BusAddress): string | undefined {
  if (!(bridge instanceof Bridge) || !bridge.decodes("memory")) return undefined;
  const window = bridge
    .windows()
    .find(({ kind, open, start, end }) => kind !== "io" && open && address >= start && address <= end);
  return window && `the ${window.kind} window of ${bridge.name}`;
}

function busOf(fn: FunctionSide): Bus | undefined {
  return fn instanceof PciFunction ? (fn.place?.bus as Bus | undefined) : undefined;
}
