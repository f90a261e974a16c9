import type * as Delay from "linux/delay";
import type * as Interrupt from "linux/interrupt";
import type * as Pci from "linux/pci";
import type * as Wait from "linux/wait";
import { beforeEach, describe, expect, test } from "vitest";
import { formatIomem } from "../../../emulator/formats/iomem";
import { linuxModules } from "../../../emulator/linux/modules";
import { type Bench, booted } from "../../support/bench";

let bench: Bench;
let pci: typeof Pci;
let interrupt: typeof Interrupt;
let delay: typeof Delay;
let wait: typeof Wait;

beforeEach(() => {
  bench = booted();
  const modules = linuxModules(bench.kernel);
  const of = <T>(name: string) => modules.get(name) as unknown as T;
  pci = of<typeof Pci>("linux/pci");
  interrupt = of<typeof Interrupt>("linux/interrupt");
  delay = of<typeof Delay>("linux/delay");
  wait = of<typeof Wait>("linux/wait");
});

function withEdu(probe: (pdev: Pci.PciDev) => number, remove?: (pdev: Pci.PciDev) => void): number {
  const driver = {
    name: "test",
    id_table: [pci.PCI_DEVICE(0x1234, 0x11e8)],
    probe,
    ...(remove && { remove }),
  };
  pci.module_pci_driver(driver);
  return bench.kernel.insertModule();
}

const log = () => bench.kernel.log.map(({ text }) => text);
const iomem = () => formatIomem(bench.kernel.state().iomem);

describe("a driver's life", () => {
  test("probe runs for each device that matches, and the device shows its driver", () => {
    withEdu(() => 0);
    expect(bench.kernel.state().functions.find(({ bdf }) => bdf === "0000:01:00.0")?.driver).toBe("test");
  });

  test("a probe that fails is logged with its error, and nothing stays bound", () => {
    withEdu(() => -12);
    expect(log()).toContain("test: probe of 0000:01:00.0 failed with error -12");
    expect(bench.kernel.state().functions.find(({ bdf }) => bdf === "0000:01:00.0")?.driver).toBeUndefined();
  });

  test("what remove leaves behind is reported, what pcim_ took is given back", () => {
    withEdu((pdev) => {
      pci.pci_enable_device(pdev);
      pci.pci_request_regions(pdev, "test");
      pci.pci_iomap(pdev, 0, 0);
      return 0;
    });
    bench.kernel.removeModule();
    const left = log().filter((text) => text.includes("after remove"));
    expect(left).toHaveLength(2);
    expect(left[0]).toBe(
      "rootport: test 0000:01:00.0: BAR 0 is still claimed after remove: call pci_release_regions()",
    );
    expect(left[1]).toMatch(
      /^rootport: test: the mapping of 0x40000000 at .* is left after remove: call iounmap/,
    );
    const managed = booted();
    const modules = linuxModules(managed.kernel).get("linux/pci") as unknown as typeof Pci;
    modules.module_pci_driver({
      name: "managed",
      id_table: [modules.PCI_DEVICE(0x1234, 0x11e8)],
      probe: (pdev) => modules.pcim_enable_device(pdev) || modules.pcim_iomap_regions(pdev, 1, "managed"),
    });
    managed.kernel.insertModule();
    expect(managed.kernel.state().mappings).toHaveLength(1);
    managed.kernel.removeModule();
    expect(managed.kernel.state().mappings).toHaveLength(0);
    expect(managed.kernel.log.some(({ text }) => text.includes("after remove"))).toBe(false);
  });
});

describe("regions", () => {
  test("a claim shows in /proc/iomem under the BAR, and goes when it is released", () => {
    withEdu((pdev) => {
      expect(pci.pci_request_regions(pdev, "mine")).toBe(0);
      expect(iomem()).toContain("    40000000-400fffff : 0000:01:00.0\n      40000000-400fffff : mine\n");
      pci.pci_release_regions(pdev);
      expect(iomem()).not.toContain("mine");
      return 0;
    });
  });

  test("a second claim is refused with -EBUSY and Linux's line", () => {
    withEdu((pdev) => {
      pci.pci_request_regions(pdev, "first");
      return pci.pci_request_regions(pdev, "second");
    });
    expect(log()).toContain("test 0000:01:00.0: BAR 0: can't reserve [mem 0x40000000-0x400fffff]");
    expect(log()).toContain("test: probe of 0000:01:00.0 failed with error -16");
  });
});

describe("ioremap", () => {
  test("refuses RAM and says so", () => {
    expect(bench.io.ioremap(0x100000, 4096)).toBeNull();
    expect(log()).toContain("ioremap on RAM at 0x0000000000100000 - 0x0000000000100fff");
  });

  test("makes an uncached entry in the vmalloc range; after iounmap, an access is a page fault", () => {
    const io = bench.io.ioremap(0x40000000, 4096);
    if (!io) throw new Error("not mapped");
    const [mapping] = bench.kernel.state().mappings;
    expect(mapping).toMatchObject({
      virtual: "0xffffc90000000000",
      physical: "0x40000000",
      memoryType: "uncached-minus",
    });
    bench.io.iounmap(io);
    expect(() => bench.io.ioread32(io)).toThrow(/unable to handle page fault for address: ffffc90000000000/);
  });

  test("a number is no __iomem pointer, and NULL faults", () => {
    expect(() => bench.io.ioread32(0x40000000 as never)).toThrow(/map the address first/);
    expect(() => bench.io.readl(null as never)).toThrow(/address: 0000000000000000/);
    expect(bench.io.ioread32(null as never)).toBe(0xffffffff);
    expect(log()).toContain("Bad IO access at port 0x0 (return inl(port))");
  });
});

describe("interrupts", () => {
  test("arrive during the access that lets time pass, on top of it", () => {
    const seen: string[] = [];
    withEdu((pdev) => {
      pci.pci_enable_device(pdev);
      const io = pci.pci_iomap(pdev, 0, 0);
      if (!io) return -12;
      const handler = (irq: number) => {
        seen.push(`irq ${irq}`);
        bench.io.iowrite32(bench.io.ioread32(io, 0x24), io, 0x64);
        return interrupt.IRQ_HANDLED;
      };
      interrupt.request_irq(pdev.irq, handler, 0, "test", null);
      bench.io.iowrite32(0x80, io, 0x20);
      bench.io.iowrite32(5, io, 0x08);
      seen.push("written");
      while (bench.io.ioread32(io, 0x20) & 1) seen.push("poll");
      seen.push("done");
      return 0;
    });
    expect(seen.filter((it) => it !== "poll")).toEqual(["written", "irq 23", "done"]);
  });

  test("a wait with nothing pending is a hung task, not a hang", () => {
    expect(() => wait.wait_event(wait.init_waitqueue_head(), () => false)).toThrow(
      /blocked for more than 120 seconds/,
    );
  });

  test("a wait with a timeout ends at it", () => {
    expect(wait.wait_event_timeout(wait.init_waitqueue_head(), () => false, 25)).toBe(0);
    expect(bench.machine.clock.now).toBeGreaterThanOrEqual(100_000_000);
  });

  test("a delay lets exactly that much time pass", () => {
    const before = bench.machine.clock.now;
    delay.udelay(7);
    expect(bench.machine.clock.now - before).toBe(7000);
  });
});
