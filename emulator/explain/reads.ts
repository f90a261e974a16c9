/** What is read on the way of an address: table entries and registers with their bits by name. By peek. */
import { hex } from "../core/hex";
import type { RegisterFile } from "../core/register-file";
import { bitRange, extract, type Field } from "../core/register-map";
import { bdfOf } from "../machine/watch-target";
import type { BitsRead, ReadOnTheWay } from "../machine/way-views";
import { memoryTypeOf } from "../mmu/memory-type";
import { type Entry, LEVEL_NAME, PTE } from "../mmu/page-table";
import type { PciFunction } from "../pci/function";

/** Throws RangeError for a name that the file does not have. */
export function readRegister(
  file: RegisterFile,
  { device, name, at }: { readonly device: string; readonly name: string; readonly at: string },
): ReadOnTheWay {
  const value = file.get(name);
  const fields = Object.entries(file.map[name]?.fields ?? {});
  return {
    what: `${device}.${name}`,
    at,
    value: hex(value),
    bits: fields.map(([field, declared]) => bitsOf(field, declared, value)),
  };
}

/** A register of a function's configuration space. */
export function readConfig(fn: PciFunction, name: string): ReadOnTheWay {
  const at = `${bdfOf(fn)}+${hex(fn.config.map[name]?.at ?? 0)}`;
  return readRegister(fn.config, { device: `${fn.name}.config`, name, at });
}

/** Those of the names that the function has. */
export function readConfigs(fn: PciFunction, names: readonly string[]): readonly ReadOnTheWay[] {
  return names.filter((name) => fn.config.map[name]).map((name) => readConfig(fn, name));
}

function bitsOf(name: string, field: Field, value: bigint): BitsRead {
  const bits = extract(value, field);
  const [meaning] = Object.entries(field.values ?? {}).find(([, it]) => BigInt(it) === bits) ?? [];
  return { name, bits: bitRange(field), value: hex(bits), ...(meaning !== undefined && { meaning }) };
}

// biome-ignore format: a table, as in the manual
const ENTRY_BITS: readonly (readonly [name: string, bit: number, set: string, clear: string])[] = [
  ["P", 0, "present", "not present"],
  ["RW", 1, "writable", "read-only"],
  ["US", 2, "user", "supervisor"],
  ["PWT", 3, "", ""],
  ["PCD", 4, "", ""],
  ["A", 5, "accessed", ""],
  ["D", 6, "dirty", ""],
  ["PS", 7, "", ""],
  ["G", 8, "global", ""],
  ["XD", 63, "no execute", ""],
];
const LEAF = 1;

/** An entry of a page table (Intel SDM vol. 3A, 4.5.4). */
export function readEntry(entry: Entry): ReadOnTheWay {
  const value = entryValue(entry);
  const flags = ENTRY_BITS.map(([name, bit, set, clear]): BitsRead => {
    const on = (value >> BigInt(bit)) & 1n;
    const meaning = on ? set : clear;
    const called = name === "PS" && entry.level === LEAF ? "PAT" : name;
    return { name: called, bits: [bit, bit], value: hex(on), ...(meaning && { meaning }) };
  });
  const frame = (value >> 12n) & 0xff_ffff_ffffn;
  const address: BitsRead = { name: "ADDRESS", bits: [51, 12], value: hex(frame << 12n) };
  return { what: LEVEL_NAME[entry.level], at: hex(entry.at), value: hex(value), bits: [...flags, address] };
}

export function entryValue({ low, high }: Entry): bigint {
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}

/** It maps a page; otherwise it points to the next table. */
export function isLeaf({ level, low }: Entry): boolean {
  return level === LEAF || (level < 4 && (low & PTE.LARGE) !== 0);
}

export function pageType({ low, level }: Entry) {
  return memoryTypeOf(low, level);
}
