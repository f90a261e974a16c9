import { describe, expect, test } from "vitest";
import { configRead, configWrite } from "../../../emulator/pci/config-access";
import { detectError } from "../../../emulator/pci/detected-error";
import { type Bench, functionOf, wired } from "../../support/bench";

describe("Function Level Reset (PCIe 6.6.2)", () => {
  test("puts registers back, keeps sticky ones, and leaves other functions alone", () => {
    const bench = wired({
      at: "03.0",
      device: "pcie-root-port",
      name: "rp0",
      below: [{ at: "00.0", device: "nvme", name: "nvme" }],
    });
    const nvme = functionOf(bench, "nvme");
    nvme.configWrite(0x88, { width: 2, value: 0x8000 });
    expect([nvme.configRead(4, 2), nvme.configRead(0x10, 4), nvme.configRead(0x88, 2)]).toEqual([0, 4, 0]);
    expect(functionOf(bench, "rp0").configRead(4, 2)).toBe(7);
  });

  test("a hot reset keeps what AER recorded (PCIe 7.4, 7.8.4)", () => {
    const bench = wired({
      at: "03.0",
      device: "pcie-root-port",
      name: "rp0",
      below: [{ at: "00.0", device: "e1000e", name: "nic" }],
    });
    const nic = functionOf(bench, "nic");
    detectError(nic, { kind: "uncorrectable", bit: 18 });
    functionOf(bench, "rp0").configWrite(0x3e, { width: 2, value: 0x40 });
    functionOf(bench, "rp0").configWrite(0x3e, { width: 2, value: 0 });
    expect([nic.configRead(0x104, 4), nic.configRead(4, 2)]).toEqual([1 << 18, 0]);
  });
});

describe("a function that is not ready after a reset (PCIe 2.3.1.1)", () => {
  const [MS, VISIBLE] = [1e6, 0x10];

  function reset(visible: boolean) {
    const nvme = { at: "00.0", device: "nvme", name: "nvme", options: { readyAfterMs: 100 } };
    const bench = wired({ at: "03.0", device: "root-port", name: "rp0", below: [nvme] });
    functionOf(bench, "rp0").configWrite(0x70, { width: 2, value: visible ? VISIBLE : 0 });
    functionOf(bench, "nvme").configWrite(0x88, { width: 2, value: 0x8000 });
    const { clock, root } = bench.machine;
    const read = (at: number, width: 1 | 2 | 4) =>
      configRead(root, { bus: 1, device: 0, function: 0, at }, width);
    return { clock, root, read, start: clock.now };
  }

  test("reads as vendor 0001h where Root Control lets software see the retry (7.5.3.12)", () => {
    const { read, clock, start, root } = reset(true);
    root.fabric.trace.on = true;
    expect([read(0, 2), read(0, 4)]).toEqual([1, 0xffff0001]);
    expect(root.fabric.trace.transactions().map(({ status }) => status)).toEqual(["CRS", "CRS"]);
    clock.spend(100 * MS - (clock.now - start));
    expect(read(0, 4)).toBe(0x00101b36);
  });

  test("is asked again by the root complex where it does not, or for any other register", () => {
    for (const [visible, at] of [
      [false, 0],
      [true, 4],
    ] as const) {
      const { read, clock, start } = reset(visible);
      expect(read(at, 4)).not.toBe(0xffff0001);
      expect(clock.now - start).toBe(100 * MS);
    }
  });

  test("writes wait as long, and take effect then", () => {
    const { root, read, clock, start } = reset(true);
    configWrite(root, { bus: 1, device: 0, function: 0, at: 4 }, { width: 2, value: 4 });
    expect([clock.now - start, read(4, 2)]).toEqual([100 * MS, 4]);
  });

  test("may be seen only where Root Capabilities say so (7.5.3.13)", () => {
    const bench = wired({ at: "03.0", device: "pcie-root-port", name: "rp0" });
    const port = functionOf(bench, "rp0");
    port.configWrite(0x70, { width: 2, value: VISIBLE });
    expect([port.configRead(0x72, 2), port.configRead(0x70, 2)]).toEqual([0, 0]);
  });
});

