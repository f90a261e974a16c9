import { describe, expect, test } from "vitest";
import { parseDump } from "../../../emulator/formats/dump";
import type { AssignPolicy } from "../../../emulator/linux/kernel";
import { formatBdf } from "../../../emulator/pci/bdf";
import { blind } from "../../support/blind";
import {
  booted,
  pciNames,
  printed,
  recorded,
  sysfsOf,
  type Texts,
  topologies,
  topology,
} from "../../support/golden";

/**
 * Real Linux 6.1.192 on 36 topologies. Drivers that claim something at boot (shpchp in r03, t11) are not part of
 * placement: they are left out there.
 */
const DRIVER_CLAIMS = /^ *[0-9a-f-]+ : shpchp\n/gm;

const names = pciNames();
const PLACES = ["iomem.txt", "ioports.txt", "resource.txt"] as const;
const FORMATS = [...PLACES, "lspci-tv.txt", "lspci-mm.txt", "lspci-vvv.txt"] as const;

function compare(name: string, { assign, files }: { assign: AssignPolicy; files: readonly string[] }): void {
  for (const [variant, texts] of Object.entries(topology(name))) {
    if (assign !== "as-is" && (assign === "firmware") !== (variant === "seabios")) continue;
    const found = printed(assign === "as-is" ? texts : blind(texts), { assign, names });
    for (const file of files) {
      const wanted = assign === "as-is" ? recorded(texts, file) : texts[file]?.replace(DRIVER_CLAIMS, "");
      expect(found[file], `${variant}/${file}`).toBe(wanted);
    }
  }
}

describe("an imported machine, as it was, prints byte for byte what Linux printed", () => {
  test.each(topologies())("%s: iomem, ioports, resource, lspci -tv, -D -n -mm and -vvv -nn", (name) => {
    compare(name, { assign: "as-is", files: FORMATS });
  });
});

describe("from a machine without any address that Linux chose, assignment from scratch chooses the same", () => {
  test.each(topologies())("%s: iomem, ioports, resource", (name) => {
    compare(name, { assign: "scratch", files: PLACES });
  });
});

describe("from what firmware had left, Linux claims and completes the same", () => {
  test.each(topologies())("%s: iomem, ioports, resource", (name) => {
    compare(name, { assign: "firmware", files: PLACES });
  });
});

/** What the kernel decided, in its own words and order. */
const DECISION = /add_size|: (re)?assigned|can't assign|failed to assign|No\. \d+ try|releasing/;

describe("the log tells the same decisions in the same order", () => {
  test.each(topologies())("%s", (name) => {
    for (const [variant, texts] of Object.entries(topology(name))) {
      const log = booted(blind(texts), variant === "seabios" ? "firmware" : "scratch");
      const golden = (texts["dmesg-pci.txt"] ?? "")
        .split("\n")
        .map((line) => line.replace(/^\[[^\]]*\] /, "").trimEnd());
      expect(log.filter((line) => DECISION.test(line))).toEqual(golden.filter((line) => DECISION.test(line)));
    }
  });
});

/** Lines of the PCI core. */
const CORE = /^(pci |pci_bus )/;
/** What no import can know: quirks and drivers of other parts, numbers that firmware had given before `assign-busses`. */
const OTHERS =
  /supports D1|PME#|quirk|busn_res: can not|resource \[bus|enabling (Extended|device)|took \d|Firmware|vgaarb|iommu group|PIIX3|Limiting|AMD-Vi|reconfiguring|shadowed ROM|legacy IDE/;

/** Bridge windows that a firmware without addresses happened to leave are not in the blinded texts. */
function coreLines(lines: readonly string[], variant: string): readonly string[] {
  const own = lines.filter((line) => CORE.test(line) && !OTHERS.test(line));
  const decided = own.findIndex((line) => /add_size|assigned|can't|max bus depth/.test(line));
  const left = (line: string, index: number) => index < decided && line.includes("bridge window [");
  return variant === "seabios" ? own : own.filter((line, index) => !left(line, index));
}

describe("the PCI core says the same from the first host bridge to the last window", () => {
  // t09: the range of buses of a second host bridge is in no text; t23: a ROM's address before it was copied.
  const known = topologies().filter((name) => !/^t09|^t23/.test(name));

  test.each(known)("%s", (name) => {
    for (const [variant, texts] of Object.entries(topology(name))) {
      const log = booted(blind(texts), variant === "seabios" ? "firmware" : "scratch");
      const golden = (texts["dmesg-pci.txt"] ?? "")
        .split("\n")
        .map((line) => line.replace(/^\[[^\]]*\] /, "").trimEnd());
      expect(coreLines(log, variant)).toEqual(coreLines(golden, variant));
    }
  });
});

