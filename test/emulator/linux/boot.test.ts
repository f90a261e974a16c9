import { describe, expect, test } from "vitest";
import { formatIomem } from "../../../emulator/formats/iomem";
import { printLspci } from "../../../emulator/formats/lspci/print";
import { fewNames } from "../../../emulator/formats/pci-names";
import { sysfsDevices } from "../../../emulator/linux/sysfs";
import type { MachineDescription } from "../../../emulator/machine/description";
import { booted, description } from "../../support/bench";

describe("Linux on the demo machine", () => {
  test("finds the host bridge, two root ports and what is behind them, numbering buses depth first", () => {
    const { kernel } = booted();
    expect(printLspci(sysfsDevices(kernel), { names: fewNames })).toMatchInlineSnapshot(`
      "00:00.0 Host bridge: Intel Corporation 82G33/G31/P35/P31 Express DRAM Controller
      00:03.0 PCI bridge: Red Hat, Inc. QEMU PCIe Root port
      00:04.0 PCI bridge: Red Hat, Inc. QEMU PCIe Root port
      00:05.0 Class 0700: Red Hat, Inc. Device 0002 (rev 01)
      01:00.0 Unclassified device [00ff]: Device 1234:11e8 (rev 10)
      02:00.0 RAM memory: Red Hat, Inc. Inter-VM shared memory (rev 01)
      "
    `);
  });

  test("leaves every register of a BAR and a window at what the resource tree says", () => {
    const { machine, kernel } = booted();
    for (const dev of kernel.devices) {
      const fn = machine.root.functionAt(dev.bdf);
      for (const bar of fn?.bars ?? []) expect(Number(bar.base)).toBe(dev.resource[bar.index]?.start);
    }
  });

  test("logs what it decides in Linux's words", () => {
    const log = booted().kernel.log.map(({ text }) => text);
    expect(log).toContain(
      "pci 0000:00:03.0: bridge window [mem 0x00100000-0x000fffff 64bit pref] to [bus 01] add_size 200000 add_align 100000",
    );
    expect(log).toContain("pci 0000:02:00.0: BAR 2 [mem 0x100000000-0x1003fffff 64bit pref]: assigned");
    expect(log).toContain("pcieport 0000:00:03.0: enabling device (0000 -> 0003)");
  });

  test("boots twice into the same machine, bit by bit", () => {
    expect(booted().machine.arena.digest()).toBe(booted().machine.arena.digest());
  });
});

/** Golden: Linux 6.1 on QEMU's q35 with the same device, all addresses assigned by Linux itself. */
describe("what Linux assigned on the edu bench is what real Linux assigned", () => {
  test("edu's BAR on the root bus", () => {
    const lines = formatIomem(booted("edu-bench").kernel.state().iomem);
    expect(lines).toContain("40000000-afffffff : PCI Bus 0000:00\n  40000000-400fffff : 0000:00:05.0\n");
  });
});

describe("a machine whose BARs do not fit", () => {
  const demo = description("demo");
  const small: MachineDescription = {
    ...demo,
    hostBridge: { ...demo.hostBridge, windows: [{ kind: "memory", start: "0x40000000", end: "0x401fffff" }] },
  };

  test("keeps what fits, says what does not, and leaves the rest without an address", () => {
    const { kernel, inspection } = booted(small);
    const log = kernel.log.map(({ text }) => text);
    expect(log.some((text) => /: can't assign; no space$/.test(text))).toBe(true);
    expect(log.some((text) => /: failed to assign$/.test(text))).toBe(true);
    const bars = inspection.functions(kernel.state()).flatMap((fn) => fn.bars);
    const homeless = bars.filter(({ physical }) => physical === undefined);
    expect(homeless.length).toBeGreaterThan(0);
    for (const { decoding, why } of homeless)
      expect({ decoding, why }).toEqual({ decoding: false, why: "It has no address" });
  });
});
