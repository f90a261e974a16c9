import { describe, expect, test } from "vitest";
import { byteEnables } from "../../../emulator/core/transaction";
import { configRead } from "../../../emulator/pci/config-access";
import { type Bench, booted, enable, iomap } from "../../support/bench";

function traced(bench: Bench) {
  const { trace } = bench.machine.root.fabric;
  trace.on = true;
  return trace;
}

describe("the observer of the buses", () => {
  test("sees a read and a write of the CPU with kind, place, byte enables, value and status (PCIe 2.2)", () => {
    const bench = booted();
    enable(bench, "edu");
    const io = iomap(bench, "edu");
    const trace = traced(bench);
    bench.io.iowrite32(5, io, 4);
    bench.io.ioread32(io, 0);
    const edu = bench.machine.root.functions.find(({ name }) => name === "edu");
    const base = edu?.bars[0]?.base ?? 0n;
    expect(trace.transactions().map(({ number, time, tag, ...rest }) => rest)).toEqual([
      {
        kind: "MWr",
        requester: "cpu",
        address: base + 4n,
        bytes: 4,
        byteEnables: { first: 15, last: 0 },
        value: 5n,
        status: "posted",
      },
      {
        kind: "MRd",
        requester: "cpu",
        address: base,
        bytes: 4,
        byteEnables: { first: 15, last: 0 },
        value: 0x010000edn,
        status: "SC",
      },
    ]);
  });

  test("sees configuration requests: type 0 on the root bus, type 1 below; absent functions end as UR (PCIe 2.3.1)", () => {
    const bench = booted();
    const trace = traced(bench);
    configRead(bench.machine.root, { bus: 0, device: 3, function: 0, at: 0 }, 4);
    configRead(bench.machine.root, { bus: 1, device: 0, function: 0, at: 0 }, 4);
    configRead(bench.machine.root, { bus: 0, device: 9, function: 0, at: 0 }, 4);
    expect(trace.transactions().map(({ kind, status }) => `${kind} ${status}`)).toEqual([
      "CfgRd0 SC",
      "CfgRd1 SC",
      "CfgRd0 UR",
    ]);
  });

  test("sees what a function sends, by its name, and its message interrupt as a memory write (PCIe 6.1.4)", () => {
    const bench = booted();
    enable(bench, "edu");
    const edu = bench.machine.root.functions.find(({ name }) => name === "edu");
    const trace = traced(bench);
    edu?.dmaWrite(0x200000n as never, Uint8Array.of(1, 2, 3));
    edu?.configWrite(0x44, { width: 4, value: 0xfee00000 });
    edu?.configWrite(0x42, { width: 2, value: 1 });
    edu?.raise();
    const sent = trace
      .transactions()
      .map(({ kind, requester, address, bytes }) => [kind, requester, address, bytes]);
    expect(sent).toEqual([
      ["MWr", "edu", 0x200000n, 3],
      ["MWr", "edu", 0xfee00000n, 4],
    ]);
  });

  test("does not see peeks, and off, sees nothing", () => {
    const bench = booted();
    enable(bench, "edu");
    const io = iomap(bench, "edu");
    const trace = traced(bench);
    bench.inspection.peek("0x40000000", 64);
    bench.inspection.translate("edu.ID");
    expect(trace.transactions()).toEqual([]);
    trace.on = false;
    bench.io.ioread32(io);
    expect(trace.transactions()).toEqual([]);
  });

  test("keeps the last transactions in the arena: a snapshot holds them", () => {
    const bench = booted();
    enable(bench, "edu");
    const io = iomap(bench, "edu");
    const trace = traced(bench);
    for (let turn = 0; turn < 5000; turn++) bench.io.ioread32(io);
    const kept = trace.transactions();
    expect([kept.length, kept[0]?.number, kept.at(-1)?.number]).toEqual([4096, 904, 4999]);
    const snapshot = bench.machine.arena.snapshot();
    trace.clear();
    bench.machine.arena.restore(snapshot);
    expect(trace.transactions()).toEqual(kept);
  });

  test.each([
    [0n, 1, 0b0001, 0],
    [3n, 1, 0b1000, 0],
    [2n, 4, 0b1100, 0b0011],
    [0n, 8, 0b1111, 0b1111],
  ])("byte enables of a request at %s of %i bytes (PCIe 2.2.5)", (address, bytes, first, last) => {
    expect(byteEnables(address, bytes)).toEqual({ first, last });
  });
});

