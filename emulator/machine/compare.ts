/**
 * Two boots side by side: which BARs, ROMs and windows moved, grew, lost their place or got one. Functions are found
 * again by their way from the root bus, for bus numbers may have changed.
 */
import type { AddressView, Comparison, Difference } from "./boot-views";

/** One boot: what it is called, and where everything lies. */
export interface Boot {
  readonly title: string;
  readonly addresses: readonly AddressView[];
}

const FIRST_WINDOW = 13;

export function compare(before: Boot, after: Boot): Comparison {
  const old = byKey(before.addresses);
  const now = byKey(after.addresses);
  const keys = [...new Set([...old.keys(), ...now.keys()])];
  const found = keys.map((key) => differenceOf(old.get(key), now.get(key), { before, after }));
  const differences = found.filter((it) => it !== undefined);
  return {
    before: before.title,
    after: after.title,
    same: found.length - differences.length,
    differences,
  };
}

function byKey(addresses: readonly AddressView[]): ReadonlyMap<string, AddressView> {
  return new Map(addresses.map((it) => [`${it.path} ${it.index}`, it]));
}

interface Boots {
  readonly before: Boot;
  readonly after: Boot;
}

function differenceOf(
  before: AddressView | undefined,
  after: AddressView | undefined,
  boots: Boots,
): Difference | undefined {
  const change = changeOf(before, after);
  const either = after ?? before;
  if (!change || !either) return undefined;
  return {
    change,
    what: `${either.bdf} ${either.name}`,
    ...(before && { before }),
    ...(after && { after }),
    why: whyOf(change, { before, after, boots }),
  };
}

function changeOf(
  before: AddressView | undefined,
  after: AddressView | undefined,
): Difference["change"] | undefined {
  // What a recording did not list has no place here, either.
  if (!before) return after?.range && "new";
  if (!after) return "gone";
  if (before.ids !== after.ids) return "replaced";
  if (before.range && !after.range) return "lost";
  if (!before.range && after.range) return "placed";
  if (before.size !== after.size) return "resized";
  return before.range?.start === after.range?.start ? undefined : "moved";
}

interface Pair {
  readonly before: AddressView | undefined;
  readonly after: AddressView | undefined;
  readonly boots: Boots;
}

function whyOf(change: Difference["change"], { before, after, boots }: Pair): string {
  if (change === "lost") return after?.reason ?? "It has no place any more";
  if (change === "replaced") return `${after?.ids ?? ""} is in the place of ${before?.ids ?? ""}`;
  if (change === "gone" && before)
    return functionIn(boots.after, before) ? "Nobody needs it" : "It is not there";
  if (change !== "moved" || !before || !after) return "";
  const window = windowAround(after, boots.after);
  const windowBefore = window && boots.before.addresses.find((it) => sameResource(it, window));
  if (window && windowBefore?.range?.start !== window.range?.start)
    return `It moved with the window of ${window.bdf}`;
  const there = boots.after.addresses.find((it) => overlaps(it, before) && !isAround(it, after));
  return there ? `${there.bdf} ${there.name} lies there now` : "";
}

function functionIn({ addresses }: Boot, { path }: AddressView): boolean {
  return addresses.some((it) => it.path === path);
}

/** The window of the bridge above that holds it. */
function windowAround(address: AddressView, { addresses }: Boot): AddressView | undefined {
  const above = address.path.slice(0, address.path.lastIndexOf("/"));
  return addresses.find(
    (it) => it.path === above && it.index >= FIRST_WINDOW && it.space === address.space && holds(it, address),
  );
}

/** On the way from the root bus to it, it itself included. */
function isAround(it: AddressView, { path }: AddressView): boolean {
  return it.index >= FIRST_WINDOW ? path === it.path || path.startsWith(`${it.path}/`) : it.path === path;
}

function sameResource(a: AddressView, b: AddressView): boolean {
  return a.path === b.path && a.index === b.index;
}

function holds(outer: AddressView, inner: AddressView): boolean {
  if (!outer.range || !inner.range) return false;
  return (
    BigInt(outer.range.start) <= BigInt(inner.range.start) &&
    BigInt(inner.range.end) <= BigInt(outer.range.end)
  );
}

function overlaps(a: AddressView, b: AddressView): boolean {
  if (!a.range || !b.range || a.space !== b.space) return false;
  return BigInt(a.range.start) <= BigInt(b.range.end) && BigInt(b.range.start) <= BigInt(a.range.end);
}
