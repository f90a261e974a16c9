/**
 * Addresses that two functions of one bus claim. The specification leaves open what happens; here the lower device and
 * function number wins (route.ts), and this says where it does.
 */
import { Bridge } from "./bridge";
import type { Bus } from "./bus";
import type { PciFunction } from "./function";

interface Claim {
  readonly function: PciFunction;
  readonly what: string;
  readonly space: "io" | "memory";
  readonly start: bigint;
  /** Inclusive. */
  readonly end: bigint;
}

/** One sentence for each pair, on this bus and those below. */
export function overlaps(bus: Bus): readonly string[] {
  const claims = bus.functions.flatMap(claimsOf);
  const here = claims.flatMap((first, index) =>
    claims.slice(index + 1).flatMap((second) => (overlap(first, second) ? [sentence(first, second)] : [])),
  );
  const below = bus.functions.flatMap((fn) => (fn instanceof Bridge && fn.below ? overlaps(fn.below) : []));
  return [...here, ...below];
}

function claimsOf(fn: PciFunction): readonly Claim[] {
  const bars = fn.bars
    .filter(({ kind, base }) => base !== 0n && fn.decodes(kind === "io" ? "io" : "memory"))
    .map(({ index, kind, base, size }) => {
      const space = kind === "io" ? ("io" as const) : ("memory" as const);
      return { function: fn, what: `BAR ${index}`, space, start: base, end: base + BigInt(size) - 1n };
    });
  const windows = (fn instanceof Bridge ? fn.windows() : [])
    .filter(({ kind, open }) => open && fn.decodes(kind === "io" ? "io" : "memory"))
    .map(({ kind, start, end }) => {
      const space = kind === "io" ? ("io" as const) : ("memory" as const);
      return { function: fn, what: `the ${kind} window`, space, start, end };
    });
  return [...bars, ...windows];
}

function overlap(a: Claim, b: Claim): boolean {
  return a.function !== b.function && a.space === b.space && a.start <= b.end && b.start <= a.end;
}

function sentence(first: Claim, second: Claim): string {
  const name = ({ function: fn, what }: Claim) => `${what} of ${fn.name}`;
  return `${name(first)} and ${name(second)} claim the same addresses: ${first.function.name} answers`;
}
