import type { IoMem } from "linux/io";
import { beforeEach, describe, expect, test } from "vitest";
import { bus } from "../../../emulator/core/address";
import type { AccessEvent, AccessEventKind } from "../../../emulator/machine/access-events";
import { parseCondition } from "../../../emulator/machine/watch-condition";
import { detectError } from "../../../emulator/pci/detected-error";
import { type Bench, booted, enable, functionOf, iomap, wired } from "../../support/bench";

let bench: Bench;
let io: IoMem;
let events: AccessEvent[];

beforeEach(() => {
  bench = booted();
  enable(bench, "edu");
  io = iomap(bench, "edu");
  events = [];
  bench.machine.watchpoints.events.onEvent = (event) => events.push(event);
});

const want = (kind: AccessEventKind, condition?: string) => {
  const parsed = condition === undefined ? undefined : parseCondition(condition);
  if (typeof parsed === "string") throw new Error(parsed);
  bench.machine.watchpoints.events.replace([{ kind, ...(parsed && { condition: parsed }) }]);
};

describe("an access that goes wrong", () => {
  test("is told with the reason when nothing answers it, and not when nobody asks", () => {
    bench.io.ioread32(io, 0);
    want("master-abort");
    bench.io.ioread32(io, 0);
    expect(events).toEqual([]);
    bench.machine.root.functions.find(({ name }) => name === "edu")?.configWrite(4, { width: 2, value: 0 });
    bench.io.ioread32(io, 8);
    expect(events).toMatchObject([{ kind: "master-abort", text: "read of 0x40000008 is not answered" }]);
    expect(events[0]?.explanation).toMatch(/Memory Space/);
    bench.machine.watchpoints.events.replace([]);
    bench.io.ioread32(io, 8);
    expect(events).toHaveLength(1);
  });

  test("is told when the device refuses its width, or has no register there", () => {
    want("refused-access");
    bench.io.ioread32(io, 0x20);
    bench.io.ioread16(io, 0x20);
    bench.io.iowrite32(1, io, 0x30);
    expect(events.map(({ text }) => text)).toEqual([
      "read of edu.STATUS is refused",
      "write of edu BAR0+0x30 is refused",
    ]);
    expect(events[0]?.explanation).toMatch(/accesses of 32 bits .* this one has 16/);
  });

  test("is told when it writes what is read-only, and only where the condition is true", () => {
    want("read-only-write", "$value == 2 && $dev == 'edu'");
    for (const value of [1, 2]) bench.io.iowrite32(value, io, 0);
    bench.io.iowrite32(2, io, 4);
    expect(events.map(({ text }) => text)).toEqual(["write to edu.ID, which is read-only"]);
  });
});

describe("a transaction that ends badly", () => {
  test("is told as it ends, with the fabric's reason", () => {
    const { fabric } = bench.machine.root;
    want("timeout", "$value == 0x40000004 && $initiator == 'cpu'");
    fabric.faults.add({ function: "edu", access: "read", nth: 1, fault: "timeout" });
    bench.io.ioread32(io, 4);
    expect(events).toMatchObject([
      {
        kind: "timeout",
        text: "read of 0x40000004 ended with a completion timeout",
        explanation: expect.stringMatching(/edu/),
      },
    ]);
  });

  test("is told when a device's own request is held back", () => {
    want("dma-blocked", "$dev == 'edu'");
    const edu = bench.machine.root.functions.find(({ name }) => name === "edu");
    edu?.configWrite(4, { width: 2, value: 2 });
    edu?.dmaWrite(bus(0x1000n), Uint8Array.of(1, 2));
    expect(events.map(({ text }) => text)).toEqual([
      "DMA of edu: write of 0x1000 ended with Bus Master Enable off",
    ]);
  });

  test("is told also where it was asked for, which no look ahead can know", () => {
    const { fabric } = bench.machine.root;
    want("master-abort");
    fabric.faults.add({ function: "edu", access: "read", nth: 1, fault: "UR" });
    bench.io.ioread32(io, 4);
    expect(events.map(({ text }) => text)).toEqual(["read of 0x40000004 ended with Unsupported Request"]);
  });

  test("is told when a message interrupt gets lost, by the device's name", () => {
    want("interrupt-lost", "$dev == 'edu' && $value == 0");
    const edu = functionOf(bench, "edu");
    edu.configWrite(0x42, { width: 2, value: 1 });
    bench.machine.root.fabric.faults.add({ function: "edu", access: "interrupt", nth: 2 });
    edu.sendMessage(0);
    expect(events).toEqual([]);
    edu.sendMessage(0);
    expect(events).toMatchObject([{ kind: "interrupt-lost", text: "interrupt of edu, vector 0, is lost" }]);
  });

  test("is told when a root port receives an error message (PCIe 6.2.4.1)", () => {
    const nic = { at: "00.0", device: "e1000e", name: "nic" };
    bench = wired({ at: "03.0", device: "pcie-root-port", name: "rp0", below: [nic] });
    bench.machine.watchpoints.events.onEvent = (event) => events.push(event);
    want("aer", "$bdf == '01:00.0'");
    const from = functionOf(bench, "nic");
    from.configWrite(0xe8, { width: 2, value: 0xf });
    detectError(from, { kind: "uncorrectable", bit: 18 });
    expect(events.map(({ text }) => text)).toEqual(["rp0 received ERR_FATAL from 01:00.0"]);
  });
});
