import { describe, expect, it } from "vitest";
import { panelState } from "../../extension/panel-state";
import { changedRegisters } from "../../webview/view-model/changes";
import { stops } from "../../webview/view-model/path";
import { branches, chosenDevice, moved } from "../../webview/view-model/topology";
import { demo, edu } from "../extension/demo-state";

const state = panelState(demo, new Map());

describe("the topology", () => {
  it("hangs an endpoint below the port it is behind", () => {
    expect(branches(state.devices).map(({ device, last }) => [device.name, device.depth, last])).toEqual([
      ["host", 0, false],
      ["rp0", 0, true],
      ["edu", 1, true],
    ]);
  });

  it("draws a line past a device whose parent has a sibling below", () => {
    const { devices } = state;
    const [host, port, endpoint] = devices;
    if (!host || !port || !endpoint) throw new Error("the demo machine has three functions");
    const drawn = branches([port, endpoint, host]);
    expect(drawn[1]?.passing).toEqual([true]);
  });

  it("is laid out for 4,096 functions in less than a frame's time at ten frames a second", () => {
    const [, port, endpoint] = state.devices;
    if (!port || !endpoint) throw new Error("the demo machine has three functions");
    const many = [port, ...Array.from({ length: 4095 }, () => endpoint)];
    const started = performance.now();
    expect(branches(many)).toHaveLength(4096);
    expect(performance.now() - started).toBeLessThan(100);
  });

  it("shows the first endpoint until a device is chosen", () => {
    expect(chosenDevice(state.devices, undefined)?.name).toBe("edu");
    expect(chosenDevice(state.devices, "0000:00:00.0")?.name).toBe("host");
    expect(chosenDevice(state.devices, "0000:ff:00.0")?.name).toBe("edu");
  });

  it("keeps the focus inside at both ends", () => {
    expect(moved(0, { key: "ArrowUp", count: 3 })).toBe(0);
    expect(moved(2, { key: "ArrowDown", count: 3 })).toBe(2);
    expect(moved(1, { key: "End", count: 3 })).toBe(2);
    expect(moved(1, { key: "x", count: 3 })).toBeUndefined();
  });
});

describe("changed registers", () => {
  const bars = edu.bars.map((bar) => ({
    ...bar,
    registers: bar.registers.map((one) =>
      one.name === "FACTORIAL" ? { ...one, value: "0x78" as const } : one,
    ),
  }));
  const [host, port] = demo.functions;
  if (!host || !port) throw new Error("the demo machine has three functions");
  const later = panelState({ ...demo, functions: [host, port, { ...edu, bars }] }, new Map());

  it("are those whose value differs, with the value they had", () => {
    expect([...changedRegisters(state, later)]).toEqual([["0000:01:00.0/BAR0/edu.FACTORIAL", "0x00000005"]]);
  });

  it("are none in the first state", () => {
    expect(changedRegisters(undefined, state).size).toBe(0);
  });
});

describe("the way of an address in one line", () => {
  const hop = (kind: string, title: string, address = "") => ({ kind, title, address, facts: [], reads: [] });

  it("names each address once per space, and the end by its title", () => {
    const hops = [
      hop("virtual", "area", "0xffffc90000000008"),
      hop("page-table", "PTE", "0x40000008"),
      hop("physical", "CPU physical address", "0x40000008"),
      hop("host-bridge", "window", "0x1040000008"),
      hop("bridge", "window", "0x1040000008"),
      hop("bar", "edu BAR0 + 0x8", "0x8"),
      hop("register", "edu.FACTORIAL"),
    ];
    expect(stops(hops)).toEqual([
      { space: "virtual", text: "0xffffc90000000008" },
      { space: "physical", text: "0x40000008" },
      { space: "bus", text: "0x1040000008" },
      { space: "bus", text: "edu BAR0 + 0x8" },
      { space: "register", text: "edu.FACTORIAL" },
    ]);
  });

  it("ends at the dead end, in words", () => {
    expect(stops([hop("physical", "CPU", "0x10"), hop("dead", "No window", "0x10")]).at(-1)).toEqual({
      space: "dead",
      text: "No window",
    });
  });
});