describe("a request that fails", () => {
  const errors = (bench: Bench) => {
    const told: string[] = [];
    bench.machine.root.fabric.onError = ({ kind, sentence }) => told.push(`${kind}: ${sentence}`);
    return told;
  };
  const secondaryStatus = (bench: Bench) =>
    bench.machine.root.functions.find(({ name }) => name === "rp0")?.config.value("SEC_STATUS");
  const deviceStatus = (bench: Bench) =>
    bench.machine.root.functions.find(({ name }) => name === "rp0")?.config.value("EXP_DEVSTA");

  test("where nothing claims it: all ones, UR, Received Master Abort at the port, and the reason (PCIe 2.3.1, 7.5.1.3.7)", () => {
    const bench = booted();
    enable(bench, "edu");
    const io = iomap(bench, "edu");
    const told = errors(bench);
    const trace = traced(bench);
    bench.machine.root.functions.find(({ name }) => name === "edu")?.configWrite(4, { width: 2, value: 0 });
    expect(bench.io.ioread32(io)).toBe(0xffffffff);
    expect(trace.transactions()[0]?.status).toBe("UR");
    expect(told).toEqual([expect.stringMatching(/^master-abort: .*Memory Space Enable .* of edu is 0/)]);
    expect(secondaryStatus(bench)).toBe(0x2000);
  });

  test("as a posted write: nobody hears of it but the completer (PCIe 2.4.1)", () => {
    const bench = booted();
    enable(bench, "edu");
    const io = iomap(bench, "edu");
    const told = errors(bench);
    bench.machine.root.functions.find(({ name }) => name === "edu")?.configWrite(4, { width: 2, value: 0 });
    bench.io.iowrite32(1, io, 4);
    expect(told).toHaveLength(1);
    expect(secondaryStatus(bench)).toBe(0);
  });

  test("by its width: Completer Abort, Signaled and Received Target Abort (PCIe 7.5.1.1.4)", () => {
    const bench = booted();
    enable(bench, "edu");
    const io = iomap(bench, "edu");
    const told = errors(bench);
    expect(bench.io.ioread8(io)).toBe(0xff);
    const edu = bench.machine.root.functions.find(({ name }) => name === "edu");
    expect([edu?.config.value("STATUS"), secondaryStatus(bench)]).toEqual([0x0810, 0x1000]);
    expect(told).toEqual([expect.stringMatching(/^refused-width: edu refuses a read of 1 bytes at BAR 0/)]);
  });

  test("of a function without Bus Master Enable never leaves it, and says which bit holds it back", () => {
    const bench = booted();
    enable(bench, "edu");
    const told = errors(bench);
    const edu = bench.machine.root.functions.find(({ name }) => name === "edu");
    edu?.configWrite(4, { width: 2, value: 2 });
    expect(edu?.dmaWrite(0x200000n as never, Uint8Array.of(1))).toBe("UR");
    expect(told).toEqual([expect.stringMatching(/^dma-blocked: .*Bus Master Enable .* of edu is 0/)]);
  });

  test("on demand: the second read times out, later than a requester waits, and the port detects it (PCIe 2.8)", () => {
    const bench = booted();
    enable(bench, "edu");
    const io = iomap(bench, "edu");
    bench.machine.root.fabric.faults.add({ function: "edu", access: "read", nth: 2, fault: "timeout" });
    const start = bench.machine.clock.now;
    expect([0, 1, 2].map(() => bench.io.ioread32(io))).toEqual([0x010000ed, 0xffffffff, 0x010000ed]);
    expect(bench.machine.clock.now - start).toBeGreaterThan(50_000);
    expect(deviceStatus(bench)).toBe(2);
  });

  test("on demand: an interrupt is lost, and the log says so", () => {
    const bench = booted();
    enable(bench, "edu");
    const edu = bench.machine.root.functions.find(({ name }) => name === "edu");
    edu?.configWrite(0x44, { width: 4, value: 0xfee00000 });
    edu?.configWrite(0x4c, { width: 2, value: 0x41 });
    edu?.configWrite(0x42, { width: 2, value: 1 });
    bench.machine.root.fabric.faults.add({ function: "edu", access: "interrupt", nth: 1 });
    edu?.raise();
    expect(bench.machine.interrupts.take()).toBeUndefined();
    edu?.raise();
    expect(bench.machine.interrupts.take()).toEqual({ kind: "message", vector: 0x41 });
    const fates = bench.machine.interrupts.log.events().map(({ fate }) => fate);
    expect(fates).toEqual(["lost", "sent", "pending", "delivered"]);
  });
});
