import { describe, expect, it } from "vitest";
import { devicesRows } from "../../extension/devices-rows";
import { plainId, registersRows } from "../../extension/registers-rows";
import { nativeRows } from "../../extension/watchpoint-row";
import { demo } from "./demo-state";

const devices = devicesRows({
  functions: demo.functions,
  mappings: [],
  watched: new Map(),
  changed: new Map(),
  radix: 16,
});
const status = "0000:01:00.0/BAR0/edu.STATUS";

describe("the Registers view", () => {
  it("shows a pinned register by its whole name, with its value and its fields", () => {
    const { roots, byId } = registersRows({ pinned: [status], recent: [] }, devices);
    expect(roots).toEqual(["pinned"]);
    expect(byId.get(`pinned ${status}`)).toMatchObject({ label: "edu.STATUS", value: "0x00000081" });
    expect(byId.get(`pinned ${status}#COMPUTING`)?.parent).toBe(`pinned ${status}`);
  });

  it("has rows of its own for a register that is pinned and has changed", () => {
    const { byId } = registersRows({ pinned: [status], recent: [status] }, devices);
    expect(plainId(byId.get(`recent ${status}`)?.id ?? "")).toBe(status);
    expect(byId.get(`pinned ${status}`)?.context).toContain("pinned");
    expect(byId.get(`recent ${status}`)?.context).not.toContain("pinned");
  });

  it("leaves out what the machine has not", () => {
    expect(registersRows({ pinned: ["0000:09:00.0/BAR0/nic.CTRL"], recent: [] }, devices).roots).toEqual([]);
  });
});

describe("the mirror of VS Code's data breakpoints", () => {
  it("hangs them below one heading", () => {
    const [heading, row] = nativeRows([{ target: "0x40000008+4", access: "w" }]);
    expect(heading).toMatchObject({
      label: "In the Breakpoints view",
      description: "1",
      children: [row?.id],
    });
    expect(row).toMatchObject({ label: "0x40000008+4", description: "write", parent: heading?.id });
  });

  it("is not there when there are none", () => {
    expect(nativeRows([])).toEqual([]);
  });
});
