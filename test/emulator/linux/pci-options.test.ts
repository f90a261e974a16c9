import { describe, expect, test } from "vitest";
import { Arena } from "../../../emulator/core/arena";
import { Kernel, type KernelOptions } from "../../../emulator/linux/kernel";
import { PciOptionError, parsePciOptions } from "../../../emulator/linux/pci-options";
import type { FunctionDescription, MachineDescription } from "../../../emulator/machine/description";
import { Machine } from "../../../emulator/machine/machine";

/** A recorded function: its header, and of ports an Express capability with a slot. */
function recorded(
  at: string,
  { bridge, port, ...rest }: { bridge?: boolean; port?: number } & Partial<FunctionDescription>,
): FunctionDescription {
  const bytes = new Uint8Array(256);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x0001_1b36, true);
  view.setUint32(8, bridge ? 0x0604_0000 : 0x0200_0000, true);
  bytes[0x0e] = bridge ? 1 : 0;
  if (port !== undefined) {
    view.setUint16(6, 0x10, true);
    bytes[0x34] = 0x40;
    view.setUint32(0x40, 0x10 | ((2 | (port << 4) | 0x100) << 16), true);
    view.setUint32(0x54, 0x40, true);
    view.setUint32(0x24, 0x0001_0001, true);
  }
  const config = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return { at, device: "recorded", name: at, config, bars: [], ...rest };
}

const ROOT_PORT = 4;

function machine(functions: readonly FunctionDescription[], end = 0x4fff_ffff): MachineDescription {
  return {
    name: "options",
    title: "Options",
    ram: 2 ** 30,
    hostBridge: {
      ecam: 0xb000_0000,
      windows: [
        { kind: "io", start: 0x1000, end: 0xffff },
        { kind: "memory", start: 0x4000_0000, end },
      ],
    },
    platform: [],
    functions,
  };
}

function booted(description: MachineDescription, options: KernelOptions): Kernel {
  const kernel = new Kernel(new Machine(description, Arena.create(1 << 25)), options);
  kernel.boot("scratch");
  return kernel;
}

const said = (kernel: Kernel, text: string) => kernel.log.filter((line) => line.text.includes(text)).length;

const emptySlot = recorded("03.0", { bridge: true, port: ROOT_PORT });

describe("pci= on the command line (Documentation/admin-guide/kernel-parameters.txt)", () => {
  test("hpmmiosize, hpiosize and hpmmioprefsize are the room of an empty hot-plug port", () => {
    const pci = "hpmmiosize=16M,hpiosize=8K,hpmmioprefsize=0x400000";
    const [port] = booted(machine([emptySlot]), { pci }).devices;
    expect(port?.resource.slice(13).map((it) => it?.size)).toEqual([8192, 16 << 20, 4 << 20]);
  });

  test("hpmemsize is both", () => {
    const [port] = booted(machine([emptySlot]), { pci: "hpmemsize=8M" }).devices;
    expect(port?.resource.slice(14).map((it) => it?.size)).toEqual([8 << 20, 8 << 20]);
  });

  test("hpbussize keeps numbers for what is plugged in later", () => {
    const kernel = booted(machine([emptySlot, recorded("04.0", { bridge: true, port: ROOT_PORT })]), {
      pci: "hpbussize=8",
    });
    const buses = kernel.devices.map(({ subordinate }) => [subordinate?.number, subordinate?.subordinate]);
    expect(buses).toEqual([
      [1, 8],
      [9, 16],
    ]);
  });

  test("nocrs gives out whatever is free, without a line for the root bus", () => {
    const card = recorded("05.0", { bars: [{ index: 0, kind: "mem32", size: 1 << 20 }] });
    const kernel = booted(machine([card]), { pci: "nocrs" });
    expect(kernel.state().iomem.map(({ name }) => name)).toEqual(["0000:00:05.0"]);
  });

  test("what the memory map reserves inside a window is avoided, unless no_e820 is said", () => {
    const card = recorded("05.0", { bars: [{ index: 0, kind: "mem32", size: 1 << 20 }] });
    const description = {
      ...machine([card]),
      platform: [{ start: 0x4000_0000, end: 0x400f_ffff, name: "Reserved" }],
    };
    const at = (pci: string) => booted(description, { pci }).devices[0]?.resource[0]?.start;
    expect(at("")).toBe(0x4010_0000);
    expect(booted({ ...description, platform: [] }, { pci: "no_e820" }).devices[0]?.resource[0]?.start).toBe(
      0x4000_0000,
    );
  });

  test("assign-busses forgets the numbers that firmware gave", () => {
    const numbered = recorded("03.0", { bridge: true, port: ROOT_PORT });
    const config = `${numbered.config?.slice(0, 0x30)}000709${numbered.config?.slice(0x36)}`;
    const buses = (pci: string) =>
      booted(machine([{ ...numbered, config }]), { pci }).devices[0]?.subordinate?.number;
    expect([buses(""), buses("assign-busses")]).toEqual([7, 1]);
  });

  test.each([
    ["relloc", "pci=relloc is no option here: there is realloc, hpiosize, "],
    ["hpmmiosize=many", '"many" is no size: write it as 8M, 0x800000 or 8388608'],
    ["hpbussize=300", '"300" is no number of buses: 0 to 255'],
  ])("%s is refused with a sentence", (text, sentence) => {
    expect(() => parsePciOptions(text)).toThrow(PciOptionError);
    expect(() => parsePciOptions(text)).toThrow(sentence);
  });
});

