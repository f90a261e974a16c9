import { describe, expect, test } from "vitest";
import { ALL_ONES } from "../../../emulator/core/io";
import { bdf } from "../../../emulator/pci/bdf";
import { configRead, configWrite } from "../../../emulator/pci/config-access";
import { booted, enable, functionOf, iomap, wired } from "../../support/bench";

const EDU_ID = 0x010000ed;

describe("a memory request on its way down", () => {
  test("reaches the device through the windows of the bridge above it", () => {
    const bench = booted();
    enable(bench, "edu");
    expect(bench.io.ioread32(iomap(bench, "edu"))).toBe(EDU_ID);
  });

  test.each(["edu", "rp0"])(
    "dies with all ones where Memory Space Enable of %s is 0 (PCIe 7.5.1.1.3)",
    (name) => {
      const bench = booted();
      enable(bench, "edu");
      const io = iomap(bench, "edu");
      const fn = bench.machine.root.functions.find((it) => it.name === name);
      fn?.configWrite(4, { width: 2, value: 4 });
      expect(bench.io.ioread32(io)).toBe(ALL_ONES);
      fn?.configWrite(4, { width: 2, value: 6 });
      expect(bench.io.ioread32(io)).toBe(EDU_ID);
    },
  );

  test("dies where the window of the bridge is closed: base above limit (PCIe 7.5.1.3.8)", () => {
    const bench = booted();
    enable(bench, "edu");
    const io = iomap(bench, "edu");
    const rp0 = bench.machine.root.functions.find((it) => it.name === "rp0");
    rp0?.configWrite(0x20, { width: 4, value: 0x0000fff0 });
    expect(bench.io.ioread32(io)).toBe(ALL_ONES);
  });

  test("finds the device where its BAR was moved to, and no longer where it was", () => {
    const bench = booted();
    enable(bench, "edu");
    const old = iomap(bench, "edu");
    const edu = bench.machine.root.functions.find((it) => it.name === "edu");
    edu?.configWrite(0x10, { width: 4, value: 0x40100000 });
    expect(bench.io.ioread32(old)).toBe(ALL_ONES);
    expect(bench.io.ioread32(iomap(bench, "edu"))).toBe(EDU_ID);
  });
});

describe("a host bridge with an offset", () => {
  test("puts bus address minus offset into the BAR, and the CPU reaches it all the same", () => {
    const demo = booted().machine.description;
    const windows = demo.hostBridge.windows.map((it) =>
      it.start === "0x40000000" ? { ...it, offset: "0x20000000" } : it,
    );
    const machine = { ...demo, hostBridge: { ...demo.hostBridge, windows } };
    const bench = booted(machine);
    enable(bench, "edu");
    const translation = bench.inspection.translate("edu.ID");
    const bus = translation.hops.find(({ kind }) => kind === "bus")?.address;
    const physical = translation.hops.find(({ kind }) => kind === "physical")?.address;
    expect(BigInt(physical ?? 0) - BigInt(bus ?? 0)).toBe(0x20000000n);
    expect(bench.io.ioread32(bench.io.ioremap(Number(physical), 4) as never)).toBe(EDU_ID);
  });
});

describe("a second host bridge", () => {
  const window = { kind: "memory", start: "0xc0000000", end: "0xcfffffff" } as const;
  const further = { bus: 0x40, windows: [window], functions: [{ at: "01.0", device: "edu", name: "far" }] };

  function two(others = [further]) {
    const demo = booted().machine.description;
    return {
      ...demo,
      hostBridge: { ...demo.hostBridge, windows: demo.hostBridge.windows.slice(0, 4) },
      hostBridges: others,
    };
  }

  test("has a root bus with a number and windows of its own, and its functions answer there alone", () => {
    const bench = booted(two());
    enable(bench, "far");
    const view = bench.inspection.functions(bench.kernel.state()).find(({ name }) => name === "far");
    expect(view?.bdf).toBe("0000:40:01.0");
    expect(view?.bars[0]?.physical).toBe("0xc0000000");
    expect(bench.io.ioread32(iomap(bench, "far"))).toBe(EDU_ID);
    expect(bench.machine.root.functionAt(bdf({ bus: 0x41, device: 1, function: 0 }))).toBeUndefined();
  });

  test("does not forward to its bus what enters through the windows of another", () => {
    const bench = booted(two());
    enable(bench, "far");
    const far = bench.machine.root.functions.find(({ name }) => name === "far");
    far?.configWrite(0x10, { width: 4, value: 0x50000000 });
    expect(bench.io.ioread32(bench.io.ioremap(0x50000000, 4) as never)).toBe(ALL_ONES);
  });

  test("cannot share its bus number with another", () => {
    expect(() => booted(two([further, further]))).toThrow(/Root bus 0000:40 has a host bridge already/);
  });
});