describe("Advanced Error Reporting (PCIe 6.2)", () => {
  const made = () => {
    const bench = wired({
      at: "03.0",
      device: "pcie-root-port",
      name: "rp0",
      below: [{ at: "00.0", device: "e1000e", name: "nic" }],
    });
    const [port, nic] = [functionOf(bench, "rp0"), functionOf(bench, "nic")];
    port.configWrite(0x3e, { width: 2, value: 2 });
    port.configWrite(0x12c, { width: 4, value: 7 });
    return { bench, port, nic };
  };
  const NON_FATAL = { kind: "uncorrectable", bit: 12, header: [1, 2, 3, 4] } as const;

  test("an error is reported by Device Control alone: the root port has source and kind, and interrupts", () => {
    const { bench, port, nic } = made();
    nic.configWrite(0xe8, { width: 2, value: 2 });
    port.configWrite(4, { width: 2, value: 0x107 });
    const told: string[] = [];
    bench.machine.root.fabric.onError = ({ sentence }) => told.push(sentence);
    detectError(nic, NON_FATAL);
    expect([port.configRead(0x130, 4), port.configRead(0x136, 2)]).toEqual([0x24, 0x0100]);
    expect(told).toEqual(["rp0 received ERR_NONFATAL from 01:00.0"]);
    expect(bench.machine.interrupts.levels).toBe(1 << 23);
  });

  test("without an enable it is recorded and goes nowhere", () => {
    const { port, nic } = made();
    detectError(nic, NON_FATAL);
    expect([nic.configRead(0x104, 4), port.configRead(0x130, 4)]).toEqual([1 << 12, 0]);
  });

  test("a masked error sets its bit, and neither log nor message (PCIe 7.8.4.3)", () => {
    const { port, nic } = made();
    nic.configWrite(0xe8, { width: 2, value: 2 });
    nic.configWrite(0x108, { width: 4, value: 1 << 12 });
    detectError(nic, NON_FATAL);
    expect([nic.configRead(0x104, 4), nic.configRead(0x11c, 4), port.configRead(0x130, 4)]).toEqual([
      1 << 12,
      0,
      0,
    ]);
  });

  test("with Multiple Header Recording the next error shows as the first is cleared (PCIe 6.2.4.2)", () => {
    const { port } = made();
    port.configWrite(0x118, { width: 4, value: 0x400 });
    for (const [bit, word] of [
      [12, 1],
      [18, 2],
      [12, 3],
    ] as const)
      detectError(port, { kind: "uncorrectable", bit, header: [word, 0, 0, 0] });
    const first = () => [port.configRead(0x118, 4) & 31, port.configRead(0x11c, 4) >>> 24];
    const clear = (bit: number) => port.configWrite(0x104, { width: 4, value: 2 ** bit });
    expect(first()).toEqual([12, 1]);
    clear(12);
    expect([port.configRead(0x104, 4), ...first()]).toEqual([2 ** 12 + 2 ** 18, 18, 2]);
    clear(18);
    expect(first()).toEqual([12, 3]);
    clear(12);
    expect([port.configRead(0x104, 4), ...first()]).toEqual([0, 0, 0]);
  });

  test("more errors than it has room for are a Header Log Overflow (PCIe 6.2.4.2)", () => {
    const { port } = made();
    port.configWrite(0x118, { width: 4, value: 0x400 });
    for (let count = 0; count < 10; count++) detectError(port, { kind: "uncorrectable", bit: 12 });
    expect(port.configRead(0x110, 4)).toBe(0x8000);
  });

  test("the log keeps the first error until it is cleared (PCIe 6.2.4.2)", () => {
    const { nic } = made();
    detectError(nic, NON_FATAL);
    detectError(nic, { kind: "uncorrectable", bit: 20, header: [9, 9, 9, 9] });
    expect([nic.configRead(0x118, 4) & 31, nic.configRead(0x11c, 4)]).toEqual([12, 0x01000000]);
  });

  test("a message ends where Bridge Control SERR# Enable is 0 (PCIe 7.5.1.3.13)", () => {
    const bench = wired({
      at: "03.0",
      device: "pcie-root-port",
      name: "rp0",
      below: [
        {
          at: "00.0",
          device: "x3130-upstream",
          name: "up",
          below: [
            {
              at: "00.0",
              device: "xio3130-downstream",
              name: "down",
              below: [{ at: "00.0", device: "e1000e", name: "nic" }],
            },
          ],
        },
      ],
    });
    const [port, nic] = [functionOf(bench, "rp0"), functionOf(bench, "nic")];
    for (const name of ["up", "down"]) functionOf(bench, name).configWrite(4, { width: 2, value: 0x107 });
    nic.configWrite(0xe8, { width: 2, value: 2 });
    detectError(nic, NON_FATAL);
    expect(port.configRead(0x130, 4)).toBe(0);
    for (const name of ["up", "down"]) functionOf(bench, name).configWrite(0x3e, { width: 2, value: 2 });
    detectError(nic, NON_FATAL);
    expect(port.configRead(0x130, 4)).toBe(0x24);
  });
});

