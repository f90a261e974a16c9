import { describe, expect, test } from "vitest";
import { formatIomem, formatIoports } from "../../../emulator/formats/iomem";
import { booted, enable, functionOf } from "../../support/bench";

/** The lines of the note that the project was created from. */
const PORTS = `0000-001f : dma1
0020-0021 : pic1
0040-0043 : timer0
0050-0053 : timer1
0060-0060 : keyboard
0064-0064 : keyboard
0070-0071 : rtc0
0080-008f : dma page reg
00a0-00a1 : pic2
00c0-00df : dma2
00f0-00ff : fpu
0400-0403 : ACPI PM1a_EVT_BLK
0404-0405 : ACPI PM1a_CNT_BLK
0408-040b : ACPI PM_TMR
040c-040f : ACPI GPE0_BLK
`;

describe("the machine seed-nic", () => {
  test("prints the note's fifteen ports, flat and verbatim, and the card's 256 below a window", () => {
    const { kernel } = booted("seed-nic");
    expect(formatIoports(kernel.state().ioports)).toBe(
      `${PORTS}1000-ffff : PCI Bus 0000:00\n  1000-10ff : 0000:00:03.0\n`,
    );
  });

  test("has 16 GiB of RAM, and the card's 256 MiB at 0xd0000000-0xdfffffff", () => {
    const { kernel } = booted("seed-nic");
    const text = formatIomem(kernel.state().iomem);
    expect(text).toContain("d0000000-dfffffff : PCI Bus 0000:00\n  d0000000-dfffffff : 0000:00:03.0\n");
    expect(text).toContain("  f0000000-f0003fff : 0000:00:03.0\n");
    const ram = kernel.state().iomem.filter(({ name }) => name === "System RAM");
    const bytes = ram.reduce((sum, { start, end }) => sum + Number(end) - Number(start) + 1, 0);
    expect(16 * 2 ** 30 - bytes).toBeLessThan(2 ** 20);
  });

  test("answers the same registers by port and by memory", () => {
    const bench = booted("seed-nic");
    enable(bench, "nic");
    const io = bench.io.ioremap(0xf0000000, 0x4000);
    if (!io) throw new Error("not mapped");
    expect(bench.io.ioread32(io, 0)).toBe(0x5eed0001);
    expect(bench.io.inl(0x1000)).toBe(0x5eed0001);
    bench.io.outl(0x1234, 0x1020);
    expect(bench.io.ioread32(io, 0x20)).toBe(0x1234);
  });

  test("where firmware was first, the card lies where firmware put it", () => {
    const { kernel } = booted("seed-nic-firmware");
    expect(formatIoports(kernel.state().ioports)).toContain("  c000-c0ff : 0000:00:03.0\n");
    const iomem = formatIomem(kernel.state().iomem);
    expect(iomem).toContain("  d0000000-dfffffff : 0000:00:03.0\n");
    expect(iomem).toContain("  feb80000-feb83fff : 0000:00:03.0\n");
  });
});

describe("the card", () => {
  function sent(frame: readonly number[], room = 1518) {
    const bench = booted("seed-nic");
    enable(bench, "nic");
    const { io, machine, kernel } = bench;
    const [packets, regs] = [io.ioremap(0xd0000000, 4096), io.ioremap(0xf0000000, 0x4000)];
    if (!packets || !regs) throw new Error("not mapped");
    for (const [at, byte] of frame.entries()) io.iowrite8(byte, packets, at);
    io.iowrite32(1, regs, 0x04);
    io.iowrite32(0, regs, 0x20);
    io.iowrite32(frame.length, regs, 0x24);
    io.iowrite64(0x200000n, regs, 0x30);
    io.iowrite32(room, regs, 0x38);
    io.iowrite32(1, regs, 0x28);
    const busy = io.ioread32(regs, 0x08);
    kernel.passTime(100_000);
    const received = new Uint8Array(frame.length);
    machine.ram.copyOut(0x200000, received);
    const read = (at: number) => io.ioread32(regs, at);
    return { busy, received: [...received], read, nic: functionOf(bench, "nic") };
  }

  test("takes the frame's time on the cable, then writes it to RAM", () => {
    const { busy, received, read } = sent([1, 2, 3, 4, 5]);
    expect([busy & 2, read(0x08)]).toEqual([2, 1]);
    expect(received).toEqual([1, 2, 3, 4, 5]);
    expect([read(0x3c), read(0x40), read(0x44)]).toEqual([5, 1, 1]);
  });

  test("says why it interrupts once: reading takes the causes away", () => {
    const { read } = sent([1]);
    expect([read(0x0c), read(0x0c)]).toEqual([3, 0]);
  });

  test("loses a frame that finds no room", () => {
    const { read, received } = sent([1, 2, 3], 2);
    expect(read(0x0c)).toBe(1 | 4);
    expect(received).toEqual([0, 0, 0]);
  });
});
