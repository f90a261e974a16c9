import { describe, expect, test } from "vitest";
import { Arena } from "../../../emulator/core/arena";
import { formatComparison } from "../../../emulator/formats/comparison";
import { type AssignPolicy, Kernel } from "../../../emulator/linux/kernel";
import type { Comparison } from "../../../emulator/machine/boot-views";
import { builtIn } from "../../../emulator/machine/built-in";
import { type Boot, compare } from "../../../emulator/machine/compare";
import type { MachineDescription } from "../../../emulator/machine/description";
import { importMachine } from "../../../emulator/machine/import";
import { Machine } from "../../../emulator/machine/machine";
import { WhatIfError, whatIf } from "../../../emulator/machine/what-if";
import { topology } from "../../support/golden";

const demo = builtIn.get("demo") as MachineDescription;

function boot(description: MachineDescription, policy: AssignPolicy = "scratch"): Boot {
  const kernel = new Kernel(new Machine(description, Arena.create(1 << 26)));
  kernel.boot(policy);
  return { title: policy, addresses: kernel.addresses };
}

function ifOnly(...wishes: string[]): Comparison {
  return compare(boot(demo), boot(whatIf(demo, wishes)));
}

const changes = ({ differences }: Comparison) => differences.map(({ change, what }) => `${what} ${change}`);

describe("two boots of one machine", () => {
  test("that are the same differ in nothing", () => {
    expect(compare(boot(demo), boot(demo)).differences).toEqual([]);
  });

  test("a larger BAR grows, what lay behind it moves, and why is said", () => {
    const comparison = ifOnly("edu.BAR0=512M");
    expect(changes(comparison)).toEqual([
      "0000:00:03.0 bridge window resized",
      "0000:01:00.0 BAR 0 resized",
      "0000:00:04.0 bridge window moved",
      "0000:02:00.0 BAR 0 moved",
    ]);
    expect(comparison.differences.slice(2).map(({ why }) => why)).toEqual([
      "0000:00:03.0 bridge window lies there now",
      "It moved with the window of 0000:00:04.0",
    ]);
  });

  test("a BAR that no window can hold is lost, with the reason", () => {
    const { differences } = compare(
      boot(demo),
      boot(whatIf(demo, ["no-above-4g", "edu.BAR0=2G", "hpmmiosize=1M"])),
    );
    const lost = differences.find(({ what }) => what === "0000:01:00.0 BAR 0");
    expect(lost?.change).toBe("lost");
    expect(lost?.why).toBe(
      "What is not prefetchable fits into no memory window of the bridge 0000:00:03.0 above",
    );
  });

  test("without windows above 4 GiB everything lies below", () => {
    const { differences } = ifOnly("no-above-4g");
    const moved = differences.flatMap(({ after }) => after?.range?.end ?? []);
    expect(moved.length).toBeGreaterThan(0);
    expect(moved.every((end) => BigInt(end) < 1n << 32n)).toBe(true);
  });

  test("as text: marks, both ranges, and how many differ", () => {
    const text = formatComparison(ifOnly("edu.BAR0=512M"));
    expect(text).toContain(
      "~ 0000:01:00.0 BAR 0          0x40000000-0x400fffff → 0x40000000-0x5fffffff  resized\n",
    );
    expect(text).toMatch(/\n4 of \d+ differ\n$/);
  });
});

describe("an imported map beside what Linux would assign", () => {
  const imported = (variant: string) => {
    const texts = topology("t05-switch1")[variant] ?? {};
    return importMachine({
      name: "switch",
      dump: texts["lspci-xxxx.txt"] ?? "",
      iomem: texts["iomem.txt"],
      ioports: texts["ioports.txt"],
      resources: texts["resource.txt"],
      dmesg: texts["dmesg-pci.txt"],
    });
  };

  test("after its own firmware it is the same", () => {
    const machine = imported("seabios");
    expect(compare(boot(machine, "as-is"), boot(machine, "firmware")).differences).toEqual([]);
  });

  test("from scratch all of it moves", () => {
    const machine = imported("seabios");
    const { differences, same } = compare(boot(machine, "as-is"), boot(machine, "scratch"));
    expect(differences.length).toBeGreaterThan(20);
    expect(same).toBe(0);
  });

  test("functions are found again where bus numbers differ: by their way from the root bus", () => {
    const { differences } = compare(boot(imported("qboot"), "as-is"), boot(imported("scratch"), "as-is"));
    expect(differences).toEqual([]);
  });
});

describe("a wish", () => {
  test.each([
    ["edu.BAR0=3M", '"3M" is no size of a BAR: a power of two such as 256M'],
    ["edu.BAR5=1M", "edu has no BAR 5"],
    ["nobody.BAR0=1M", 'There is no device "nobody" in this machine'],
    ["edu.BAR0=8", "A BAR of this kind has 16 bytes to 2G"],
    ["hpmmiosize=much", '"much" is no size: write it as 8M, 0x800000 or 8388608'],
    ["more", 'What if "more" is not understood: write no-above-4g, DEVICE.BAR2=256M, or'],
  ])("%s is refused with a sentence", (wish, sentence) => {
    expect(() => whatIf(demo, [wish])).toThrow(WhatIfError);
    expect(() => whatIf(demo, [wish])).toThrow(sentence);
  });

  test("can name a device by its address", () => {
    expect(whatIf(demo, ["01:00.0.BAR0=4M"])).toEqual(whatIf(demo, ["edu.BAR0=4M"]));
  });
});