describe("SR-IOV (PCIe 9.3)", () => {
  const made = () => {
    const nvme = { at: "00.0", device: "nvme", name: "nvme", options: { vfs: 4 } };
    const bench = wired({ at: "03.0", device: "pcie-root-port", name: "rp0", below: [nvme] });
    return { bench, nvme: functionOf(bench, "nvme") };
  };
  const vendor = ({ machine: { root } }: Bench, fn: number) =>
    configRead(root, { bus: 1, device: 0, function: fn, at: 8 }, 4);

  test("functions appear with VF Enable, as many as NumVFs says, and go with it", () => {
    const { bench, nvme } = made();
    expect(vendor(bench, 1)).toBe(0xffffffff);
    nvme.configWrite(0x130, { width: 2, value: 2 });
    nvme.configWrite(0x128, { width: 2, value: 1 });
    expect([1, 2, 3].map((fn) => vendor(bench, fn))).toEqual([0x01080200, 0x01080200, 0xffffffff]);
    nvme.configWrite(0x128, { width: 2, value: 0 });
    expect(vendor(bench, 1)).toBe(0xffffffff);
  });

  test("NumVFs cannot change while they exist", () => {
    const { nvme } = made();
    nvme.configWrite(0x130, { width: 2, value: 2 });
    nvme.configWrite(0x128, { width: 2, value: 1 });
    nvme.configWrite(0x130, { width: 2, value: 4 });
    expect(nvme.configRead(0x130, 2)).toBe(2);
  });

  test("each finds its registers one BAR size after the one before, with VF Memory Space Enable", () => {
    const { bench, nvme } = made();
    const rp0 = functionOf(bench, "rp0");
    rp0.configWrite(0x20, { width: 4, value: 0x70007000 });
    nvme.configWrite(0x144, { width: 4, value: 0x70000000 });
    nvme.configWrite(0x130, { width: 2, value: 2 });
    nvme.configWrite(0x128, { width: 2, value: 9 });
    const io = bench.io.ioremap(0x70000000, 0xc000) as never;
    expect([0x0008, 0x4008, 0x8008].map((at) => bench.io.ioread32(io, at))).toEqual([
      0x10400, 0x10400, 0xffffffff,
    ]);
    nvme.configWrite(0x128, { width: 2, value: 1 });
    expect(bench.io.ioread32(io, 8)).toBe(0xffffffff);
  });
});
