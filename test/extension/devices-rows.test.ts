import { describe, expect, it } from "vitest";
import { devicesRows } from "../../extension/devices-rows";
import { changedValues, redrawn } from "../../extension/row";
import type { WatchAccess } from "../../extension/watchpoint-spec";
import { demo, edu } from "./demo-state";

const rowsOf = (functions = demo.functions, watched: readonly [string, WatchAccess][] = []) =>
  devicesRows({ functions, watched: new Map(watched), changed: new Map() });

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

  it("marks a watched register in icon, description, menus and speech", () => {
    const row = rowsOf(demo.functions, [["edu.FACTORIAL", "w"]]).byId.get(factorial);
    expect(row).toMatchObject({ icon: "debug-breakpoint-data", context: "register rw watched address" });
    expect(row?.description).toContain("breaks on write");
    expect(row?.spoken).toContain("watched for write");
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

  it("marks a changed value by colour and in the tooltip", () => {
    const changed = new Map([[factorial, "0x00000001"]]);
    const row = devicesRows({ functions: demo.functions, watched: new Map(), changed }).byId.get(factorial);
    expect(row?.color).toBe("charts.yellow");
    expect(row?.tooltip()).toContain("was `0x00000001`");
  });
});
