import type * as Pci from "linux/pci";
import { describe, expect, test } from "vitest";
import { formatIoports } from "../../../emulator/formats/iomem";
import { linuxModules } from "../../../emulator/linux/modules";
import { booted, description } from "../../support/bench";

const demo = description("demo");
const bench = () =>
  booted({
    ...demo,
    functions: [
      { at: "00.0", device: "host-bridge", name: "mch" },
      { at: "05.0", device: "pci-testdev", name: "testdev" },
    ],
  });

function enabled() {
  const machine = bench();
  const testdev = machine.machine.root.functions.find(({ name }) => name === "testdev");
  testdev?.configWrite(4, { width: 2, value: 3 });
  const bar = testdev?.bars.find(({ kind }) => kind === "io");
  return { ...machine, testdev, port: Number(bar?.base), size: bar?.size ?? 0 };
}

describe("/proc/ioports", () => {
  test("lists a PC's fixed ports, CONFIG_ADDRESS, and the I/O BAR under the root bus", () => {
    const { kernel, port, size } = enabled();
    const text = formatIoports(kernel.state().ioports);
    const digits = (value: number) => value.toString(16).padStart(4, "0");
    expect(text).toContain("0000-0cf7 : PCI Bus 0000:00\n  0000-001f : dma1\n  0020-0021 : pic1\n");
    expect(text).toContain("0cf8-0cff : PCI conf1\n0d00-ffff : PCI Bus 0000:00\n");
    expect(text).toContain(`  ${digits(port)}-${digits(port + size - 1)} : 0000:00:05.0\n`);
  });

  test("puts an I/O BAR at 0x1000 or above, where no ISA card answers", () => {
    const { port } = enabled();
    expect(port).toBeGreaterThanOrEqual(0x1000);
    expect(port & 0x300).toBe(0);
  });
});

describe("a port access", () => {
  test("reaches the I/O BAR that holds the port, and reads all ones where none does", () => {
    const { io, port, machine } = enabled();
    expect(io.inb(port)).toBe(machine.portMap.peek(port, 1));
    expect([io.inb(0x5000), io.inw(0x5000), io.inl(0x5000)]).toEqual([0xff, 0xffff, 0xffffffff]);
  });

  test("needs I/O Space Enable (PCIe 7.5.1.1.3)", () => {
    const { io, port, testdev } = enabled();
    testdev?.configWrite(4, { width: 2, value: 2 });
    expect(io.inl(port)).toBe(0xffffffff);
  });

  test("by CONFIG_ADDRESS and CONFIG_DATA reads configuration space", () => {
    const { io } = enabled();
    io.outl(0x80002800, 0xcf8);
    expect(io.inl(0xcf8)).toBe(0x80002800);
    expect(io.inl(0xcfc)).toBe(0x00051b36);
    expect([io.inw(0xcfc), io.inb(0xcfe)]).toEqual([0x1b36, 0x05]);
  });

  test("takes time, and a write waits as a read does: ports are not posted", () => {
    const { io, machine } = enabled();
    const before = machine.clock.now;
    io.outb(1, 0x80);
    const written = machine.clock.now;
    io.inb(0x80);
    expect(machine.clock.now - written).toBe(written - before);
    expect(written).toBeGreaterThan(before);
  });
});

describe("pci_iomap of an I/O BAR (lib/iomap.c)", () => {
  test("gives a cookie that ioread and iowrite take, and that readl takes for an address", () => {
    const { io, kernel, machine } = enabled();
    const pci = linuxModules(kernel).get("linux/pci") as unknown as typeof Pci;
    const seen: number[] = [];
    pci.module_pci_driver({
      name: "ports",
      id_table: [pci.PCI_DEVICE(0x1b36, 0x0005)],
      probe: (pdev) => {
        pci.pci_enable_device(pdev);
        const cookie = pci.pci_iomap(pdev, 1, 0);
        if (!cookie) return -12;
        const port = pci.pci_resource_start(pdev, 1);
        seen.push(io.ioread8(cookie, 3), machine.portMap.peek(port + 3, 1));
        expect(() => io.readl(cookie)).toThrow(/unable to handle page fault for address: 000000000001/);
        return 0;
      },
    });
    expect(kernel.insertModule()).toBe(0);
    expect(seen).toHaveLength(2);
    expect(seen[0]).toBe(seen[1]);
  });
});

describe("request_region", () => {
  test("claims ports under the BAR; what is a PC's own is refused", () => {
    const { kernel, port } = enabled();
    const ioport = linuxModules(kernel).get("linux/ioport") as {
      request_region: (start: number, n: number, name: string) => unknown;
    };
    expect(ioport.request_region(port, 4, "mine")).not.toBeNull();
    expect(formatIoports(kernel.state().ioports)).toContain(" : mine\n");
    expect(ioport.request_region(0x60, 1, "mine")).toBeNull();
  });
});
