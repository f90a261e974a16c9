import { beforeEach, describe, expect, test } from "vitest";
import { bus, physical } from "../../../emulator/core/address";
import { Arena } from "../../../emulator/core/arena";
import type { Iommu } from "../../../emulator/iommu/iommu";
import type { RemapStep } from "../../../emulator/iommu/remapping-tables";
import { q35 } from "../../../emulator/machine/built-in";
import { Machine } from "../../../emulator/machine/machine";
import type { PciFunction } from "../../../emulator/pci/function";

/** The unit alone: tables that a test writes into RAM by hand. Section numbers: Intel VT-d 3.4. */
const ROOT = 0x100000;
const CONTEXT = 0x101000;
const TABLES = [0x102000, 0x103000, 0x104000] as const;
const PRESENT = 1;
const THREE_LEVELS = 1;
const PASS_THROUGH = 2 << 2;
const [READ, WRITE] = [1, 2];
let machine: Machine;
let iommu: Iommu;
let nic: PciFunction;

beforeEach(() => {
  const description = {
    ...q35,
    name: "remapped",
    title: "",
    iommu: "strict",
    functions: [
      { at: "00.0", device: "host-bridge" },
      { at: "04.0", device: "edu", name: "nic" },
      {
        at: "05.0",
        device: "pcie-pci-bridge",
        name: "bridge",
        below: [{ at: "03.0", device: "edu", name: "old" }],
      },
    ],
  } as const;
  machine = new Machine(description, Arena.create(1 << 26));
  machine.powerOn();
  for (const fn of machine.root.functions) fn.config.set("COMMAND", 7);
  if (!machine.iommu) throw new Error("no unit");
  iommu = machine.iommu;
  nic = named("nic");
});

function named(name: string): PciFunction {
  const found = machine.root.functions.find((fn) => fn.name === name);
  if (!found) throw new RangeError(name);
  return found;
}

function store(at: number, low: number, high = 0): void {
  machine.physical.writeWord(physical(at), low);
  machine.physical.writeWord(physical(at + 4), high);
}

/** A domain for one device of bus 0, with tables down to the last level. */
function useDomain(requester: number, { type = 0, domain = 5 } = {}): void {
  store(ROOT + (requester >>> 8) * 16, CONTEXT | PRESENT);
  const entry = CONTEXT + (requester & 0xff) * 16;
  store(entry, TABLES[0] | type | PRESENT);
  store(entry + 8, THREE_LEVELS | (domain << 8));
  store(TABLES[0], TABLES[1] | READ | WRITE);
  store(TABLES[1], TABLES[2] | READ | WRITE);
}

function map(iova: number, to: number, rights: number): void {
  store(TABLES[2] + ((iova >>> 12) & 511) * 8, to | rights);
}

function switchOn(): void {
  iommu.bank.write64(0x20, BigInt(ROOT));
  iommu.bank.write(0x18, { width: 4, value: 0x4000_0000 });
  iommu.bank.write(0x18, { width: 4, value: 0x8000_0000 });
}

function record() {
  const { registers } = iommu.bank;
  return {
    status: registers.value("FSTS"),
    page: registers.get("FRCD_LOW"),
    source: registers.value("FRCD_SOURCE"),
    fault: registers.value("FRCD_HIGH"),
  };
}

const NIC = 4 << 3;

describe("a request of a function", () => {
  test("goes as it is while translation is off", () => {
    machine.physical.writeWord(physical(0x5000), 77);
    const data = new Uint8Array(4);
    expect(nic.dmaRead(bus(0x5000n), data)).toBe("SC");
    expect(data[0]).toBe(77);
  });

  test("reads the page that its domain's tables name (9.3, 9.8)", () => {
    useDomain(NIC);
    map(0x7000, 0x200000, READ);
    switchOn();
    machine.physical.writeWord(physical(0x200010), 0x44332211);
    const data = new Uint8Array(4);
    expect(nic.dmaRead(bus(0x7010n), data)).toBe("SC");
    expect([...data]).toEqual([0x11, 0x22, 0x33, 0x44]);
  });

  test("that crosses a page is translated for each page", () => {
    useDomain(NIC);
    map(0x7000, 0x200000, WRITE);
    map(0x8000, 0x300000, WRITE);
    switchOn();
    nic.dmaWrite(bus(0x7ffcn), new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]));
    expect(machine.physical.readWord(physical(0x200ffc))).toBe(0x04030201);
    expect(machine.physical.readWord(physical(0x300000))).toBe(0x08070605);
  });

  test("passes where the context entry says pass-through (9.3, TT = 10b)", () => {
    useDomain(NIC, { type: PASS_THROUGH });
    switchOn();
    expect(nic.dmaWrite(bus(0x9000n), new Uint8Array([9]))).toBe("SC");
    expect(machine.physical.readWord(physical(0x9000))).toBe(9);
  });

  test("behind a PCIe-to-PCI bridge comes as device 0 of the bridge's secondary bus", () => {
    named("bridge").config.set("SECONDARY_BUS", 3);
    expect(iommu.requesterOf(named("old"))).toBe(0x300);
    useDomain(0x300);
    map(0x7000, 0x200000, WRITE);
    switchOn();
    expect(named("old").dmaWrite(bus(0x7000n), new Uint8Array([6]))).toBe("SC");
  });
});

