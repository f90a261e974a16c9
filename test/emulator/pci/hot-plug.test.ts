import { describe, expect, test } from "vitest";
import { q35 } from "../../../emulator/machine/built-in";
import type { MachineDescription } from "../../../emulator/machine/description";
import { Bridge } from "../../../emulator/pci/bridge";
import { configRead } from "../../../emulator/pci/config-access";
import { insert, pullOut, setLink } from "../../../emulator/pci/hot-plug";
import { booted, enable, functionOf, iomap, wired } from "../../support/bench";

const slots: MachineDescription = {
  ...q35,
  name: "slots",
  title: "A port with a slot, and a card beside it",
  functions: [
    { at: "00.0", device: "host-bridge" },
    {
      at: "03.0",
      device: "pcie-root-port",
      name: "rp0",
      options: { slot: 1 },
      below: [
        { at: "00.0", device: "edu", name: "edu" },
        { at: "00.0", device: "pci-testdev", name: "later", absent: true },
      ],
    },
  ],
};

function bench() {
  const made = booted(slots);
  const find = (name: string) => made.machine.devices.find((it) => it.function.name === name)?.function;
  const [port, edu, later] = [find("rp0"), find("edu"), find("later")];
  if (!(port instanceof Bridge) || !edu || !later) throw new RangeError("The machine lacks a function");
  enable(made, "rp0");
  enable(made, "edu");
  return { ...made, port, edu, later };
}

const PRESENT = 0x40;
const CHANGED = 0x08;
const LINK_CHANGED = 0x100;

describe("a slot (PCIe 7.5.3.11)", () => {
  test("shows a card that is there at power-on, and its link", () => {
    const { port } = bench();
    expect(port.config.value("EXP_SLTSTA")).toBe(PRESENT);
    expect(port.config.value("EXP_LNKSTA") & 0x2000).toBe(0x2000);
  });

  test("after surprise removal: reads are all ones from then on, presence has changed (PCIe 6.7.3)", () => {
    const made = bench();
    const io = iomap(made, "edu");
    expect(made.io.ioread32(io)).toBe(0x010000ed);
    pullOut(made.edu);
    expect(made.io.ioread32(io)).toBe(0xffffffff);
    expect(configRead(made.machine.root, { bus: 1, device: 0, function: 0, at: 0 }, 4)).toBe(0xffffffff);
    expect(made.port.config.value("EXP_SLTSTA")).toBe(CHANGED | LINK_CHANGED);
    expect(made.port.config.value("EXP_LNKSTA") & 0x2000).toBe(0);
  });

  test("a card that is gone sends nothing: its DMA ends nowhere", () => {
    const made = bench();
    pullOut(made.edu);
    expect(made.edu.dmaWrite(0x200000n as never, Uint8Array.of(1))).toBe("UR");
  });

  test("takes another card, which comes with its reset values", () => {
    const made = bench();
    pullOut(made.edu);
    insert(made.later);
    expect(configRead(made.machine.root, { bus: 1, device: 0, function: 0, at: 0 }, 4)).toBe(0x00051b36);
    expect(made.port.config.value("EXP_SLTSTA")).toBe(PRESENT | CHANGED | LINK_CHANGED);
  });

  test("interrupts where Slot Control enables it, until the event is cleared (PCIe 6.7.3.4)", () => {
    const made = bench();
    made.port.configWrite(0x6c, { width: 2, value: 0x0028 });
    made.port.configWrite(0x6e, { width: 2, value: 0x10 });
    pullOut(made.edu);
    expect(made.machine.interrupts.levels).toBe(1 << 23);
    made.port.configWrite(0x6e, { width: 2, value: CHANGED });
    expect(made.machine.interrupts.levels).toBe(0);
  });

  test("keeps a card whose link fails; it comes back reset (PCIe 6.6.1)", () => {
    const made = bench();
    const io = iomap(made, "edu");
    made.io.iowrite32(5, io, 4);
    setLink(made.port, false);
    expect(made.io.ioread32(io, 4)).toBe(0xffffffff);
    expect(made.port.config.value("EXP_SLTSTA") & PRESENT).toBe(PRESENT);
    setLink(made.port, true);
    enable(made, "edu");
    expect(made.edu.config.value("BASE_ADDRESS_0")).toBe(0);
  });

  test("presence is in the arena: a snapshot brings a card back", () => {
    const made = bench();
    const snapshot = made.machine.arena.snapshot();
    pullOut(made.edu);
    made.machine.arena.restore(snapshot);
    made.machine.cpu.flush();
    expect(made.io.ioread32(iomap(made, "edu"))).toBe(0x010000ed);
  });
});

