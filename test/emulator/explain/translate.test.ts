import { describe, expect, test } from "vitest";
import { formatTranslation } from "../../../emulator/formats/translation";
import { booted, enable, iomap } from "../../support/bench";

describe("translate", () => {
  test("shows every hop from a virtual address to the field's register", () => {
    const bench = booted();
    enable(bench, "edu");
    iomap(bench, "edu");
    const { hops, sentence, end } = bench.inspection.translate("ffffc90000000020");
    expect(hops.map(({ title }) => title)).toEqual([
      "Virtual address",
      "PGD",
      "PUD",
      "PMD",
      "PTE",
      "Physical address",
      "Host bridge",
      "Bus address",
      "rp0, memory window",
      "edu BAR0 + 0x20",
      "edu.STATUS",
    ]);
    expect({ sentence, end }).toEqual({
      sentence: "0xffffc90000000020 is edu.STATUS, which holds 0x0",
      end: "register",
    });
  });

  test("reads each table entry from where the walk found it", () => {
    const bench = booted();
    iomap(bench, "edu");
    const entries = bench.inspection
      .translate("0xffffc90000000000")
      .hops.filter(({ kind }) => kind === "page-table");
    for (const { facts } of entries) {
      const fact = (name: string) => facts.find(({ label }) => label === name)?.value ?? "";
      const bytes = bench.inspection.peek(fact("entry at"), 8).bytes;
      expect(new DataView(bytes.buffer).getBigUint64(0, true)).toBe(BigInt(fact("entry")));
    }
    expect(entries).toHaveLength(4);
  });

  test.each([
    ["0xffffc90000000000", "not mapped: the entry is not present"],
    ["0xfff00000", "no window of the host bridge holds 0xfff00000"],
    ["0x50000000", "no BAR or window on bus 00 holds this address"],
    ["edu.STATUS", "Memory Space Enable (Command bit 1) of edu is 0"],
    ["0xb0108000", "configuration space of 0000:01:01.0, which is absent"],
    ["0xb0f00000", "configuration space of 0000:0f:00.0, but no bridge leads to bus 0f"],
    ["bus:0xffffffff00000000", "No window of the host bridge leads to bus address 0xffffffff00000000"],
  ])("%s dies, and says where: %s", (address, why) => {
    const { end, sentence, hops } = booted().inspection.translate(address);
    expect(end).toBe("dead");
    expect(sentence).toContain(why);
    expect(hops.at(-1)?.kind).toBe("dead");
  });

  test.each([
    "",
    "zzz",
    "0x",
    "12x",
    "edu.NONSENSE",
    "0x8000000000000",
    "0x0008000000000000",
    "0x1ffffffffffffffff",
  ])("%j is refused or dies, with a sentence", (text) => {
    try {
      expect(booted().inspection.translate(text).end).toBe("dead");
    } catch (error) {
      expect((error as Error).message).toMatch(/address|register|canonical/);
    }
  });

  test("as text, a line a hop", () => {
    const bench = booted();
    enable(bench, "edu");
    expect(formatTranslation(bench.inspection.translate("0x40000008"))).toMatchInlineSnapshot(`
      "Physical address                   0x40000008
      Host bridge                        0x40000008
          window: 0x40000000-0xafffffff
          offset: 0x0
      Bus address                        0x40000008
      rp0, memory window                 0x40000008
          window: 0x40000000-0x401fffff
          to bus: 01
          rp0.config.COMMAND at 0000:00:03.0+0x4: 0x407 (IO, MEMORY, MASTER, INTX_DISABLE)
          rp0.config.MEMORY_BASE at 0000:00:03.0+0x20: 0x4000 (ADDRESS 0x400)
          rp0.config.MEMORY_LIMIT at 0000:00:03.0+0x22: 0x4010 (ADDRESS 0x401)
      edu BAR0 + 0x8                     0x8
          base: 0x40000000
          size: 0x100000
          offset in BAR: 0x8
          edu.config.COMMAND at 0000:01:00.0+0x4: 0x7 (IO, MEMORY, MASTER)
          edu.config.BASE_ADDRESS_0 at 0000:01:00.0+0x10: 0x40000000 (ADDRESS 0x400)
      edu.FACTORIAL
          value: 0x0
          access: rw
          meaning: Write n: the device computes n! and stores it here. Ignored while it computes.
      0x40000008 is edu.FACTORIAL, which holds 0x0
      The same byte is
          0x40000008      window 0x40000000-0xafffffff of the host bridge
          bus:0x40000008  BAR 0 of edu
          edu.BAR0+0x8    BAR 0 of edu
          edu.FACTORIAL   its name
      "
    `);
  });
});
