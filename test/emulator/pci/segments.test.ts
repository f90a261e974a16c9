import { describe, expect, test } from "vitest";
import { Arena } from "../../../emulator/core/arena";
import { Kernel } from "../../../emulator/linux/kernel";
import { sysfsDevices } from "../../../emulator/linux/sysfs";
import { q35 } from "../../../emulator/machine/built-in";
import type { MachineDescription } from "../../../emulator/machine/description";
import { Inspection } from "../../../emulator/machine/inspect";
import { Machine } from "../../../emulator/machine/machine";
import { placeNamed } from "../../../emulator/machine/trace-places";
import { configPeek, configRead, configWrite } from "../../../emulator/pci/config-access";

const [ECAM, WINDOW] = [0x2000000000, 0xc0000000];
const SEGMENT_1 = {
  segment: 1,
  bus: 0,
  ecam: ECAM,
  windows: [{ kind: "memory", start: WINDOW, end: "0xcfffffff" }],
  functions: [
    { at: "01.0", device: "pci-testdev", name: "far" },
    { at: "02.0", device: "root-port", name: "rp1", below: [{ at: "00.0", device: "nvme", name: "deep" }] },
  ],
} as const;

function machine(hostBridges: MachineDescription["hostBridges"] & {} = [SEGMENT_1]): Machine {
  const made = new Machine(
    {
      ...q35,
      name: "segments",
      title: "",
      hostBridge: { ...q35.hostBridge, windows: q35.hostBridge.windows.slice(0, 4) },
      functions: [{ at: "01.0", device: "edu", name: "near" }],
      hostBridges,
    },
    Arena.create(1 << 26),
  );
  made.powerOn();
  return made;
}

describe("a second segment group (PCI Firmware Specification 4.1; PCIe 7.2.2)", () => {
  const at01 = { bus: 0, device: 1, function: 0, at: 0 };

  test("has bus numbers of its own: one number names a function in each", () => {
    const { root } = machine();
    expect(configRead(root, at01, 4)).toBe(0x11e81234);
    expect(configRead(root, { ...at01, segment: 1 }, 4)).toBe(0x00051b36);
    expect(configRead(root, { ...at01, segment: 2 }, 4)).toBe(0xffffffff);
  });

  test("numbers the buses below its bridges apart from the others'", () => {
    const { root } = machine();
    configWrite(root, { ...at01, segment: 1, device: 2, at: 0x18 }, { width: 4, value: 0x010100 });
    expect(configPeek(root, { segment: 1, bus: 1, device: 0, function: 0, at: 0 }, 4)).toBe(0x00101b36);
    expect(configPeek(root, { bus: 1, device: 0, function: 0, at: 0 }, 4)).toBe(0xffffffff);
  });

  test("has memory-mapped configuration space of its own; CF8/CFC reach segment 0 alone", () => {
    const { physical, ports } = machine();
    const place = physical.configPlaceAt((ECAM + 0x8010) as never);
    expect(place).toEqual({ segment: 1, bus: 0, device: 1, function: 0, at: 0x10 });
    const decoded = physical.decode((ECAM + 0x8000) as never);
    expect(decoded.kind === "io" && decoded.io.read(0x8000, 4)).toBe(0x00051b36);
    ports.write(0, { width: 4, value: 0x8000_0800 });
    expect(ports.read(4, 4)).toBe(0x11e81234);
  });

  test("forwards by windows of its own", () => {
    const { root, physical } = machine();
    configWrite(root, { ...at01, segment: 1, at: 0x10 }, { width: 4, value: WINDOW });
    configWrite(root, { ...at01, segment: 1, at: 4 }, { width: 2, value: 2 });
    const routed = physical.routeOf(WINDOW as never);
    expect(routed?.kind === "bar" && routed.function.name).toBe("far");
  });

  test("has its own functions in every view: lspci's bytes, the tree, the trace's names", () => {
    const made = machine();
    const kernel = new Kernel(made);
    kernel.boot();
    const seen = sysfsDevices(kernel).map(({ name, config }) => [name, config[2], config[3]]);
    expect(seen).toContainEqual(["0000:00:01.0", 0xe8, 0x11]);
    expect(seen).toContainEqual(["0001:00:01.0", 0x05, 0x00]);
    const views = new Inspection(made).functions(kernel.state()).map(({ bdf, name }) => [bdf, name]);
    expect(views).toContainEqual(["0000:00:01.0", "near"]);
    expect(views).toContainEqual(["0001:00:01.0", "far"]);
    made.root.fabric.trace.on = true;
    configRead(made.root, { ...at01, segment: 1 }, 4);
    const [read] = made.root.fabric.trace.transactions().slice(-1);
    expect(read && placeNamed(made, "config", read)).toMatch(/^far\.config\./);
  });

  test("is refused without configuration space, and a root bus that is taken, too", () => {
    const { ecam: _, ...without } = SEGMENT_1;
    expect(() => machine([without])).toThrow(/Segment 1 has no configuration space/);
    expect(() => machine([SEGMENT_1, SEGMENT_1])).toThrow(/Root bus 0001:00 has a host bridge already/);
  });
});
