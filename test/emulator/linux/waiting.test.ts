import type * as Completion from "linux/completion";
import type * as Iopoll from "linux/iopoll";
import type * as Jiffies from "linux/jiffies";
import type * as Timer from "linux/timer";
import type * as Workqueue from "linux/workqueue";
import { beforeEach, describe, expect, test } from "vitest";
import { printLspci } from "../../../emulator/formats/lspci/print";
import { sysfsDevices } from "../../../emulator/linux/sysfs";
import { type DriverBench, driverBench } from "../../support/driver";
import { pciNames } from "../../support/golden";

let bench: DriverBench;
let jiffies: typeof Jiffies;

beforeEach(() => {
  bench = driverBench("demo");
  jiffies = bench.module("linux/jiffies");
});

describe("a timer", () => {
  test("runs at its jiffy, on top of what runs then; not once it is deleted", () => {
    const { timer_setup, mod_timer, del_timer, from_timer, timer_pending } =
      bench.module<typeof Timer>("linux/timer");
    const fired: unknown[] = [];
    const timer = timer_setup<string>((it) => fired.push([from_timer(it), jiffies.get_jiffies()]), 0, "mine");
    const due = jiffies.get_jiffies() + 5;
    expect(mod_timer(timer, due)).toBe(0);
    bench.delay.mdelay(100);
    expect(fired).toEqual([["mine", due]]);
    mod_timer(timer, jiffies.get_jiffies() + 5);
    expect([timer_pending(timer), del_timer(timer)]).toEqual([true, 1]);
    bench.delay.mdelay(100);
    expect(fired).toHaveLength(1);
  });
});

describe("a work item", () => {
  test("runs while its queuer sleeps, not while it only delays, and is queued once", () => {
    const { INIT_WORK, schedule_work } = bench.module<typeof Workqueue>("linux/workqueue");
    const seen: string[] = [];
    const work = INIT_WORK(({ owner }) => seen.push(`run ${owner}`), "it");
    expect([schedule_work(work), schedule_work(work)]).toEqual([true, false]);
    bench.delay.mdelay(5);
    expect(seen).toEqual([]);
    bench.delay.msleep(1);
    expect(seen).toEqual(["run it"]);
  });

  test("that is delayed can be taken back, or waited for", () => {
    const { INIT_DELAYED_WORK, schedule_delayed_work, cancel_delayed_work_sync, flush_delayed_work } =
      bench.module<typeof Workqueue>("linux/workqueue");
    let runs = 0;
    const work = INIT_DELAYED_WORK(() => void runs++, null);
    schedule_delayed_work(work, 10);
    expect(cancel_delayed_work_sync(work)).toBe(true);
    schedule_delayed_work(work, 10);
    flush_delayed_work(work);
    expect(runs).toBe(1);
  });
});

describe("a completion", () => {
  test("lets one waiter go for each complete(), also out of a timer; a wait that nothing ends times out", () => {
    const { init_completion, complete, wait_for_completion_timeout } =
      bench.module<typeof Completion>("linux/completion");
    const { timer_setup, mod_timer } = bench.module<typeof Timer>("linux/timer");
    const done = init_completion();
    mod_timer(
      timer_setup(() => complete(done), 0, null),
      jiffies.get_jiffies() + 3,
    );
    expect(wait_for_completion_timeout(done, 100)).toBeGreaterThan(90);
    expect(wait_for_completion_timeout(done, 2)).toBe(0);
  });
});

describe("readl_poll_timeout", () => {
  test("returns the value that fulfils the condition, or -ETIMEDOUT with the last one", () => {
    const { readl_poll_timeout } = bench.module<typeof Iopoll>("linux/iopoll");
    bench.bind((pdev) => {
      bench.pci.pci_enable_device(pdev);
      bench.pci.pci_request_regions(pdev, "test");
      const regs = bench.pci.pci_iomap(pdev, 0, 0);
      if (!regs) return -12;
      bench.io.iowrite32(5, regs, 8);
      expect(readl_poll_timeout(regs, 0x20, (status) => !(status & 1), 1, 1000)).toEqual({ err: 0, val: 0 });
      expect(bench.io.ioread32(regs, 8)).toBe(120);
      expect(readl_poll_timeout(regs, 0, (id) => id === 0, 10, 100)).toEqual({ err: -110, val: 0x010000ed });
      return 0;
    });
  });
});