describe("configuration space", () => {
  const place = { bus: 0, device: 3, function: 0 };

  test("of an absent function reads all ones, and writes to it are lost (PCIe 2.3.2)", () => {
    const { machine } = booted();
    expect(configRead(machine.root, { ...place, device: 9, at: 0 }, 4)).toBe(ALL_ONES);
    expect(() =>
      configWrite(machine.root, { ...place, device: 9, at: 4 }, { width: 2, value: 7 }),
    ).not.toThrow();
  });

  test("reads the same by CF8/CFC and by ECAM", () => {
    const bench = booted();
    const ecam = bench.io.ioremap(Number(bench.machine.physical.ecam), 4 << 20);
    for (const [bus, device] of [
      [0, 0],
      [0, 3],
      [1, 0],
      [2, 0],
      [7, 0],
    ] as const) {
      for (let at = 0; at < 64; at += 4) {
        bench.machine.ports.write(0, { width: 4, value: 0x80000000 | (bus << 16) | (device << 11) | at });
        const offset = (bus << 20) | (device << 15) | at;
        const byEcam = bus < 4 && ecam ? bench.io.ioread32(ecam, offset) : ALL_ONES;
        expect(bench.machine.ports.read(4, 4)).toBe(byEcam);
      }
    }
  });

  test("behind a bridge is reached by the numbers in the bridge's bus registers", () => {
    const { machine } = booted();
    configWrite(machine.root, { ...place, at: 0x18 }, { width: 4, value: 0x00050500 });
    expect(configRead(machine.root, { bus: 5, device: 0, function: 0, at: 0 }, 4)).toBe(0x11e81234);
    expect(configRead(machine.root, { bus: 1, device: 0, function: 0, at: 0 }, 4)).toBe(ALL_ONES);
  });
});

describe("a request on its way up", () => {
  test.each(["edu", "rp0"])("needs Bus Master Enable of %s (PCIe 7.5.1.1.3)", (name) => {
    const bench = booted();
    enable(bench, "edu");
    const { root } = bench.machine;
    const edu = root.functions.find((it) => it.name === "edu");
    const target = new Uint8Array(4);
    expect(edu?.dmaRead(0x100000n as never, target)).toBe("SC");
    root.functions.find((it) => it.name === name)?.configWrite(4, { width: 2, value: 3 });
    expect(edu?.dmaRead(0x100000n as never, target)).toBe("UR");
    expect([...target]).toEqual([255, 255, 255, 255]);
  });
});

describe("several functions of one device", () => {
  const HEADER_TYPE = 0x0e;
  const two = [
    { at: "04.0", device: "edu", name: "first" },
    { at: "04.1", device: "pci-testdev", name: "second" },
  ] as const;

  test("say so in Header Type, and Linux finds them all (PCIe 7.5.1.1.9)", () => {
    const bench = wired(...two, { at: "05.0", device: "edu", name: "alone" });
    const type = (name: string) => functionOf(bench, name).configRead(HEADER_TYPE, 1);
    expect([type("first"), type("second"), type("alone")]).toEqual([0x80, 0x80, 0]);
    expect(bench.kernel.devices.map(({ name }) => name)).toContain("0000:00:04.1");
  });

  test("without function 0 are not found: it is what software asks first (PCI 3.0, 3.2.2.3.4)", () => {
    const bench = wired(two[1]);
    expect(bench.kernel.devices.map(({ name }) => name)).not.toContain("0000:00:04.1");
  });
});

describe("an endpoint on a root bus", () => {
  test("is integrated into the root complex, by its Device/Port Type (PCIe 1.3.2.3, 7.5.3.2)", () => {
    const port = { at: "03.0", device: "root-port", name: "rp0" };
    const bench = wired(
      { ...port, below: [{ at: "00.0", device: "nvme", name: "behind" }] },
      { at: "04.0", device: "nvme", name: "integrated" },
    );
    const type = (name: string) => (functionOf(bench, name).config.value("EXP_FLAGS") >>> 4) & 15;
    expect([type("behind"), type("integrated")]).toEqual([0, 9]);
  });
});
