import { describe, expect, test } from "vitest";
import { Arena } from "../../../emulator/core/arena";
import { DumpError } from "../../../emulator/formats/dump";
import { formatIomem, formatIoports } from "../../../emulator/formats/iomem";
import { printLspci } from "../../../emulator/formats/lspci/print";
import { Kernel } from "../../../emulator/linux/kernel";
import { sysfsDevices } from "../../../emulator/linux/sysfs";
import type { MachineDescription } from "../../../emulator/machine/description";
import { DescriptionError } from "../../../emulator/machine/description-error";
import { ImportError, importMachine } from "../../../emulator/machine/import";
import { Machine } from "../../../emulator/machine/machine";
import { sequence } from "../../support/bench";
import { pciNames, topologies, topology } from "../../support/golden";

const names = pciNames();

function booted(description: MachineDescription, policy: "as-is" | "scratch" = "as-is"): Kernel {
  const kernel = new Kernel(new Machine(description, Arena.create(1 << 27)));
  kernel.boot(policy);
  return kernel;
}

/** Lines of functions and of buses below bridges; root buses, and ports that quirks claimed, are in no such text. */
function ofFunctions(map: string): readonly string[] {
  return map
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => / : ([0-9a-f]{4}:[0-9a-f]{2}:|PCI Bus )/.test(line))
    .filter((line) => !/ : (PCI Bus 0000:(00|40)|0000:00:(1f\.0|01\.3))$/.test(line));
}

function tree(kernel: Kernel): string {
  return printLspci(sysfsDevices(kernel), { names, t: true, v: 1 });
}

describe("lspci -vvv alone, as somebody pasted it into a bug report", () => {
  test.each(topologies())("%s: the same tree, identifiers, addresses and sizes", (name) => {
    for (const texts of Object.values(topology(name))) {
      const kernel = booted(importMachine({ name, dump: texts["lspci-vvv.txt"] ?? "", names }));
      expect(tree(kernel)).toBe(texts["lspci-tv.txt"]);
      // lspci says no sizes of BARs that virtual functions share.
      if (name.includes("sriov")) continue;
      const { iomem, ioports } = kernel.state();
      expect(ofFunctions(formatIomem(iomem))).toEqual(ofFunctions(texts["iomem.txt"] ?? ""));
      expect(ofFunctions(formatIoports(ioports))).toEqual(ofFunctions(texts["ioports.txt"] ?? ""));
    }
  });

  test("without numbers, quoted, indented by blanks: names are looked up in pci.ids", () => {
    const texts = topology("t04-rp4-mixed")["seabios"] ?? {};
    const pasted = (texts["lspci-vvv.txt"] ?? "")
      .replaceAll(/ \[[0-9a-f]{4}(:[0-9a-f]{4})?\]/g, "")
      .replaceAll("\t", "        ")
      .replaceAll(/^/gm, "> ");
    const kernel = booted(importMachine({ name: "pasted", dump: pasted, names }));
    expect(tree(kernel)).toBe(texts["lspci-tv.txt"]);
  });

  test("with -xxxx below: the bytes count, and the words give the sizes", () => {
    const texts = topology("t03-nvme-rp")["seabios"] ?? {};
    const both = `${texts["lspci-vvv.txt"]}\n${texts["lspci-xxxx.txt"]}`;
    const machine = importMachine({ name: "both", dump: both, names });
    expect(JSON.stringify(machine)).not.toContain('"assumed"');
    expect(tree(booted(machine))).toBe(texts["lspci-tv.txt"]);
  });

  test("sizes that the text lacks are inferred from the addresses, and marked", () => {
    const texts = topology("t03-nvme-rp")["seabios"] ?? {};
    const bare = (texts["lspci-vvv.txt"] ?? "").replaceAll(/ \[size=\w+\]/g, "");
    const machine = importMachine({ name: "bare", dump: bare, names });
    const bars = JSON.stringify(machine).match(/"assumed":true/g) ?? [];
    expect(bars.length).toBeGreaterThan(2);
    expect(() => booted(machine, "scratch")).not.toThrow();
  });

  test("one function without the bridge above it has a root bus of its own", () => {
    const text = [
      "65:00.0 VGA compatible controller [0300]: NVIDIA Corporation GA102 [10de:2204] (rev a1) (prog-if 00 [VGA controller])",
      "\tControl: I/O+ Mem+ BusMaster+ SpecCycle- MemWINV- VGASnoop- ParErr- Stepping- SERR- FastB2B- DisINTx+",
      "\tRegion 0: Memory at d7000000 (32-bit, non-prefetchable) [size=16M]",
      "\tRegion 1: Memory at 387fe0000000 (64-bit, prefetchable) [size=256M]",
      "\tRegion 5: I/O ports at b000 [size=128]",
    ].join("\n");
    const machine = importMachine({ name: "card", dump: text, names });
    expect(formatIomem(booted(machine).state().iomem)).toContain("387fe0000000-387fefffffff : 0000:65:00.0");
    expect(formatIomem(booted(machine, "scratch").state().iomem)).toContain(" : 0000:65:00.0");
  });
});

describe("a text that was cut, garbled or made up", () => {
  const texts = topologies().flatMap((name) => Object.values(topology(name)).slice(0, 1));
  /** One sentence is an answer; so is a machine that boots. */
  function attempt(dump: string): "machine" | "sentence" {
    try {
      booted(importMachine({ name: "hostile", dump, names }), "scratch");
      return "machine";
    } catch (error) {
      const known =
        error instanceof DumpError || error instanceof ImportError || error instanceof DescriptionError;
      if (!known && !(error instanceof RangeError)) throw error;
      expect(error.message).toMatch(/^[^\n]{10,200}$/);
      return "sentence";
    }
  }

  test.each(["lspci-vvv.txt", "lspci-xxxx.txt"])(
    "%s gives a machine or one sentence, 400 times",
    (file) => {
      const next = sequence(0xbad);
      const outcomes = new Set<string>();
      for (let turn = 0; turn < 400; turn++) {
        const source = texts[next() % texts.length]?.[file] ?? "";
        const from = next() % Math.max(1, source.length);
        const cut = source.slice(from, from + 200 + (next() % 4000));
        const letters = [...cut];
        for (let hits = next() % 40; hits > 0; hits--)
          letters[next() % letters.length] = String.fromCharCode(9 + (next() % 118));
        outcomes.add(attempt(letters.join("")));
      }
      expect([...outcomes].sort()).toEqual(["machine", "sentence"]);
    },
    120_000,
  );
});
