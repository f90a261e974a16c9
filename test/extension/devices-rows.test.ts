import { describe, expect, it } from "vitest";
import { devicesRows } from "../../extension/devices-rows";
import { registerRow } from "../../extension/register-row";
import { changedValues, redrawn } from "../../extension/row";
import type { WatchAccess } from "../../extension/watchpoint-spec";
import { demo, edu } from "./demo-state";

const source = {
  functions: demo.functions,
  mappings: demo.linux.mappings,
  watched: new Map<string, WatchAccess>(),
  changed: new Map<string, string>(),
  radix: 16,
} as const;

const rowsOf = (functions = demo.functions, watched: readonly [string, WatchAccess][] = []) =>
  devicesRows({ ...source, functions, watched: new Map(watched) });

const withFactorial = (value: `0x${string}`) => [
  ...demo.functions.slice(0, 2),
  {
    ...edu,
    bars: edu.bars.map((bar) => ({
      ...bar,
      registers: bar.registers.map((one) => (one.name === "FACTORIAL" ? { ...one, value } : one)),
    })),
  },
];

const factorial = "0000:01:00.0/BAR0/edu.FACTORIAL";

describe("the Devices tree", () => {
  it("puts a device below the port it is behind", () => {
    const rows = rowsOf();
    expect(rows.roots).toEqual(["0000:00:00.0", "0000:00:03.0"]);
    expect(rows.byId.get("0000:00:03.0")?.children).toEqual(["0000:01:00.0"]);
    expect(rows.byId.get("0000:01:00.0")?.parent).toBe("0000:00:03.0");
  });

  it("says class, vendor and device, address and driver of a function", () => {
    expect(rowsOf().byId.get("0000:01:00.0")?.description).toBe(
      "0000:01:00.0 · 1234:11e8 · Unclassified device [00ff] · driver edu",
    );
  });

  it("says kind, address and size of a BAR", () => {
    expect(rowsOf().byId.get("0000:01:00.0/BAR0")?.description).toBe("0x40000000 · 1 MiB · memory, 32-bit");
  });

  it("says why a BAR does not decode", () => {
    const row = rowsOf().byId.get("0000:01:00.0/BAR2");
    expect(row?.description).toBe("no address · 4 KiB · memory, 64-bit, prefetchable · not decoding");
    expect(row?.tooltip()).toContain("No address was assigned to it.");
    expect(row?.spoken).toContain("No address was assigned to it.");
  });

  it("shows a register's value at its width", () => {
    expect(rowsOf().byId.get(factorial)?.description).toBe("0x00000005 · rw · +0x8");
  });

  it("names a field's value where the table does", () => {
    const row = rowsOf().byId.get("0000:01:00.0/BAR0/edu.STATUS#COMPUTING");
    expect([row?.label, row?.description]).toEqual(["COMPUTING [0]", "1 · busy"]);
  });

  it("marks a watched register in icon, description and menus", () => {
    const row = rowsOf(demo.functions, [["edu.FACTORIAL", "w"]]).byId.get(factorial);
    expect(row).toMatchObject({ icon: "debug-breakpoint-data", context: "register rw watched address" });
    expect(row?.description).toContain("breaks on write");
  });

  it.each([
    [16, "0x00000081"],
    [10, "129"],
    [2, "0b0000_0000_0000_0000_0000_0000_1000_0001"],
  ] as const)("shows values in base %i", (radix, shown) => {
    const row = devicesRows({ ...source, radix }).byId.get("0000:01:00.0/BAR0/edu.STATUS");
    expect(row?.description).toBe(`${shown} · rw · +0x20`);
    expect(row?.value).toBe("0x00000081");
  });

  it("shows no value of what can only be written", () => {
    const ack = { ...edu.bars[0]!.registers[0]!, access: "wo", fields: [], value: "0xffffffff" } as const;
    const row = registerRow(ack, { parent: "x", configuration: false, way: () => "" }, source);
    expect(row.description).toBe("write-only · +0x0");
    expect(row.value).toBeUndefined();
    expect(row.tooltip()).not.toContain("ffffffff");
  });

  it("tells in a tooltip by which addresses a register is reached, and its bits", () => {
    const mapping = { virtual: "0xffffc90000000000", physical: "0x40000000", bytes: 4096 } as const;
    const mappings = [{ ...mapping, memoryType: "uncached-minus", owner: "edu" }];
    const text = devicesRows({ ...source, mappings })
      .byId.get("0000:01:00.0/BAR0/edu.STATUS")
      ?.tooltip();
    expect(text).toContain(
      "virtual `0xffffc90000000020` → physical `0x40000020` → bus `0x40000020` → BAR0 + `0x20`",
    );
    expect(text).toContain("0000 0000 0000 0000 0000 0000 1000 0001");
  });

  it("names what is written by F2: the register, or its field", () => {
    const rows = rowsOf();
    expect(rows.byId.get(factorial)?.writes).toBe("edu.FACTORIAL");
    expect(rows.byId.get("0000:01:00.0/BAR0/edu.STATUS#COMPUTING")?.writes).toBe("edu.STATUS.COMPUTING");
  });

  it("gives every row a parent that lists it", () => {
    const rows = rowsOf();
    for (const row of rows.byId.values()) {
      const siblings = row.parent === undefined ? rows.roots : rows.byId.get(row.parent)?.children;
      expect(siblings).toContain(row.id);
    }
  });
});

describe("a refresh", () => {
  it("redraws only the rows that differ", () => {
    expect(redrawn(rowsOf(), rowsOf(withFactorial("0x78")))).toEqual([factorial]);
  });

  it("redraws nothing when nothing differs", () => {
    expect(redrawn(rowsOf(), rowsOf())).toEqual([]);
  });

  it("redraws everything when the roots are others", () => {
    expect(redrawn(rowsOf(), rowsOf(demo.functions.slice(0, 1)))).toBe("all");
  });

  it("remembers what a changed value was", () => {
    expect([...changedValues(rowsOf(), rowsOf(withFactorial("0x78")))]).toEqual([[factorial, "0x00000005"]]);
  });

  it("marks a changed value by colour, in the description and in the tooltip", () => {
    const changed = new Map([[factorial, "0x00000001"]]);
    const row = devicesRows({ ...source, changed }).byId.get(factorial);
    expect(row?.color).toBe("charts.yellow");
    expect(row?.description).toBe("0x00000005 · rw · +0x8 · was 0x00000001");
    expect(row?.tooltip()).toContain("was `0x00000001`");
  });
});