describe("a request that the tables do not allow", () => {
  // biome-ignore format: a table
  test.each([
    ["no root entry", 1, () => switchOn()],
    ["no context entry", 2, () => { store(ROOT, CONTEXT | PRESENT); switchOn(); }],
    ["a reserved translation type", 3, () => { useDomain(NIC, { type: 3 << 2 }); switchOn(); }],
    ["no Read bit", 6, () => { useDomain(NIC); map(0x7000, 0x200000, WRITE); switchOn(); }],
  ])("because of %s ends unsupported, with fault reason %i (7.1.3)", (_why, reason, arrange) => {
    arrange();
    const data = new Uint8Array(4);
    expect(nic.dmaRead(bus(0x7123n), data)).toBe("UR");
    expect([...data]).toEqual([0xff, 0xff, 0xff, 0xff]);
    expect(record()).toEqual({ status: 2, page: 0x7000n, source: NIC, fault: (0xc000_0000 | reason) >>> 0 });
    expect(nic.config.value("STATUS") & 0x2000).toBe(0x2000);
  });

  test("above the guest address width is fault reason 4", () => {
    useDomain(NIC);
    switchOn();
    nic.dmaRead(bus(1n << 39n), new Uint8Array(4));
    expect(record().fault & 0xff).toBe(4);
  });

  test("as a write without the Write bit is fault reason 5, and changes nothing", () => {
    useDomain(NIC);
    map(0x7000, 0x200000, READ);
    switchOn();
    nic.dmaWrite(bus(0x7000n), new Uint8Array([1]));
    expect(record()).toMatchObject({ fault: 0x8000_0005 });
    expect(machine.physical.readWord(physical(0x200000))).toBe(0);
  });

  test("is told as an iommu-fault that names page and reason", () => {
    const told: unknown[] = [];
    machine.root.fabric.onError = ({ kind, sentence }) => told.push([kind, sentence]);
    useDomain(NIC);
    switchOn();
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
    useDomain(NIC);
    switchOn();
    nic.dmaRead(bus(0x7000n), new Uint8Array(4));
  });

  test("keeps the first fault; a second one only sets PFO (7.2.1)", () => {
    nic.dmaRead(bus(0x9000n), new Uint8Array(4));
    expect(record()).toMatchObject({ status: 3, page: 0x7000n });
  });

  test("is free again once F is written 1, which clears PPF", () => {
    iommu.bank.write(0x22c, { width: 4, value: 0x8000_0000 });
    expect(record().status).toBe(0);
    nic.dmaRead(bus(0x9000n), new Uint8Array(4));
    expect(record()).toMatchObject({ status: 2, page: 0x9000n });
  });

  test("sends FEDATA's vector unless FECTL.IM masks it (7.3)", () => {
    expect(machine.interrupts.take()).toBeUndefined();
    iommu.bank.write(0x22c, { width: 4, value: 0x8000_0000 });
    iommu.bank.write(0x3c, { width: 4, value: 0x51 });
    iommu.bank.write(0x38, { width: 4, value: 0 });
    nic.dmaRead(bus(0x9000n), new Uint8Array(4));
    expect(machine.interrupts.take()).toEqual({ kind: "message", vector: 0x51 });
  });
});

describe("what is cached", () => {
  beforeEach(() => {
    useDomain(NIC);
    map(0x7000, 0x200000, READ | WRITE);
    switchOn();
    nic.dmaRead(bus(0x7000n), new Uint8Array(4));
    map(0x7000, 0, 0);
  });

  const reads = () => nic.dmaRead(bus(0x7000n), new Uint8Array(4));

  test("answers after its table entry is gone (6.2.3)", () => {
    expect(reads()).toBe("SC");
    expect(iommu.cached(NIC, 0x7000n)).toBe(true);
    expect(iommu.walk({ requester: NIC, address: 0x7000n, write: false })).toMatchObject({ reason: 6 });
  });

  test.each([
    ["the page", () => iommu.bank.write64(0xf0, 0x7000n), 0xb000_0005_0000_0000n],
    ["its domain", () => undefined, 0xa000_0005_0000_0000n],
    ["everything", () => undefined, 0x9000_0000_0000_0000n],
  ])(
    "is forgotten when %s is invalidated, and the bit that asks reads 0 (11.4.8.1)",
    (_what, first, wish) => {
      first();
      iommu.bank.write64(0xf8, wish);
      expect(iommu.bank.registers.get("IOTLB") >> 63n).toBe(0n);
      expect(reads()).toBe("UR");
    },
  );

  test("outlives the invalidation of another domain", () => {
    iommu.bank.write64(0xf8, 0xa000_0006_0000_0000n);
    expect(reads()).toBe("SC");
  });
});

describe("a walk by peek", () => {
  test("tells every entry it meets and changes nothing", () => {
    useDomain(NIC);
    map(0x7000, 0x200000, READ);
    switchOn();
    const before = machine.arena.digest();
    const steps: RemapStep[] = [];
    const found = iommu.walk({ requester: NIC, address: 0x7123n, write: false }, (step) => steps.push(step));
    expect(found).toEqual({ kind: "translated", physical: 0x200123, bytes: 4096 });
    expect(steps.map(({ table, level, index, at }) => [table, level, index, at])).toEqual([
      ["root", undefined, 0, ROOT],
      ["context", undefined, NIC, CONTEXT + NIC * 16],
      ["second-level", 3, 0, TABLES[0]],
      ["second-level", 2, 0, TABLES[1]],
      ["second-level", 1, 7, TABLES[2] + 56],
    ]);
    expect(iommu.cached(NIC, 0x7000n)).toBe(false);
    expect(machine.arena.digest()).toBe(before);
  });
});
