import type * as Pci from "linux/pci";
import { describe, expect, test } from "vitest";
import { linuxModules } from "../../../emulator/linux/modules";
import { q35 } from "../../../emulator/machine/built-in";
import type { FunctionDescription, MachineDescription } from "../../../emulator/machine/description";
import { Bridge } from "../../../emulator/pci/bridge";
import { insert, pressButton, pullOut, setLink } from "../../../emulator/pci/hot-plug";
import { booted, functionOf } from "../../support/bench";

const EDU = { vendor: 0x1234, device: 0x11e8 };
const SECOND = 1e9;

function machine(port: FunctionDescription): MachineDescription {
  return { ...q35, name: "slots", title: "", functions: [{ at: "00.0", device: "host-bridge" }, port] };
}

const plain = (...below: FunctionDescription[]) =>
  machine({ at: "03.0", device: "root-port", name: "rp0", options: { slot: 7 }, below });
const equipped = (...below: FunctionDescription[]) =>
  machine({ at: "03.0", device: "pcie-root-port", name: "rp0", options: { slot: 7, native: 1 }, below });
const edu = { at: "00.0", device: "edu", name: "edu" };
const later = { at: "00.0", device: "edu", name: "later", absent: true };

/** Booted, with a driver for edu whose calls are noted. */
function bench(description: MachineDescription) {
  const made = booted(description);
  const { kernel } = made;
  const pci = linuxModules(kernel).get("linux/pci") as unknown as typeof Pci;
  const calls: string[] = [];
  const from = kernel.log.length;
  pci.pci_register_driver({
    name: "demo",
    id_table: [pci.PCI_DEVICE(EDU.vendor, EDU.device)],
    probe: (dev) => {
      calls.push(`probe ${pci.pci_name(dev)}`);
      return pci.pci_enable_device(dev);
    },
    remove: (dev) => {
      calls.push(`remove ${pci.pci_name(dev)}`);
      pci.pci_disable_device(dev);
    },
  });
  const port = functionOf(made, "rp0");
  if (!(port instanceof Bridge)) throw new RangeError("rp0 is no bridge");
  const fn = (name: string) => {
    const found = made.machine.devices.find((it) => it.function.name === name)?.function;
    if (!found) throw new RangeError(`There is no ${name}`);
    return found;
  };
  const log = () => kernel.log.slice(from).map(({ text }) => text);
  const slot = () => log().filter((line) => line.includes("pciehp"));
  return { ...made, calls, port, fn, log, slot };
}

const line = (text: string) => `pcieport 0000:00:03.0: pciehp: ${text}`;

describe("at boot", () => {
  test("the slot says what it can (pciehp_hpc.c, pcie_init)", () => {
    const lines = booted(plain(edu)).kernel.log.map(({ text }) => text);
    expect(lines).toContain(
      line(
        "Slot #7 AttnBtn- PwrCtrl- MRL- AttnInd- PwrInd- HotPlug+ Surprise+ Interlock- NoCompl+ IbPresDis- LLActRep+",
      ),
    );
  });

  test("its interrupt is a message, and the port's line is off (Interrupt Disable, PCIe 7.5.1.1.3)", () => {
    for (const [description, isMsi] of [
      [plain(edu), true],
      [equipped(edu), false],
    ] as const) {
      const { kernel, port } = bench(description);
      const [service] = kernel.irq.views.filter(({ name }) => name === "pciehp");
      const irq = kernel.devices.find(({ name }) => name === "0000:00:03.0")?.irq;
      expect(service?.kind).toBe("msi");
      expect(port.command.intxDisable).toBe(true);
      expect(irq === service?.irq).toBe(isMsi);
    }
  });

  test("firmware that keeps hot-plug to itself lets no pciehp in", () => {
    const kept = machine({ at: "03.0", device: "pcie-root-port", name: "rp0", options: { slot: 7 } });
    expect(booted(kept).kernel.log.some(({ text }) => text.includes("pciehp"))).toBe(false);
  });
});

describe("surprise removal", () => {
  test("the driver's remove() is called, and its device and addresses are gone", () => {
    const made = bench(plain(edu));
    pullOut(made.fn("edu"));
    made.kernel.settle();
    expect(made.calls).toEqual(["probe 0000:01:00.0", "remove 0000:01:00.0"]);
    expect(made.slot()).toEqual([line("Slot(7): Link Down"), line("Slot(7): Card not present")]);
    expect(made.kernel.devices.map(({ name }) => name)).not.toContain("0000:01:00.0");
    expect(made.kernel.state().iomem.some(({ name }) => name === "0000:01:00.0")).toBe(false);
  });

  test("a link that fails is the same to Linux, and so is one that comes back", () => {
    const made = bench(plain(edu));
    setLink(made.port, false);
    made.kernel.settle();
    expect(made.slot()).toEqual([
      line("Slot(7): Link Down"),
      line("Slot(7): Card present"),
      line("Slot(7): No link"),
      line("Failed to check link status"),
    ]);
    setLink(made.port, true);
    made.kernel.settle();
    expect(made.slot().slice(4)).toEqual([line("Slot(7): Card present"), line("Slot(7): Link Up")]);
    expect(made.calls).toEqual(["probe 0000:01:00.0", "remove 0000:01:00.0", "probe 0000:01:00.0"]);
  });

  test("the driver meets all ones until it is told", () => {
    const made = bench(plain(edu));
    const io = made.io.ioremap(Number(made.fn("edu").bars[0]?.base), 4);
    pullOut(made.fn("edu"));
    expect(io && made.io.ioread32(io)).toBe(0xffffffff);
  });
});

