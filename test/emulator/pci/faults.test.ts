import { describe, expect, test } from "vitest";
import { bus } from "../../../emulator/core/address";
import { q35 } from "../../../emulator/machine/built-in";
import type { Fault, FaultCampaign } from "../../../emulator/pci/fault-injection";
import { booted, enable, functionOf, iomap, wired } from "../../support/bench";

const EDU_ID = 0x010000ed;
const RAM = bus(0x200000n);
const STATUS = { DETECTED: 0x8000, MASTER_DATA: 0x0100, MASTER_ABORT: 0x2000, TARGET_ABORT: 0x1000 } as const;
const [TIMEOUT, POISONED] = [1 << 14, 1 << 12];

function below(device: string) {
  const bench = wired({
    at: "03.0",
    device: "pcie-root-port",
    name: "rp0",
    below: [{ at: "00.0", device, name: "card" }],
  });
  return { bench, port: functionOf(bench, "rp0"), card: functionOf(bench, "card"), ...bench.machine.root };
}

describe("a poisoned packet (PCIe 2.7.2.2)", () => {
  test("as the completion of a read: the data arrive, and the port detects a parity error", () => {
    const { bench, port } = below("edu");
    port.configWrite(0x3e, { width: 2, value: 1 });
    bench.machine.root.fabric.faults.add({ function: "card", access: "read", nth: 1, fault: "poisoned" });
    expect(bench.io.ioread32(iomap(bench, "card"))).toBe(EDU_ID);
    expect(port.config.value("SEC_STATUS") & 0xf900).toBe(STATUS.DETECTED | STATUS.MASTER_DATA);
    expect(port.config.value("AER_UNCOR_STATUS")).toBe(POISONED);
  });

  test("as a write: the function that receives it detects it, and it changes nothing", () => {
    const { bench, card } = below("edu");
    bench.machine.root.fabric.faults.add({ function: "card", access: "write", nth: 1, fault: "poisoned" });
    bench.io.iowrite32(5, iomap(bench, "card"), 4);
    expect(bench.io.ioread32(iomap(bench, "card"), 4)).toBe(0);
    expect(card.config.value("STATUS") & STATUS.DETECTED).toBe(STATUS.DETECTED);
  });

  test("as the completion of a function's own read: Master Data Parity Error needs Parity Error Response", () => {
    for (const response of [0, 0x40]) {
      const { bench, card } = below("e1000e");
      card.configWrite(4, { width: 2, value: 7 | response });
      bench.machine.root.fabric.faults.add({ function: "card", access: "dma", nth: 1, fault: "poisoned" });
      expect(card.dmaRead(RAM, new Uint8Array(4))).toBe("SC");
      const wanted = STATUS.DETECTED | (response ? STATUS.MASTER_DATA : 0);
      expect(card.config.value("STATUS") & 0xf900).toBe(wanted);
      expect(card.config.value("AER_UNCOR_STATUS")).toBe(POISONED);
    }
  });
});

describe("a function's own read that fails on demand", () => {
  test.each<[Fault, string, number]>([
    ["UR", "UR", STATUS.MASTER_ABORT],
    ["CA", "CA", STATUS.TARGET_ABORT],
    ["timeout", "timeout", 0],
  ])("with %s: all ones, and the function notes it (PCIe 7.5.1.1.4)", (fault, ends, bit) => {
    const { bench, card } = below("e1000e");
    bench.machine.root.fabric.faults.add({ function: "card", access: "dma", nth: 2, fault });
    const into = new Uint8Array(2);
    expect([card.dmaRead(RAM, into), card.dmaRead(RAM, into), [...into]]).toEqual(["SC", ends, [255, 255]]);
    expect(card.config.value("STATUS") & 0xf900).toBe(bit);
    expect(card.config.value("AER_UNCOR_STATUS")).toBe(fault === "timeout" ? TIMEOUT : 0);
  });

  test("at the IOMMU: it records the fault as one of its own (VT-d 7.2)", () => {
    const functions = [
      { at: "00.0", device: "host-bridge" },
      { at: "03.0", device: "edu", name: "edu" },
    ];
    const bench = booted({ ...q35, name: "remapped", title: "", iommu: "strict", functions });
    enable(bench, "edu");
    bench.machine.root.fabric.faults.add({ function: "edu", access: "dma", nth: 1, fault: "remap" });
    const told: string[] = [];
    bench.machine.root.fabric.onError = ({ kind, sentence }) => told.push(`${kind}: ${sentence}`);
    expect(functionOf(bench, "edu").dmaRead(RAM, new Uint8Array(4))).toBe("UR");
    expect(told[0]).toMatch(/^iommu-fault: .*fault reason 0x06/);
  });
});

describe("a campaign of faults by chance", () => {
  const run = (wish: Partial<FaultCampaign>) => {
    const bench = booted();
    enable(bench, "edu");
    const io = iomap(bench, "edu");
    bench.machine.root.fabric.faults.begin({ seed: 7, oneIn: 10, ...wish });
    return Array.from({ length: 300 }, () => bench.io.ioread32(io) !== EDU_ID);
  };
  const count = (failed: readonly boolean[]) => failed.filter(Boolean).length;

  test("fails the same accesses for the same seed, and others for another", () => {
    expect(run({})).toEqual(run({}));
    expect(run({ seed: 8 })).not.toEqual(run({}));
  });

  test("fails about one access of as many as it says", () => {
    const failed = count(run({ faults: ["UR"] }));
    expect(failed).toBeGreaterThan(15);
    expect(failed).toBeLessThan(50);
  });

  test("leaves alone what it does not name", () => {
    expect(count(run({ functions: ["shmem"] }))).toBe(0);
    expect(count(run({ accesses: ["dma"] }))).toBe(0);
  });

  test("ends with clear()", () => {
    const bench = booted();
    enable(bench, "edu");
    bench.machine.root.fabric.faults.begin({ seed: 7, oneIn: 1 });
    bench.machine.root.fabric.faults.clear();
    expect(bench.io.ioread32(iomap(bench, "edu"))).toBe(EDU_ID);
    expect(() => bench.machine.root.fabric.faults.begin({ seed: 7, oneIn: 0 })).toThrow(/1 or more/);
  });
});
