import { describe, expect, test } from "vitest";
import { Arena } from "../../../emulator/core/arena";
import { Kernel } from "../../../emulator/linux/kernel";
import { removeDevice } from "../../../emulator/linux/remove";
import type { FunctionDescription, MachineDescription } from "../../../emulator/machine/description";
import { importMachine } from "../../../emulator/machine/import";
import { Machine } from "../../../emulator/machine/machine";

type Fill = (view: DataView) => void;

/** A recorded function of 4096 bytes. */
function recorded(at: string, fill: Fill, rest: Partial<FunctionDescription> = {}): FunctionDescription {
  const bytes = new Uint8Array(4096);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x0001_1b36, true);
  view.setUint32(8, 0x0200_0000, true);
  fill(view);
  const config = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return { at, device: "recorded", name: `${at}-${rest.below?.length ?? 0}`, config, bars: [], ...rest };
}

const [ENDPOINT, ROOT_PORT, UPSTREAM, DOWNSTREAM] = [0, 4, 5, 6];

/** An Express capability at 0x40; a bridge's header for ports. */
function express(type: number, more: Fill = () => undefined): Fill {
  return (view) => {
    view.setUint16(6, 0x10, true);
    view.setUint8(0x34, 0x40);
    view.setUint32(0x40, 0x10 | ((2 | (type << 4)) << 16), true);
    if (type !== ENDPOINT) {
      view.setUint32(8, 0x0604_0000, true);
      view.setUint8(0x0e, 1);
    }
    more(view);
  };
}

/** SR-IOV at 0x100. */
const virtual =
  (total: number, offset: number, stride: number): Fill =>
  (view) => {
    view.setUint32(0x100, 0x0001_0010, true);
    view.setUint16(0x10e, total, true);
    view.setUint16(0x114, offset, true);
    view.setUint16(0x116, stride, true);
  };

/** ARI at 0x100: the number of the next function. */
const alternative =
  (next: number): Fill =>
  (view) => {
    view.setUint32(0x100, 0x0001_000e, true);
    view.setUint8(0x105, next);
  };

const numbers =
  (primary: number, secondary: number, subordinate: number): Fill =>
  (view) => {
    for (const [index, value] of [primary, secondary, subordinate].entries())
      view.setUint8(0x18 + index, value);
  };

function booted(functions: readonly FunctionDescription[], more: Partial<MachineDescription> = {}): Kernel {
  const windows = [
    { kind: "io", start: 0x1000, end: 0xffff },
    { kind: "memory", start: 0x4000_0000, end: 0x7fff_ffff },
  ] as const;
  const description: MachineDescription = {
    name: "enumeration",
    title: "Enumeration",
    ram: 2 ** 30,
    hostBridge: { ecam: 0xb000_0000, windows },
    platform: [],
    functions,
    ...more,
  };
  const kernel = new Kernel(new Machine(description, Arena.create(1 << 26)));
  kernel.boot("scratch");
  return kernel;
}

const found = (kernel: Kernel) => kernel.devices.map(({ name }) => name);
const buses = (kernel: Kernel) =>
  kernel.devices.flatMap(({ subordinate: bus }) => (bus ? [`${bus.number}-${bus.subordinate}`] : []));
const said = (kernel: Kernel, text: string) => kernel.log.some((line) => line.text.includes(text));
const card = recorded("00.0", express(ENDPOINT));

describe("bus numbers (drivers/pci/probe.c, pci_scan_child_bus_extend)", () => {
  test("are given depth first where firmware gave none", () => {
    const down = (at: string) => recorded(at, express(DOWNSTREAM), { below: [card] });
    const up = recorded("00.0", express(UPSTREAM), { below: [down("00.0"), down("01.0")] });
    const port = (at: string, below: FunctionDescription[]) => recorded(at, express(ROOT_PORT), { below });
    expect(buses(booted([port("03.0", [up]), port("04.0", [card])]))).toEqual([
      "1-4",
      "2-4",
      "3-3",
      "4-4",
      "5-5",
    ]);
  });

  test("that make sense are kept, and the others come after the highest of them", () => {
    const kernel = booted([
      recorded("03.0", express(ROOT_PORT), { below: [card] }),
      recorded("04.0", express(ROOT_PORT, numbers(0, 7, 9)), { below: [card] }),
    ]);
    expect(buses(kernel)).toEqual(["10-10", "7-9"]);
    expect(said(kernel, "0000:00:03.0: bridge configuration invalid ([bus 00-00]), reconfiguring")).toBe(
      true,
    );
  });

  test("are kept free for virtual functions that do not fit on the bus of theirs", () => {
    const many = recorded("00.0", express(ENDPOINT, virtual(300, 1, 1)));
    const kernel = booted([
      recorded("03.0", express(ROOT_PORT), { below: [many] }),
      recorded("04.0", express(ROOT_PORT), { below: [card] }),
    ]);
    expect(buses(kernel)).toEqual(["1-2", "3-3"]);
  });

  test("run out with a sentence", () => {
    const kernel = booted([
      recorded("03.0", express(ROOT_PORT, numbers(0, 1, 255)), { below: [card] }),
      recorded("04.0", express(ROOT_PORT), { below: [card] }),
    ]);
    expect(said(kernel, "devices behind bridge are unusable because [bus 100] cannot be assigned")).toBe(
      true,
    );
    expect(found(kernel)).toEqual(["0000:00:03.0", "0000:01:00.0", "0000:00:04.0"]);
  });
});

