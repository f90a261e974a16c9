import { describe, expect, test } from "vitest";
import { bus } from "../../../emulator/core/address";
import { msi } from "../../../emulator/pci/capabilities/msi";
import { Msix } from "../../../emulator/pci/capabilities/msix";
import { powerManagement } from "../../../emulator/pci/capabilities/power-management";
import { resizableBar } from "../../../emulator/pci/capabilities/resizable-bar";
import {
  alternativeRouting,
  latencyTolerance,
  precisionTime,
  vendorSpecific,
} from "../../../emulator/pci/capabilities/small";
import { alone } from "../../support/lone-function";

const MIB = 2 ** 20;

describe("power management", () => {
  test.each([
    [1, 0],
    [2, 0],
    [3, 3],
  ])("a write of state D%i where D1 and D2 are not offered leaves D%i (PCIe 7.5.2.2)", (state, left) => {
    const { fn } = alone([powerManagement(0x40)]);
    fn.configWrite(0x44, { width: 2, value: state });
    expect(fn.powerState).toBe(left);
  });

  test("in D3hot a function answers configuration requests only, and sends nothing (PCIe 5.3.1.4)", () => {
    const { fn } = alone([powerManagement(0x40)]);
    fn.configWrite(0x44, { width: 2, value: 3 });
    expect([
      fn.decodes("memory"),
      fn.dmaWrite(bus(0n), Uint8Array.of(1, 0, 0, 0)),
      fn.configRead(0, 2),
    ]).toEqual([false, "UR", 0x1234]);
  });

  test("on the way back to D0 it is reset, unless No_Soft_Reset says otherwise (PCIe 7.5.2.2)", () => {
    const command = (noSoftReset: boolean) => {
      const { fn } = alone([powerManagement(0x40, { noSoftReset })]);
      fn.configWrite(0x44, { width: 2, value: 3 });
      fn.configWrite(0x44, { width: 2, value: 0 });
      return fn.configRead(4, 2);
    };
    expect([command(false), command(true)]).toEqual([0, 6]);
  });
});

describe("MSI (PCIe 7.7.1)", () => {
  const enabled = (control: number, options: Parameters<typeof msi>[1]) => {
    const made = alone([msi(0x50, options)]);
    made.fn.configWrite(0x54, { width: 4, value: 0xfee00000 });
    made.fn.configWrite(options?.wide === false ? 0x58 : 0x5c, { width: 2, value: 0x40 });
    made.fn.configWrite(0x52, { width: 2, value: control });
    return made;
  };

  test("writes the vector into the low bits of the data, as many as software allows", () => {
    const { fn, written } = enabled(0x21, { vectors: 8 });
    for (const vector of [0, 3, 5]) fn.raise(vector);
    expect(written.map(([, data]) => data)).toEqual([0x40, 0x43, 0x41]);
  });

  test("with a 32-bit address has its data one word earlier", () => {
    const { fn, written } = enabled(1, { wide: false });
    fn.raise();
    expect(written).toEqual([[0xfee00000n, 0x40]]);
  });

  test("holds a masked vector as pending, and sends it as the mask is taken away", () => {
    const { fn, written } = enabled(0x11, { vectors: 4, maskable: true });
    fn.configWrite(0x60, { width: 4, value: 2 });
    fn.raise(1);
    expect([written.length, fn.configRead(0x64, 4)]).toEqual([0, 2]);
    fn.configWrite(0x60, { width: 4, value: 0 });
    expect([written, fn.configRead(0x64, 4)]).toEqual([[[0xfee00000n, 0x41]], 0]);
  });
});

describe("MSI-X (PCIe 7.7.2)", () => {
  const made = () => {
    const msix = new Msix({ vectors: 4, table: { bar: 0, at: 0 }, pending: { bar: 0, at: 0x800 } });
    const { fn, bank, written } = alone([msix.capability(0x40)], { msix });
    for (let vector = 0; vector < 4; vector++) {
      bank.write(vector * 16, { width: 4, value: 0xfee00000 });
      bank.write(vector * 16 + 8, { width: 4, value: 0x50 + vector });
    }
    fn.configWrite(0x42, { width: 2, value: 0x8000 });
    return { fn, bank, written };
  };

  test("comes up with every vector masked, and says how many there are, less one", () => {
    const { fn, bank } = made();
    expect([fn.configRead(0x42, 2) & 0x7ff, bank.read(12, 4), bank.read(60, 4)]).toEqual([3, 1, 1]);
  });

  test("a masked vector is pending in the array, and is sent as its mask bit goes", () => {
    const { fn, bank, written } = made();
    fn.raise(2);
    expect([written.length, bank.read(0x800, 4)]).toEqual([0, 4]);
    bank.write(2 * 16 + 12, { width: 4, value: 0 });
    expect([written, bank.read(0x800, 4)]).toEqual([[[0xfee00000n, 0x52]], 0]);
  });

  test("the function's mask holds all back, and lets all go", () => {
    const { fn, bank, written } = made();
    for (const vector of [0, 1]) bank.write(vector * 16 + 12, { width: 4, value: 0 });
    fn.configWrite(0x42, { width: 2, value: 0xc000 });
    fn.raise(0);
    fn.raise(1);
    expect(written).toEqual([]);
    fn.configWrite(0x42, { width: 2, value: 0x8000 });
    expect(written.map(([, data]) => data)).toEqual([0x50, 0x51]);
  });

  test("does not use INTx while it is on (PCIe 6.1.4.3)", () => {
    const { fn } = made();
    fn.raise(0);
    expect(fn.assertsLine).toBe(false);
  });
});

describe("a resizable BAR (PCIe 7.8.6)", () => {
  const made = () => alone([resizableBar(0x100, { bar: 0, sizes: [MIB, 4 * MIB, 64 * MIB] })], { size: MIB });

  test("says which sizes it can do, and holds address bits below its size at zero", () => {
    const { fn } = made();
    fn.configWrite(0x108, { width: 4, value: 6 << 8 });
    fn.configWrite(0x10, { width: 4, value: 0xffffffff });
    expect([fn.configRead(0x104, 4), fn.configRead(0x10, 4), fn.bars[0]?.size]).toEqual([
      0x450,
      0xfc000004,
      64 * MIB,
    ]);
  });

  test("does not take a size that it does not offer", () => {
    const { fn } = made();
    fn.configWrite(0x108, { width: 4, value: 1 << 8 });
    expect(fn.bars[0]?.size).toBe(MIB);
  });
});

describe("the lists of capabilities", () => {
  test("link each to the next, near and extended ones apart, and end with 0 (PCIe 7.6.3, 7.9.2)", () => {
    const far = [alternativeRouting(0x100, { next: 1 }), latencyTolerance(0x140), precisionTime(0x160)];
    const { fn } = alone([powerManagement(0x40), vendorSpecific(0x60, { bytes: [1, 2, 3] }), ...far]);
    const near = [0x34, 0x41, 0x61].map((at) => fn.configRead(at, 1));
    expect(near).toEqual([0x40, 0x60, 0]);
    expect([0x100, 0x140, 0x160].map((at) => fn.configRead(at, 4).toString(16))).toEqual([
      "1401000e",
      "16010018",
      "1001f",
    ]);
    expect([fn.configRead(0x62, 1), fn.configRead(0x105, 1)]).toEqual([6, 1]);
  });
});