describe("the link below a port", () => {
  const [LINK_CONTROL, LINK_DISABLE, ACTIVE] = [0x64, 0x10, 0x2000];
  const SLOT_CONTROL = 0x6c;

  test("goes down by Link Disable: nothing answers, Link Active is 0, and the slot says so (PCIe 7.5.3.7)", () => {
    const made = bench();
    const io = iomap(made, "edu");
    made.port.configWrite(LINK_CONTROL, { width: 2, value: LINK_DISABLE });
    expect(made.io.ioread32(io)).toBe(0xffffffff);
    expect(made.port.config.value("EXP_LNKSTA") & ACTIVE).toBe(0);
    expect(made.port.config.value("EXP_SLTSTA")).toBe(PRESENT | LINK_CHANGED);
  });

  test("comes back as the bit is cleared, with what is behind it reset (PCIe 6.6.1)", () => {
    const made = bench();
    made.port.configWrite(LINK_CONTROL, { width: 2, value: LINK_DISABLE });
    made.port.configWrite(LINK_CONTROL, { width: 2, value: 0 });
    expect(made.port.config.value("EXP_LNKSTA") & ACTIVE).toBe(ACTIVE);
    expect([made.edu.answers, made.edu.configRead(4, 2)]).toEqual([true, 0]);
  });

  test("Retrain Link reads back as 0 and leaves what is behind it alone (PCIe 7.5.3.7)", () => {
    const made = bench();
    made.port.configWrite(LINK_CONTROL, { width: 2, value: 0x20 });
    expect([made.port.configRead(LINK_CONTROL, 2), made.edu.configRead(4, 2)]).toEqual([0, 7]);
  });

  test("at the lower end cannot be disabled: the bit is the port's above (PCIe 7.5.3.7)", () => {
    const switched = wired({
      at: "03.0",
      device: "pcie-root-port",
      name: "rp0",
      below: [{ at: "00.0", device: "nvme", name: "nvme" }],
    });
    const nvme = functionOf(switched, "nvme");
    nvme.configWrite(0x90, { width: 2, value: 0xff });
    expect(nvme.configRead(0x90, 2)).toBe(0xcb);
  });

  test("follows the slot's power, and a card comes back from it as from its box (PCIe 6.7.1.8)", () => {
    const made = bench();
    made.port.configWrite(SLOT_CONTROL, { width: 2, value: 0x7c0 });
    expect([made.edu.answers, made.port.config.value("EXP_LNKSTA") & ACTIVE]).toEqual([false, 0]);
    made.port.configWrite(SLOT_CONTROL, { width: 2, value: 0x1c0 });
    expect([made.edu.answers, made.edu.configRead(4, 2)]).toEqual([true, 0]);
  });

  test("interrupts as it comes and goes where Slot Control enables it (PCIe 6.7.3.3)", () => {
    const made = bench();
    made.port.configWrite(SLOT_CONTROL, { width: 2, value: 0x1020 });
    made.port.configWrite(SLOT_CONTROL + 2, { width: 2, value: 0x10 });
    setLink(made.port, false);
    expect(made.machine.interrupts.levels).toBe(1 << 23);
    made.port.configWrite(SLOT_CONTROL + 2, { width: 2, value: LINK_CHANGED });
    expect(made.machine.interrupts.levels).toBe(0);
  });
});

describe("Secondary Bus Reset (PCIe 7.5.1.3.13)", () => {
  test("empties Command and BARs below, and nothing answers while it is set", () => {
    const made = bench();
    const below = { bus: 1, device: 0, function: 0 };
    made.port.configWrite(0x3e, { width: 2, value: 0x40 });
    expect(configRead(made.machine.root, { ...below, at: 0 }, 4)).toBe(0xffffffff);
    expect(made.port.config.value("EXP_LNKSTA") & 0x2000).toBe(0);
    made.port.configWrite(0x3e, { width: 2, value: 0 });
    expect(configRead(made.machine.root, { ...below, at: 0 }, 4)).toBe(0x11e81234);
    expect(configRead(made.machine.root, { ...below, at: 4 }, 2)).toBe(0);
    expect(configRead(made.machine.root, { ...below, at: 0x10 }, 4)).toBe(0);
  });
});
