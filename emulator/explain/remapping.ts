/** A table entry of DMA remapping as a hop (Intel VT-d 3.4, 9.1 to 9.8). */
import { hex } from "../core/hex";
import { extract } from "../core/register-map";
import type { RemapStep } from "../iommu/remapping-tables";
import type { BitsRead, Hop } from "../machine/way-views";

type Bits = readonly [name: string, msb: number, lsb: number, meanings?: readonly string[]];

const ABSENT = ["not present", "present"];

// biome-ignore format: a table, as in the specification
const LOW: Readonly<Record<RemapStep["table"], readonly Bits[]>> = {
  root: [["P", 0, 0, ABSENT], ["CTP", 63, 12]],
  context: [["P", 0, 0, ABSENT], ["FPD", 1, 1], ["TT", 3, 2, ["translated", "", "passed through"]], ["SLPTPTR", 63, 12]],
  "second-level": [["R", 0, 0, ["no reads", "reads"]], ["W", 1, 1, ["no writes", "writes"]], ["SP", 7, 7], ["ADDR", 51, 12]],
};
// biome-ignore format: a table, as in the specification
const HIGH: readonly Bits[] = [["AW", 66, 64, ["", "3 levels", "4 levels"]], ["DID", 87, 72]];

const TITLE = { root: "Root entry", context: "Context entry", "second-level": "Second-level entry" } as const;

export function remapHop({ table, level, index, at, low, high }: RemapStep): Hop {
  const value = low | ((high ?? 0n) << 64n);
  const bits = table === "context" ? [...LOW.context, ...HIGH] : LOW[table];
  const title = level === undefined ? TITLE[table] : `${TITLE[table]}, level ${level}`;
  return {
    kind: "iommu",
    title,
    facts: [
      { label: "index", value: String(index) },
      { label: "entry at", value: hex(at) },
      { label: "entry", value: hex(low) },
      ...(high === undefined ? [] : [{ label: "upper half", value: hex(high) }]),
    ],
    reads: [{ what: title, at: hex(at), value: hex(low), bits: bits.map((it) => bitsOf(it, value)) }],
  };
}

function bitsOf([name, msb, lsb, meanings = []]: Bits, value: bigint): BitsRead {
  const bits = extract(value, { bits: [msb, lsb] });
  const meaning = meanings[Number(bits)];
  return { name, bits: [msb, lsb], value: hex(bits), ...(meaning && { meaning }) };
}