describe("vectors of MSI-X", () => {
  test("are table entries that Linux writes, and each reaches its handler", () => {
    const nvme = driverBench({
      ...bench.machine.description,
      functions: [
        { at: "00.0", device: "host-bridge" },
        { at: "03.0", device: "nvme", name: "disk" },
      ],
    });
    const { pci, interrupt } = nvme;
    const seen: number[] = [];
    const driver = {
      name: "test",
      id_table: [pci.PCI_DEVICE(0x1b36, 0x0010)],
      probe: (pdev: Parameters<typeof pci.pci_name>[0]) => {
        pci.pci_enable_device(pdev);
        pci.pci_set_master(pdev);
        const count = pci.pci_alloc_irq_vectors(pdev, 1, 4, pci.PCI_IRQ_MSIX);
        for (let vector = 0; vector < count; vector++)
          interrupt.request_irq(
            pci.pci_irq_vector(pdev, vector),
            () => interrupt.IRQ_RETVAL(seen.push(vector) > 0),
            0,
            "test",
            vector,
          );
        const fn = nvme.machine.root.functions.find(({ name }) => name === "disk");
        for (const vector of [2, 0]) fn?.raise(vector);
        nvme.delay.udelay(20);
        return count === 4 ? 0 : -22;
      },
    };
    pci.module_pci_driver(driver);
    expect(nvme.kernel.insertModule()).toBe(0);
    expect(seen.toSorted()).toEqual([0, 2]);
  });
});

describe("Interrupt Disable, Command bit 10 (drivers/pci/msi/msi.c, pci_intx_for_msi)", () => {
  const looked = (at: DriverBench, bdf: string) => {
    const device = sysfsDevices(at.kernel).find(({ name }) => name === bdf);
    const text = printLspci(sysfsDevices(at.kernel), { names: pciNames(), v: 2, s: bdf });
    return [/DisINTx[+-]/.exec(text)?.[0], device?.irq, /routed to IRQ (\d+)/.exec(text)?.[1]];
  };

  test("is set while MSI is on, whose first vector is pdev.irq, and cleared with it", () => {
    bench.bind((pdev) => {
      const { pci } = bench;
      pci.pci_enable_device(pdev);
      const line = pdev.irq;
      const before = looked(bench, "0000:01:00.0");
      expect(before).toEqual(["DisINTx-", line, `${line}`]);
      expect(pci.pci_alloc_irq_vectors(pdev, 1, 1, pci.PCI_IRQ_MSI)).toBe(1);
      const irq = pci.pci_irq_vector(pdev, 0);
      expect(irq).not.toBe(line);
      expect(pdev.irq).toBe(irq);
      expect(looked(bench, "0000:01:00.0")).toEqual(["DisINTx+", irq, `${irq}`]);
      pci.pci_free_irq_vectors(pdev);
      expect(looked(bench, "0000:01:00.0")).toEqual(before);
      pci.pci_intx(pdev, false);
      pci.pci_free_irq_vectors(pdev);
      expect(looked(bench, "0000:01:00.0")[0]).toBe("DisINTx+");
      expect(pci.pci_alloc_irq_vectors(pdev, 1, 1, pci.PCI_IRQ_LEGACY)).toBe(1);
      expect(looked(bench, "0000:01:00.0")).toEqual(before);
      return 0;
    });
    expect.assertions(9);
  });

  test("is set while MSI-X is on; pdev.irq stays the line's", () => {
    const nvme = driverBench({
      ...bench.machine.description,
      functions: [
        { at: "00.0", device: "host-bridge" },
        { at: "03.0", device: "nvme", name: "disk" },
      ],
    });
    const { pci } = nvme;
    pci.module_pci_driver({
      name: "test",
      id_table: [pci.PCI_DEVICE(0x1b36, 0x0010)],
      probe: (pdev) => {
        pci.pci_enable_device(pdev);
        const before = looked(nvme, pci.pci_name(pdev));
        expect(pci.pci_alloc_irq_vectors(pdev, 1, 4, pci.PCI_IRQ_MSIX)).toBe(4);
        expect(looked(nvme, pci.pci_name(pdev))).toEqual(["DisINTx+", ...before.slice(1)]);
        pci.pci_free_irq_vectors(pdev);
        expect(looked(nvme, pci.pci_name(pdev))).toEqual(before);
        return 0;
      },
    });
    expect(nvme.kernel.insertModule()).toBe(0);
    expect.assertions(4);
  });
});
