import type { FunctionView } from "../emulator/machine/views";

/** The functions below each bridge, by its BDF, in the order of enumeration; under `undefined` those on a root bus. */
export type Families = ReadonlyMap<string | undefined, readonly FunctionView[]>;

export function familiesOf(functions: readonly FunctionView[]): Families {
  const known = new Set(functions.map(({ bdf }) => bdf));
  const families = new Map<string | undefined, FunctionView[]>();
  for (const view of functions) {
    const above = view.parent !== undefined && known.has(view.parent) ? view.parent : undefined;
    const family = families.get(above);
    if (family) family.push(view);
    else families.set(above, [view]);
  }
  return families;
}
