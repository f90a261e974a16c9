import { describe, expect, test } from "vitest";
import { operate } from "../../../emulator/machine/operate";
import { actAtSlot } from "../../../emulator/machine/slots";
import { booted, functionOf } from "../../support/bench";

describe("a hand at the slots", () => {
  test("takes a card out and puts it back, and Linux hears of both", () => {
    const { machine, kernel } = booted();
    operate(machine, { do: "slot", act: "out", device: "edu" });
    kernel.settle();
    expect(kernel.devices.some(({ device }) => device === 0x11e8)).toBe(false);
    operate(machine, { do: "slot", act: "in", device: "edu" });
    kernel.settle();
    expect(kernel.devices.some(({ device }) => device === 0x11e8)).toBe(true);
  });

  test("says what cannot be done", () => {
    const { machine } = booted();
    expect(() => actAtSlot(machine, "nobody", "in")).toThrow(/no device nobody/);
    expect(() => actAtSlot(machine, "edu", "in")).toThrow(/plugged in already/);
    expect(() => actAtSlot(machine, "mch", "link-down")).toThrow(/in no slot/);
  });

  test("unplugs the link of a port by the port's name or the card's", () => {
    const bench = booted();
    for (const device of ["rp0", "edu"]) {
      actAtSlot(bench.machine, device, "link-down");
      expect(functionOf(bench, "edu").answers).toBe(false);
      actAtSlot(bench.machine, device, "link-up");
      expect(functionOf(bench, "edu").answers).toBe(true);
    }
  });
});

describe("the mode of posted writes", () => {
  test("is kept over resets and power cycles, and the description may choose it", () => {
    const { machine } = booted({ ...booted().machine.description, posting: "random" });
    expect(machine.root.fabric.posted.mode).toBe("random");
    operate(machine, { do: "posting", mode: "adversarial" });
    machine.reset();
    expect(machine.root.fabric.posted.mode).toBe("adversarial");
    machine.powerOn();
    expect(machine.root.fabric.posted.mode).toBe("adversarial");
  });
});
