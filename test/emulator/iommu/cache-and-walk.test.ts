import { beforeEach, describe, expect, test } from "vitest";
import { bus } from "../../../emulator/core/address";
import type { RemapStep } from "../../../emulator/iommu/remapping-tables";
import type { PciFunction } from "../../../emulator/pci/function";
import { CONTEXT, NIC, READ, type Remapped, ROOT, remapped, TABLES, WRITE } from "../../support/remapped";

let bench: Remapped;
let nic: PciFunction;

beforeEach(() => {
  bench = remapped();
  nic = bench.named("nic");
});

describe("what is cached", () => {
  beforeEach(() => {
    bench.useDomain(NIC);
    bench.map(0x7000, 0x200000, READ | WRITE);
    bench.switchOn();
    nic.dmaRead(bus(0x7000n), new Uint8Array(4));
    bench.map(0x7000, 0, 0);
  });

  const reads = () => nic.dmaRead(bus(0x7000n), new Uint8Array(4));

  test("answers after its table entry is gone (6.2.3)", () => {
    expect(reads()).toBe("SC");
    expect(bench.iommu.cached(NIC, 0x7000n)).toBe(true);
    expect(bench.iommu.walk({ requester: NIC, address: 0x7000n, write: false })).toMatchObject({ reason: 6 });
  });

  test.each([
    ["the page", () => bench.iommu.bank.write64(0xf0, 0x7000n), 0xb000_0005_0000_0000n],
    ["its domain", () => undefined, 0xa000_0005_0000_0000n],
    ["everything", () => undefined, 0x9000_0000_0000_0000n],
  ])(
    "is forgotten when %s is invalidated, and the bit that asks reads 0 (11.4.8.1)",
    (_what, first, wish) => {
      first();
      bench.iommu.bank.write64(0xf8, wish);
      expect(bench.iommu.bank.registers.get("IOTLB") >> 63n).toBe(0n);
      expect(reads()).toBe("UR");
    },
  );

  test("outlives the invalidation of another domain", () => {
    bench.iommu.bank.write64(0xf8, 0xa000_0006_0000_0000n);
    expect(reads()).toBe("SC");
  });
});

describe("a walk by peek", () => {
  test("tells every entry it meets and changes nothing", () => {
    bench.useDomain(NIC);
    bench.map(0x7000, 0x200000, READ);
    bench.switchOn();
    const before = bench.machine.arena.digest();
    const steps: RemapStep[] = [];
    const found = bench.iommu.walk({ requester: NIC, address: 0x7123n, write: false }, (step) =>
      steps.push(step),
    );
    expect(found).toEqual({ kind: "translated", physical: 0x200123, bytes: 4096 });
    expect(steps.map(({ table, level, index, at }) => [table, level, index, at])).toEqual([
      ["root", undefined, 0, ROOT],
      ["context", undefined, NIC, CONTEXT + NIC * 16],
      ["second-level", 3, 0, TABLES[0]],
      ["second-level", 2, 0, TABLES[1]],
      ["second-level", 1, 7, TABLES[2] + 56],
    ]);
    expect(bench.iommu.cached(NIC, 0x7000n)).toBe(false);
    expect(bench.machine.arena.digest()).toBe(before);
  });
});
