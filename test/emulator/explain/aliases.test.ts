import { describe, expect, test } from "vitest";
import { booted, enable, iomap } from "../../support/bench";

function bench() {
  const made = booted();
  enable(made, "edu");
  enable(made, "serial");
  iomap(made, "edu");
  return made.inspection;
}

const names = (address: string) =>
  bench()
    .translate(address)
    .aliases.map((it) => it.address);

describe("a register behind a BAR", () => {
  const every = ["0xffffc90000000020", "0x40000020", "bus:0x40000020", "edu.BAR0+0x20", "edu.STATUS"];

  test.each([...every, "bus@0000:01:00.0:0x40000020", "virt:0xffffc90000000020", "phys:0x40000020"])(
    "%s has every other address of the byte",
    (address) => {
      expect(names(address)).toEqual(every);
    },
  );

  test("is reached by nobody while the function does not decode: no address is offered", () => {
    expect(booted().inspection.translate("edu.STATUS")).toMatchObject({ end: "dead", aliases: [] });
  });

  test("of a field says its bits and what they mean", () => {
    expect(bench().translate("edu.STATUS.COMPUTING").sentence).toBe(
      "edu.STATUS.COMPUTING is bit 0 of edu.STATUS and holds 0x0: A factorial is being computed.",
    );
  });

  test("behind an I/O BAR is a port", () => {
    expect(names("serial.LCR")).toEqual(["io:0x3003", "serial.BAR0+0x3", "serial.LCR"]);
  });

  test("that can only be written shows no value", () => {
    const { hops, sentence } = bench().translate("edu.IRQ_RAISE");
    expect(hops.at(-1)?.facts).toContainEqual({ label: "value", value: "write-only" });
    expect(sentence).toMatch(/can only be written$/);
  });
});

describe("a physical page of RAM", () => {
  test("is mapped by the direct map, and seen by devices at the same address", () => {
    expect(names("0x5000000")).toEqual(["0xffff888005000000", "0x5000000", "bus:0x5000000"]);
  });
});

describe("configuration space", () => {
  const every = ["0xb0100010", "0000:01:00.0+0x10", "edu.config.BASE_ADDRESS_0"];

  test.each([...every, "01:00.0+0x10", "cfg@01:00.0:0x10"])("%s has ECAM, place and name", (address) => {
    expect(names(address)).toEqual(every);
  });

  test("is reached down the bus numbers, whose registers are read on the way (PCI 3.0, 3.2.2.3)", () => {
    const { hops } = bench().translate("edu.config.COMMAND");
    expect(hops.map(({ title }) => title)).toEqual([
      "Configuration space of edu",
      "rp0, bus numbers",
      "edu.config.COMMAND",
    ]);
    expect(hops[1]?.reads?.map(({ what, at, value }) => [what, at, value])).toEqual([
      ["rp0.config.PRIMARY_BUS", "0000:00:03.0+0x18", "0x0"],
      ["rp0.config.SECONDARY_BUS", "0000:00:03.0+0x19", "0x1"],
      ["rp0.config.SUBORDINATE_BUS", "0000:00:03.0+0x1a", "0x1"],
    ]);
    expect(hops[0]?.facts).toContainEqual({ label: "by ports", value: "0x80010004 to 0xcf8, data at 0xcfc" });
  });
});

describe("what is read on the way", () => {
  test("has a place that translate takes, and the value that is there", () => {
    const inspection = bench();
    const read = inspection.translate("0xffffc90000000020").hops.flatMap(({ reads = [] }) => reads);
    expect(read.map(({ what }) => what)).toEqual([
      ...["PGD", "PUD", "PMD", "PTE"],
      ...["rp0.config.COMMAND", "rp0.config.MEMORY_BASE", "rp0.config.MEMORY_LIMIT"],
      ...["edu.config.COMMAND", "edu.config.BASE_ADDRESS_0", "edu.STATUS"],
    ]);
    for (const { at, value, bits } of read) {
      const { bytes } = inspection.peek(at, 8);
      const width = Math.max(8, ...bits.map((it) => it.bits[0] + 1)) > 32 ? 64 : 16;
      const there = BigInt.asUintN(width, new DataView(bytes.buffer).getBigUint64(0, true));
      expect(BigInt.asUintN(width, BigInt(value))).toBe(there);
    }
  });

  test("names the bits of a page-table entry (Intel SDM vol. 3A, 4.5.4)", () => {
    const { hops } = bench().translate("0xffffc90000000020");
    const [leaf] = hops.find(({ title }) => title === "PTE")?.reads ?? [];
    const set = leaf?.bits.filter(({ value }) => value !== "0x0").map(({ name }) => name);
    expect(set).toEqual(["P", "RW", "PCD", "A", "D", "G", "XD", "ADDRESS"]);
  });
});
