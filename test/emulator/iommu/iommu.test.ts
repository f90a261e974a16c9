import { beforeEach, describe, expect, test } from "vitest";
import { bus, physical } from "../../../emulator/core/address";
import type { PciFunction } from "../../../emulator/pci/function";
import { CONTEXT, NIC, PRESENT, READ, type Remapped, ROOT, remapped, WRITE } from "../../support/remapped";

/** Section numbers: Intel VT-d 3.4. */
let bench: Remapped;
let nic: PciFunction;

beforeEach(() => {
  bench = remapped();
  nic = bench.named("nic");
});

const PASS_THROUGH = 2 << 2;

function record() {
  const { registers } = bench.iommu.bank;
  return {
    status: registers.value("FSTS"),
    page: registers.get("FRCD_LOW"),
    source: registers.value("FRCD_SOURCE"),
    fault: registers.value("FRCD_HIGH"),
  };
}

describe("a request of a function", () => {
  test("goes as it is while translation is off", () => {
    bench.machine.physical.writeWord(physical(0x5000), 77);
    const data = new Uint8Array(4);
    expect(nic.dmaRead(bus(0x5000n), data)).toBe("SC");
    expect(data[0]).toBe(77);
  });

  test("reads the page that its domain's tables name (9.3, 9.8)", () => {
    bench.useDomain(NIC);
    bench.map(0x7000, 0x200000, READ);
    bench.switchOn();
    bench.machine.physical.writeWord(physical(0x200010), 0x44332211);
    const data = new Uint8Array(4);
    expect(nic.dmaRead(bus(0x7010n), data)).toBe("SC");
    expect([...data]).toEqual([0x11, 0x22, 0x33, 0x44]);
  });

  test("that crosses a page is translated for each page", () => {
    bench.useDomain(NIC);
    bench.map(0x7000, 0x200000, WRITE);
    bench.map(0x8000, 0x300000, WRITE);
    bench.switchOn();
    nic.dmaWrite(bus(0x7ffcn), new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]));
    expect(bench.machine.physical.readWord(physical(0x200ffc))).toBe(0x04030201);
    expect(bench.machine.physical.readWord(physical(0x300000))).toBe(0x08070605);
  });

  test("passes where the context entry says pass-through (9.3, TT = 10b)", () => {
    bench.useDomain(NIC, { type: PASS_THROUGH });
    bench.switchOn();
    expect(nic.dmaWrite(bus(0x9000n), new Uint8Array([9]))).toBe("SC");
    expect(bench.machine.physical.readWord(physical(0x9000))).toBe(9);
  });

  test("behind a PCIe-to-PCI bridge comes as device 0 of the bridge's secondary bus", () => {
    bench.named("bridge").config.set("SECONDARY_BUS", 3);
    expect(bench.iommu.requesterOf(bench.named("old"))).toBe(0x300);
    bench.useDomain(0x300);
    bench.map(0x107000, 0x200000, WRITE);
    bench.switchOn();
    expect(bench.named("old").dmaWrite(bus(0x107000n), new Uint8Array([6]))).toBe("SC");
  });
});

describe("a request that the tables do not allow", () => {
  // biome-ignore format: a table
  test.each([
    ["no root entry", 1, () => bench.switchOn()],
    ["no context entry", 2, () => { bench.store(ROOT, CONTEXT | PRESENT); bench.switchOn(); }],
    ["a reserved translation type", 3, () => { bench.useDomain(NIC, { type: 3 << 2 }); bench.switchOn(); }],
    ["no Read bit", 6, () => { bench.useDomain(NIC); bench.map(0x7000, 0x200000, WRITE); bench.switchOn(); }],
  ])("because of %s ends unsupported, with fault reason %i (7.1.3)", (_why, reason, arrange) => {
    arrange();
    const data = new Uint8Array(4);
    expect(nic.dmaRead(bus(0x7123n), data)).toBe("UR");
    expect([...data]).toEqual([0xff, 0xff, 0xff, 0xff]);
    expect(record()).toEqual({ status: 2, page: 0x7000n, source: NIC, fault: (0xc000_0000 | reason) >>> 0 });
    expect(nic.config.value("STATUS") & 0x2000).toBe(0x2000);
  });

  test("above the guest address width is fault reason 4", () => {
    bench.useDomain(NIC);
    bench.switchOn();
    nic.dmaRead(bus(1n << 39n), new Uint8Array(4));
    expect(record().fault & 0xff).toBe(4);
  });

  test("as a write without the Write bit is fault reason 5, and changes nothing", () => {
    bench.useDomain(NIC);
    bench.map(0x7000, 0x200000, READ);
    bench.switchOn();
    nic.dmaWrite(bus(0x7000n), new Uint8Array([1]));
    expect(record()).toMatchObject({ fault: 0x8000_0005 });
    expect(bench.machine.physical.readWord(physical(0x200000))).toBe(0);
  });

  test("is told as an iommu-fault that names page and reason", () => {
    const told: unknown[] = [];
    bench.machine.root.fabric.onError = ({ kind, sentence }) => told.push([kind, sentence]);
    bench.useDomain(NIC);
    bench.switchOn();
    nic.dmaRead(bus(0x7123n), new Uint8Array(4));
    expect(told).toEqual([
      [
        "iommu-fault",
        "nic cannot read 4 bytes at 0x7123: the IOMMU blocks it: PTE Read access is not set (fault reason 0x06), page 0x7000",
      ],
    ]);
  });
});

describe("the fault record", () => {
  beforeEach(() => {
    bench.useDomain(NIC);
    bench.switchOn();
    nic.dmaRead(bus(0x7000n), new Uint8Array(4));
  });

  test("keeps the first fault; a second one only sets PFO (7.2.1)", () => {
    nic.dmaRead(bus(0x9000n), new Uint8Array(4));
    expect(record()).toMatchObject({ status: 3, page: 0x7000n });
  });

  test("is free again once F is written 1, which clears PPF", () => {
    bench.iommu.bank.write(0x22c, { width: 4, value: 0x8000_0000 });
    expect(record().status).toBe(0);
    nic.dmaRead(bus(0x9000n), new Uint8Array(4));
    expect(record()).toMatchObject({ status: 2, page: 0x9000n });
  });

  test("sends FEDATA's vector unless FECTL.IM masks it (7.3)", () => {
    expect(bench.machine.interrupts.take()).toBeUndefined();
    bench.iommu.bank.write(0x22c, { width: 4, value: 0x8000_0000 });
    bench.iommu.bank.write(0x3c, { width: 4, value: 0x51 });
    bench.iommu.bank.write(0x38, { width: 4, value: 0 });
    nic.dmaRead(bus(0x9000n), new Uint8Array(4));
    expect(bench.machine.interrupts.take()).toEqual({ kind: "message", vector: 0x51 });
  });
});