describe("functions (drivers/pci/probe.c, pci_scan_slot)", () => {
  const another = recorded("01.0", express(ENDPOINT));

  test("of device 1 and more are not looked for behind a port", () => {
    const kernel = booted([recorded("03.0", express(ROOT_PORT), { below: [card, another] })]);
    expect(found(kernel)).toEqual(["0000:00:03.0", "0000:01:00.0"]);
  });

  test("beyond the eighth are found where port and device know ARI", () => {
    const forwards = express(ROOT_PORT, (view) => view.setUint32(0x64, 0x20, true));
    const first = recorded("00.0", express(ENDPOINT, alternative(8)));
    const ninth = recorded("01.0", express(ENDPOINT, alternative(0)));
    const kernel = booted([recorded("03.0", forwards, { below: [first, ninth] })]);
    expect(found(kernel)).toEqual(["0000:00:03.0", "0000:01:00.0", "0000:01:01.0"]);
  });

  test("of a header of no known type are left aside with a line", () => {
    const strange = recorded("05.0", (view) => view.setUint8(0x0e, 3));
    const kernel = booted([strange]);
    expect(found(kernel)).toEqual([]);
    expect(said(kernel, "0000:00:05.0: unknown header type 03, ignoring device")).toBe(true);
  });

  test("with a bridge's class and no bridge's header have no class, and get no address", () => {
    const bars = [{ index: 0, kind: "mem32", size: 4096 }] as const;
    const liar = recorded("05.0", (view) => view.setUint32(8, 0x0604_0000, true), { bars });
    const kernel = booted([liar]);
    expect(said(kernel, "ignoring class 0x060400 (doesn't match header type 00)")).toBe(true);
    expect(kernel.devices[0]?.resource[0]?.parent).toBeUndefined();
  });
});

describe("a second segment", () => {
  const ecam = 0x9000_0000;
  const bars = [{ index: 0, kind: "mem32", size: 1 << 20 }] as const;
  const port = recorded("00.0", express(ROOT_PORT), {
    below: [recorded("00.0", express(ENDPOINT), { bars })],
  });
  const windows = [{ kind: "memory", start: 0x8000_0000, end: 0x8fff_ffff }] as const;
  const hostBridges = [{ segment: 1, bus: 0, ecam, windows, functions: [port] }];

  test("has buses, names and windows of its own", () => {
    const kernel = booted([recorded("03.0", express(ROOT_PORT), { below: [card] })], { hostBridges });
    expect(found(kernel)).toEqual(["0000:00:03.0", "0000:01:00.0", "0001:00:00.0", "0001:01:00.0"]);
    const names = kernel.state().iomem.map(({ name, start }) => `${start} ${name}`);
    expect(names).toContain("0x80000000 PCI Bus 0001:00");
    expect(names).toContain("0x80000000 0001:01:00.0");
  });

  test("is imported from a dump", () => {
    const bytes = (text: string) => text.match(/../g)?.join(" ") ?? "";
    const header = (fn: FunctionDescription) => (fn.config ?? "").slice(0, 128);
    const rows = (text: string) =>
      [0, 1, 2, 3].map((row) => `${row}0: ${bytes(text.slice(row * 32, row * 32 + 32))}\n`).join("");
    const dump = `0000:00:02.0 \n${rows(header(card))}\n10000:e0:06.0 \n${rows(header(card))}\n`;
    const machine = importMachine({ name: "vmd", dump });
    expect(machine.hostBridges?.map(({ segment, bus }) => [segment, bus])).toEqual([[0x10000, 0xe0]]);
    const kernel = new Kernel(new Machine(machine, Arena.create(1 << 26)));
    kernel.boot("as-is");
    expect(found(kernel)).toEqual(["0000:00:02.0", "10000:e0:06.0"]);
  });
});

describe("a card that goes and comes back", () => {
  const bars = [{ index: 0, kind: "mem32", size: 1 << 20 }] as const;
  const live = recorded("00.0", express(ENDPOINT), { bars });

  test("gives its addresses back, and gets them again inside the window that stands", () => {
    const kernel = booted([recorded("03.0", express(ROOT_PORT), { below: [live] })]);
    const [port, dev] = kernel.devices;
    if (!port || !dev) throw new Error("both are there");
    const before = dev.resource[0]?.start;
    removeDevice(kernel, dev);
    expect(kernel.state().iomem.map(({ name }) => name)).not.toContain("0000:01:00.0");
    expect(kernel.enumeration.scanBelow(port).map(({ name }) => name)).toEqual(["0000:01:00.0"]);
    kernel.assignment.assignBelow(port);
    expect(kernel.devices[1]?.resource[0]?.start).toBe(before);
  });
});
