import { describe, expect, test } from "vitest";
import { Arena } from "../../../emulator/core/arena";
import { parseDump } from "../../../emulator/formats/dump";
import { FilterError } from "../../../emulator/formats/lspci/filter";
import { type LspciOptions, printLspci } from "../../../emulator/formats/lspci/print";
import { Kernel } from "../../../emulator/linux/kernel";
import { type SysfsDevice, sysfsDevices } from "../../../emulator/linux/sysfs";
import { builtIn } from "../../../emulator/machine/built-in";
import { Machine } from "../../../emulator/machine/machine";
import { pciNames, sysfsOf, topology } from "../../support/golden";
import { randomCardbus, randomDevices } from "../../support/random-config";
import { lspciOfDump, lspciOfSysfs, whyNoLspci } from "../../support/real-lspci";

const names = pciNames();
const missing = whyNoLspci();
/** The real one is started for each combination of options. */
const PATIENCE_MS = 600_000;
if (missing) console.warn(`Not compared with the real lspci: ${missing}`);

function booted(name: string): readonly SysfsDevice[] {
  const description = builtIn.get(name);
  if (!description) throw new RangeError(name);
  const kernel = new Kernel(new Machine(description, Arena.create()));
  kernel.boot();
  return sysfsDevices(kernel);
}

function imported(name: string): readonly SysfsDevice[] {
  return sysfsOf(topology(name)["scratch"] ?? {}, "as-is");
}

/** `-vvnn -s 1:` from the options as ours takes them. */
function letters({ s, d, ...rest }: LspciOptions): string[] {
  const flags = Object.entries(rest).map(([letter, times]) => letter.repeat(Number(times)));
  return [...flags.map((flag) => `-${flag}`), ...(s ? ["-s", s] : []), ...(d ? ["-d", d] : [])];
}

const COMBINATIONS: readonly LspciOptions[] = [
  {},
  { n: 1 },
  { n: 2, D: true },
  { v: 1 },
  { v: 2 },
  { v: 3, n: 2 },
  { v: 3, b: true },
  { k: true, n: 1 },
  { m: 1 },
  { m: 2, n: 2 },
  { m: 2, v: 1 },
  { m: 2, v: 1, k: true },
  { m: 1, v: 1, n: 1 },
  { x: 1 },
  { x: 3, v: 1 },
  { x: 4, n: 1 },
  { t: true },
  { t: true, v: 1 },
  { t: true, v: 1, n: 2 },
  { t: true, s: "1:0" },
  { s: "0:", v: 1 },
  { s: "0.0" },
  { s: "*:1f.2", v: 2 },
  { d: "8086:" },
  { d: "::0604", n: 1 },
];

const BUILT_IN = [...builtIn.keys()];
const IMPORTED = ["t05-switch1", "t10-nvme-sriov", "t12-i440fx-basic", "t23-vga-rp", "t28-amd-iommu"];

describe.skipIf(missing !== undefined)("the real lspci of pciutils 3.9.0", { timeout: PATIENCE_MS }, () => {
  test.each(BUILT_IN)("reads the dump of %s without a complaint and prints the same tree", (name) => {
    const devices = booted(name);
    const dump = printLspci(devices, { names, x: 4 });
    const { text, complaints } = lspciOfDump(dump, ["-tv"]);
    expect(complaints).toBe("");
    expect(text).toBe(printLspci(devices, { names, t: true, v: 1 }));
  });

  test.each([...BUILT_IN, ...IMPORTED])("prints of the sysfs folder of %s what ours prints", (name) => {
    const devices = builtIn.has(name) ? booted(name) : imported(name);
    for (const options of COMBINATIONS) {
      const { text, complaints } = lspciOfSysfs(devices, letters(options));
      expect(complaints).toBe("");
      expect(printLspci(devices, { ...options, names }), letters(options).join(" ")).toBe(text);
    }
  });

  test.each([6, 7])("decodes 100 CardBus bridges with random headers as ours does, seed %i", (seed) => {
    const devices = randomCardbus(seed, 100);
    for (const options of [{}, { v: 1 }, { v: 2 }, { v: 3, b: true }, { m: 2, v: 1 }]) {
      const { text } = lspciOfSysfs(devices, letters(options));
      expect(printLspci(devices, { ...options, names }).split("\n\n")).toEqual(text.split("\n\n"));
    }
  });

  test.each([4, 5])("decodes 400 functions with random capabilities as ours does, seed %i", (seed) => {
    const devices = randomDevices(seed, 400);
    for (const options of [{ v: 1 }, { v: 3 }]) {
      const { text } = lspciOfSysfs(devices, letters(options));
      expect(printLspci(devices, { ...options, names }).split("\n\n")).toEqual(text.split("\n\n"));
    }
  });
});

describe("a dump", () => {
  test("holds what its own reader reads back, byte for byte", () => {
    const devices = imported("t05-switch1");
    const read = parseDump(printLspci(devices, { names, x: 4 }));
    expect(read.map(({ bytes }) => [...bytes])).toEqual(devices.map(({ config }) => [...config]));
  });
});

describe("a filter that lspci would not take", () => {
  test.each(["zz", "1:2:3:4", "0:0.8"])("-s %s is refused with a sentence", (s) => {
    expect(() => printLspci([], { names, s })).toThrow(FilterError);
  });

  test.each(["zz", "8086", "1:2:3:4:5"])("-d %s is refused with a sentence", (d) => {
    expect(() => printLspci([], { names, d })).toThrow(/write it as lspci does/);
  });
});