/** By header type: BARs; BARs, bus numbers and windows. ROMs are placed but not written. */
const WRITTEN = [
  [[0x10, 0x28]],
  [
    [0x10, 0x1b],
    [0x1c, 0x1e],
    [0x20, 0x34],
  ],
] as const;

/** Where our registers differ from those that Linux left. */
function registerDifferences(texts: Texts, assign: AssignPolicy): readonly string[] {
  const ours = new Map(sysfsOf(blind(texts), assign).map(({ name, config }) => [name, config]));
  return parseDump(texts["lspci-xxxx.txt"] ?? "").flatMap(({ bdf, bytes }) => {
    const config = ours.get(formatBdf(bdf));
    const ranges = WRITTEN[((bytes[0x0e] ?? 0) & 0x7f) as 0 | 1];
    const at = ranges.flatMap(([from, to]) => Array.from({ length: to - from }, (_, index) => from + index));
    const wrong = at.filter((it) => bytes[it] !== config?.[it]);
    return wrong.map((it) => `${formatBdf(bdf)} ${it.toString(16)}`);
  });
}

describe("every BAR, bus number and window is written as Linux wrote it", () => {
  // t14: its port has an I/O window that cannot be written, and Linux books it nevertheless.
  test.each(topologies().filter((name) => !name.startsWith("t14")))("%s", (name) => {
    for (const [variant, texts] of Object.entries(topology(name)))
      expect(registerDifferences(texts, variant === "seabios" ? "firmware" : "scratch"), variant).toEqual([]);
  });
});

describe("pci=realloc after the firmware of a machine with a switch", () => {
  // Seen on real Linux 6.1.192: memory stays, and of the switch's I/O windows each hot-plug port gets 4 KiB, from 0x1000 on.
  const realloc = (name: string, pci: string) =>
    printed(blind(topology(name)["seabios"] ?? {}), { assign: "firmware", names, pci });

  test("moves the I/O windows of t05 from c000-cfff to 1000-3fff, and no memory", () => {
    const [before, after] = [realloc("t05-switch1", ""), realloc("t05-switch1", "realloc")];
    expect(after["iomem.txt"]).toBe(before["iomem.txt"]);
    expect(before["ioports.txt"]).toContain("c000-cfff : PCI Bus 0000:01");
    expect(after["ioports.txt"]).toContain("1000-3fff : PCI Bus 0000:01");
  });

  test.each(["t04-rp4-mixed", "t07-ivshmem-rp"])(
    "changes nothing on %s, where everything has a place",
    (name) => {
      expect(realloc(name, "realloc")).toEqual(realloc(name, ""));
    },
  );
});

describe("the three machines of the first import, variant by variant", () => {
  const variants = ["t01-e1000e-rootbus", "t02-edu-rootbus", "t03-nvme-rp"].flatMap((name) =>
    Object.keys(topology(name)).map((variant) => [name, variant] as const),
  );

  test.each(variants)("%s/%s is printed as it was", (name, variant) => {
    const texts = topology(name)[variant] ?? {};
    const found = printed(texts, { assign: "as-is", names });
    for (const file of FORMATS) expect(found[file]).toBe(recorded(texts, file));
  });

  test.each(variants.filter(([, variant]) => variant !== "seabios"))(
    "%s/%s is placed as Linux placed it",
    (name, variant) => {
      const texts = topology(name)[variant] ?? {};
      const found = printed(blind(texts), { assign: "scratch", names });
      for (const file of PLACES) expect(found[file]).toBe(texts[file]);
    },
  );

  test("the blinded texts hold no address of a BAR or a window", () => {
    const texts = topology("t03-nvme-rp")["scratch"] ?? {};
    const left = Object.values(blind(texts)).join("\n");
    expect(left).not.toMatch(/40000000-401fffff|100000000-1001fffff|0x40200000/);
    expect(blind(texts)["lspci-xxxx.txt"]).toMatch(/^10: 04 00 00 00/m);
  });
});
