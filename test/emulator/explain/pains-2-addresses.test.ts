import { describe, expect, test } from "vitest";
import { q35 } from "../../../emulator/machine/built-in";
import { type Bench, booted, enable, functionOf } from "../../support/bench";
import { driverBench } from "../../support/driver";
import { ask, mend } from "../../support/explaining";
import { asItWas, topology } from "../../support/golden";

function enabled(): Bench {
  const bench = booted();
  for (const name of ["edu", "shmem"]) enable(bench, name);
  return bench;
}

describe("4: no space, failed to assign", () => {
  test("the BAR that Linux could not place says what it needs, and the largest gap", () => {
    const windows = [
      ...q35.hostBridge.windows.slice(0, 3),
      { kind: "memory", start: "0x40000000", end: "0x401fffff" } as const,
    ];
    const bench = booted({
      ...q35,
      name: "narrow",
      title: "",
      hostBridge: { ...q35.hostBridge, windows },
      functions: [
        { at: "00.0", device: "host-bridge" },
        { at: "05.0", device: "ivshmem", name: "shmem" },
      ],
    });
    const { sentence, log, decides } = ask(bench, "shmem.BAR2");
    expect(sentence).toMatch(
      /BAR 2 of shmem has no address: .* Linux could not place its 0x\w+ bytes .* largest gap/,
    );
    expect(decides?.register).toBe("shmem.config.BASE_ADDRESS_2");
    expect(log[0]).toMatch(
      /^pci 0000:00:05\.0: BAR 2 \[mem size 0x\w+ 64bit pref\]: can't assign; no space$/,
    );
    expect(bench.kernel.log.map(({ text }) => text)).toEqual(expect.arrayContaining([...log]));
  });
});

describe("5: a BAR grows, and the window above it cannot", () => {
  test("the bridge whose window ends too early is named, and how far it would have to go", () => {
    const bench = enabled();
    const port = functionOf(bench, "rp1");
    const bar = functionOf(bench, "shmem").bars.find(({ index }) => index === 2);
    const limit = port.config.value("PREF_MEMORY_LIMIT");
    port.configWrite(port.config.map["PREF_MEMORY_LIMIT"]?.at ?? 0, { width: 2, value: limit - 0x10 });
    const why = ask(bench, `shmem.BAR2+0x${((bar?.size ?? 0) - 4).toString(16)}`);
    expect(why.sentence).toMatch(
      /rp1 does not forward 0x\w+, which BAR 2 of shmem behind it holds: its prefetchable window is/,
    );
    expect(why.decides).toMatchObject({ register: "rp1.config.PREF_MEMORY_LIMIT" });
    expect(why.mends[0]?.sentence).toContain("pci=realloc");
    mend(bench, why);
    expect(ask(bench, `shmem.BAR2+0x${((bar?.size ?? 0) - 4).toString(16)}`).answered).toBe(true);
  });
});

describe("6: can't reserve, the region is busy", () => {
  test("who has claimed it is named, with the range", () => {
    const bench = driverBench();
    bench.bind((pdev) => {
      bench.pci.pci_enable_device(pdev);
      bench.pci.pci_request_region(pdev, 0, "first");
      expect(bench.pci.pci_request_region(pdev, 0, "second")).toBe(-16);
      return 0;
    });
    expect(ask(bench, "edu.BAR0").notes.join(" ")).toMatch(
      /first has claimed 0x40000000-0x400fffff: .*-EBUSY \(can't reserve\)/,
    );
  });
});

describe("7: a BAR over RAM, or one that does not keep what is written", () => {
  test("RAM answers, and the address says which BAR is hidden behind it", () => {
    const bench = enabled();
    functionOf(bench, "edu").configWrite(0x10, { width: 4, value: 0x1000_0000 });
    expect(ask(bench, "edu.STATUS").sentence).toMatch(/BAR 0 of edu .* holds 0x10000000, where RAM is/);
    expect(ask(bench, "0x10000020").notes.join(" ")).toMatch(
      /BAR 0 of edu holds this address too: RAM answers/,
    );
  });

  test("bits below the size are hard-wired: an address between does not stick (PCIe 7.5.1.2.1)", () => {
    const bench = enabled();
    expect(ask(bench, "edu.config.BASE_ADDRESS_0", { write: true }).notes.join(" ")).toMatch(
      /address bits from 20 up only: .* 1048576 bytes/,
    );
    functionOf(bench, "edu").configWrite(0x10, { width: 4, value: 0x4008_0000 });
    expect(functionOf(bench, "edu").config.value("BASE_ADDRESS_0")).toBe(0x4000_0000);
  });
});

describe("8: a 64-bit BAR taken for two", () => {
  test("its upper half says that it is no BAR of its own", () => {
    expect(ask(enabled(), "shmem.config.BASE_ADDRESS_3").notes.join(" ")).toMatch(
      /upper half of BAR 2 of shmem, which has 64 bits: no BAR 3 of its own/,
    );
  });
});

describe("9: sizing while the BAR decodes", () => {
  test("the BAR is live where the ones put it, and what to write back and to switch off is said", () => {
    const bench = enabled();
    functionOf(bench, "edu").configWrite(0x10, { width: 4, value: 0xffff_ffff });
    const why = ask(bench, "0xfff00000");
    expect(why.sentence).toMatch(
      /BAR 0 of edu .* holds 0xfff00000, all ones as sizing writes them, and edu decodes there right now/,
    );
    expect(why.mends.map(({ command }) => command)).toContain("wr edu.config.COMMAND.MEMORY 0x0");
  });

  test("by the address that Linux had chosen, the way back is known", () => {
    const bench = enabled();
    functionOf(bench, "edu").configWrite(0x10, { width: 4, value: 0xffff_ffff });
    const why = ask(bench, "0x40000020");
    expect(why.sentence).toContain("Linux had put it at 0x40000000");
    mend(bench, why);
    expect(ask(bench, "edu.STATUS").answered).toBe(true);
  });
});

describe("10: firmware left a BAR empty, and nobody assigned it", () => {
  test("the BAR says that it has no address, not that the device is broken", () => {
    const bench = enabled();
    functionOf(bench, "edu").configWrite(0x10, { width: 4, value: 0 });
    const { sentence, decides } = ask(bench, "edu.STATUS");
    expect(sentence).toMatch(/BAR 0 of edu has no address: its base .* is 0, and nobody gave it one/);
    expect(decides).toMatchObject({ field: "ADDRESS", is: "0" });
  });

  test("also on a recorded machine whose BARs did not fit", () => {
    const [texts] = Object.values(topology("t30-no-space-32bit"));
    if (!texts) throw new RangeError("no boots");
    const { machine, kernel } = asItWas(texts);
    const lost = machine.root.functions.flatMap((fn) =>
      fn.bars.filter(({ base }) => base === 0n).map((bar) => `${fn.name}.BAR${bar.index}`),
    );
    expect(lost.length).toBeGreaterThan(0);
    for (const name of lost) expect(ask({ machine, kernel }, name).sentence).toMatch(/has no address/);
  });
});