describe("pci=realloc (drivers/pci/setup-bus.c, pci_assign_unassigned_root_bus_resources)", () => {
  /** Firmware opened a window of 1 MiB for a card that needs eight. */
  const card = recorded("00.0", { bars: [{ index: 0, kind: "mem32", size: 8 << 20 }] });
  const window = "0x0000000040000000 0x00000000400fffff 0x0000000000000000";
  const nothing = "0x0000000000000000 0x0000000000000000 0x0000000000000000";
  const firmware = Array.from({ length: 17 }, (_, index) => (index === 14 ? window : nothing));
  const port = { ...recorded("04.0", { bridge: true, port: ROOT_PORT, below: [card] }), firmware };

  function claimed(options: KernelOptions): Kernel {
    const kernel = new Kernel(new Machine(machine([port]), Arena.create(1 << 25)), options);
    kernel.boot("firmware");
    return kernel;
  }

  test("without it the card has no place, and Linux says what to try", () => {
    const kernel = claimed({});
    expect(kernel.state().unplaced.map(({ bdf, name }) => `${bdf} ${name}`)).toEqual(["0000:01:00.0 BAR 0"]);
    expect(said(kernel, "Some PCI device resources are unassigned, try booting with pci=realloc")).toBe(1);
  });

  test("the second try takes the window back, makes it larger, and the card has its place", () => {
    const kernel = claimed({ pci: "realloc" });
    expect(said(kernel, "max bus depth: 1 pci_try_num: 2")).toBe(1);
    expect(said(kernel, "No. 2 try to assign unassigned res")).toBe(1);
    expect(said(kernel, "bridge window [mem 0x40000000-0x400fffff]: releasing")).toBe(1);
    expect(kernel.state().unplaced).toEqual([]);
    expect(kernel.devices[1]?.resource[0]?.parent?.name).toBe("PCI Bus 0000:01");
  });

  test("switches itself on where virtual functions have no address, and off by realloc=off", () => {
    const bytes = new Uint8Array(4096);
    const view = new DataView(bytes.buffer);
    bytes.set([0x36, 0x1b, 1, 0, 0, 0, 0x10], 0);
    bytes.set([0, 0, 2], 9);
    bytes[0x34] = 0x40;
    view.setUint32(0x40, 0x0002_0010, true);
    view.setUint32(0x100, 0x0001_0010, true);
    view.setUint16(0x10e, 4, true);
    bytes[0x124] = 4;
    const config = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const virtual = {
      ...recorded("00.0", {}),
      config,
      vfBars: [{ index: 0, kind: "mem64", size: 4096 }] as const,
    };
    const description = machine([recorded("03.0", { bridge: true, port: ROOT_PORT, below: [virtual] })]);
    expect(said(booted(description, {}), "max bus depth")).toBe(1);
    expect(said(booted(description, { pci: "realloc=off" }), "max bus depth")).toBe(0);
  });
});

describe("what got no place stays visible", () => {
  const large = recorded("05.0", { bars: [{ index: 0, kind: "mem32", size: 1 << 29 }] });
  const small = recorded("06.0", { bars: [{ index: 0, kind: "mem32", size: 1 << 20 }] });

  test("with its size, its alignment, the largest gap and the reason", () => {
    const kernel = booted(machine([large, small]), {});
    expect(kernel.state().unplaced).toEqual([
      {
        bdf: "0000:00:05.0",
        index: 0,
        name: "BAR 0",
        space: "memory",
        prefetchable: false,
        wide: false,
        size: "0x20000000",
        align: "0x20000000",
        largestGap: "0xff00000",
        reason:
          "No gap in the memory windows of the host bridge holds 0x20000000 bytes aligned to 0x20000000",
      },
    ]);
  });

  test("each decision is kept with the windows tried and their gaps", () => {
    const { steps } = booted(machine([large, small]), { record: true }).replay;
    const failed = steps.find(({ failed }) => failed !== undefined);
    expect(failed?.line).toBe("pci 0000:00:05.0: BAR 0 [mem size 0x20000000]: can't assign; no space");
    expect(failed?.tried).toEqual([
      {
        window: "PCI Bus 0000:00",
        start: "0x40000000",
        end: "0x4fffffff",
        gaps: [{ start: "0x40000000", end: "0x4fffffff", refused: "too small" }],
      },
    ]);
    const placed = steps.find(({ chosen }) => chosen !== undefined);
    expect(placed?.chosen).toEqual({ start: "0x40000000", end: "0x400fffff", window: "PCI Bus 0000:00" });
  });

  test("nothing is kept unless it is asked for", () => {
    expect(booted(machine([large, small]), {}).replay.steps).toEqual([]);
  });
});