describe("a card that comes", () => {
  test("is enumerated, gets an address in the window kept free for it, and its driver", () => {
    const made = bench(plain(later));
    const window = made.port.window("memory");
    insert(made.fn("later"));
    made.kernel.settle();
    expect(made.slot()).toEqual([line("Slot(7): Card present"), line("Slot(7): Link Up")]);
    expect(made.log()).toContain("pci 0000:01:00.0: [1234:11e8] type 00 class 0x00ff00");
    expect(made.log()).toContain("pci 0000:01:00.0: BAR 0 [mem 0x40000000-0x400fffff]: assigned");
    expect(made.fn("later").bars[0]?.base).toBe(window.start);
    expect(made.calls).toEqual(["probe 0000:01:00.0"]);
  });

  test("again, after it was pulled out: probe() runs once more", () => {
    const made = bench(plain(edu));
    for (const act of [pullOut, insert, pullOut, insert]) {
      act(made.fn("edu"));
      made.kernel.settle();
    }
    expect(made.calls.map((call) => call.split(" ")[0])).toEqual([
      "probe",
      "remove",
      "probe",
      "remove",
      "probe",
    ]);
    expect(made.fn("edu").command.memory).toBe(true);
  });

  test("that needs time to get ready is waited for (pci_bus_wait_crs)", () => {
    const made = bench(plain({ ...later, options: { readyAfterMs: 300 } }));
    const start = made.machine.clock.now;
    insert(made.fn("later"));
    made.kernel.settle();
    expect(made.calls).toEqual(["probe 0000:01:00.0"]);
    expect(made.machine.clock.now - start).toBeGreaterThan(0.3 * SECOND);
  });

  test("without room for its BARs has none: can't assign; no space", () => {
    const big = { at: "00.0", device: "ivshmem", name: "big", absent: true, options: { memory: 2 ** 30 } };
    const made = bench(plain(big));
    insert(made.fn("big"));
    made.kernel.settle();
    expect(made.log().some((text) => text.includes("failed to assign"))).toBe(true);
  });
});

describe("a slot with a button and power control", () => {
  test("powers a card off five seconds after the button, and the driver lets go first", () => {
    const made = bench(equipped(edu));
    pressButton(made.port);
    made.kernel.settle();
    expect(made.calls).toEqual(["probe 0000:01:00.0"]);
    made.machine.clock.spend(5 * SECOND);
    made.kernel.settle();
    expect(made.slot()).toEqual([
      line("Slot(7): Attention button pressed"),
      line("Slot(7): Powering off due to button press"),
    ]);
    expect(made.calls).toEqual(["probe 0000:01:00.0", "remove 0000:01:00.0"]);
    expect([made.fn("edu").answers, made.port.config.value("EXP_SLTCTL") & 0x700]).toEqual([false, 0x700]);
  });

  test("a second press in time calls it off", () => {
    const made = bench(equipped(edu));
    pressButton(made.port);
    made.kernel.settle();
    pressButton(made.port);
    made.kernel.settle();
    made.machine.clock.spend(6 * SECOND);
    made.kernel.settle();
    expect(made.slot().slice(2)).toEqual([
      line("Slot(7): Attention button pressed"),
      line("Slot(7): Button cancel"),
      line("Slot(7): Action canceled due to button press"),
    ]);
    expect(made.calls).toEqual(["probe 0000:01:00.0"]);
  });

  test("powers a new card on by the button, and finds it", () => {
    const made = bench(equipped(later));
    insert(made.fn("later"));
    made.kernel.settle();
    expect(made.calls).toEqual([]);
    pressButton(made.port);
    made.kernel.settle();
    made.machine.clock.spend(5 * SECOND);
    made.kernel.settle();
    expect(made.slot()).toEqual([
      line("Slot(7): Attention button pressed"),
      line("Slot(7) Powering on due to button press"),
      line("Slot(7): Card present"),
    ]);
    expect(made.calls).toEqual(["probe 0000:01:00.0"]);
  });
});
