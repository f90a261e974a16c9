import { describe, expect, test } from "vitest";
import { printLspci } from "../../../emulator/formats/lspci/print";
import { sysfsDevices } from "../../../emulator/linux/sysfs";
import { builtIn } from "../../../emulator/machine/built-in";
import { configPeek } from "../../../emulator/pci/config-access";
import { booted, enable } from "../../support/bench";
import { pciNames } from "../../support/golden";

/** Bytes looked at in each region: its start, and its end. */
const LOOKED_AT = 512;

describe("the peek law, everywhere", () => {
  test.each([...builtIn.keys()])(
    "peeks of every region of %s leave arena, trace and time as they were",
    (name) => {
      const bench = booted(name);
      const { machine, inspection } = bench;
      for (const fn of machine.root.functions) enable(bench, fn.name);
      machine.root.fabric.trace.on = true;
      const told: string[] = [];
      machine.root.fabric.onError = ({ sentence }) => told.push(sentence);
      const before = machine.arena.digest();
      for (const fn of machine.root.functions) {
        const { place } = fn;
        for (let at = 0; at < fn.config.size; at += 4)
          configPeek(
            machine.root,
            { bus: place?.bus.number ?? 0, device: place?.device ?? 0, function: place?.function ?? 0, at },
            4,
          );
        for (const { kind, base, size } of fn.bars) {
          for (const start of [base, base + BigInt(Math.max(0, size - LOOKED_AT))])
            if (kind === "io")
              for (let port = 0; port < Math.min(size, LOOKED_AT); port++)
                machine.portMap.peek(Number(start) + port, 1);
            else inspection.peek(`bus:0x${start.toString(16)}`, Math.min(size, LOOKED_AT));
        }
      }
      const { description, physical, root } = machine;
      for (const { start } of [
        ...description.platform,
        ...physical.ecams,
        ...physical.units,
        ...root.windows.filter(({ kind }) => kind === "memory"),
      ])
        inspection.peek(`0x${Number(start).toString(16)}`, LOOKED_AT);
      for (const port of [0, 0x60, 0xcf8, 0xcfc, 0xffff]) machine.portMap.peek(port, 1);
      expect(machine.arena.digest()).toBe(before);
      expect(machine.root.fabric.trace.transactions()).toEqual([]);
      expect(told).toEqual([]);
    },
  );
});

describe("looking as Linux's tools do", () => {
  test.each([...builtIn.keys()])("at the state, sysfs and lspci of %s makes no transaction", (name) => {
    const { machine, kernel } = booted(name);
    machine.root.fabric.trace.on = true;
    const before = machine.arena.digest();
    kernel.observe({ state: () => undefined });
    kernel.changed();
    expect(printLspci(sysfsDevices(kernel), { names: pciNames(), v: 3, x: 4 })).not.toBe("");
    expect(machine.root.fabric.trace.transactions()).toEqual([]);
    expect(machine.arena.digest()).toBe(before);
  });
});
