import { describe, expect, test } from "vitest";
import { booted, enable, functionOf, iomap, wired } from "../../support/bench";
import { driverBench } from "../../support/driver";
import { ask, listen, mend } from "../../support/explaining";

describe("22: message interrupts set up wrongly", () => {
  test("vectors without a handler: request_irq() is missing, and the number is said", () => {
    const bench = driverBench();
    bench.bind((pdev) => {
      bench.pci.pci_enable_device(pdev);
      bench.pci.pci_set_master(pdev);
      bench.pci.pci_alloc_irq_vectors(pdev, 1, 1, bench.pci.PCI_IRQ_MSI);
      const why = ask(bench, "edu.interrupt");
      expect(why.sentence).toMatch(
        /nobody has asked for interrupt \d+: request_irq\(\) was not called for it/,
      );
      const irq = bench.pci.pci_irq_vector(pdev, 0);
      expect(why.sentence).toContain(`interrupt ${irq}:`);
      bench.interrupt.request_irq(irq, () => bench.interrupt.IRQ_HANDLED, 0, "test", null);
      const arrives = ask(bench, "edu.interrupt");
      expect(arrives.answered).toBe(true);
      expect(arrives.sentence).toContain(`handler of interrupt ${irq}: test`);
      return 0;
    });
  });

  test("MSI and MSI-X both on: undefined, and which one is used here", () => {
    const bench = wired({ at: "05.0", device: "e1000e", name: "nic" });
    const nic = functionOf(bench, "nic");
    nic.configWrite(nic.config.map["MSI_FLAGS"]?.at ?? 0, { width: 2, value: 1 });
    nic.configWrite(nic.config.map["MSIX_FLAGS"]?.at ?? 0, { width: 2, value: 0x8000 });
    expect(ask(bench, "nic.interrupt").notes.join(" ")).toMatch(
      /both switched on, which the specification leaves undefined/,
    );
  });

  test("a masked vector, and the function's mask", () => {
    const bench = wired({ at: "05.0", device: "e1000e", name: "nic" });
    const nic = functionOf(bench, "nic");
    const at = nic.config.map["MSIX_FLAGS"]?.at ?? 0;
    nic.configWrite(at, { width: 2, value: 0xc000 });
    const all = ask(bench, "nic.interrupt");
    expect(all.decides).toMatchObject({ register: "nic.config.MSIX_FLAGS", field: "MASKALL", is: "1" });
    mend(bench, all);
    expect(ask(bench, "nic.interrupt").sentence).toMatch(
      /vector 0 is masked: bit 0 of .*MSIX_0_CONTROL is 1/,
    );
    expect(ask(bench, "nic.interrupt.40").sentence).toMatch(/none has number 40/);
  });

  test("a message address that nobody filled in is a write into memory", () => {
    const bench = wired({ at: "05.0", device: "edu", name: "card" });
    const card = functionOf(bench, "card");
    card.configWrite(card.config.map["MSI_FLAGS"]?.at ?? 0, { width: 2, value: 0x81 });
    expect(ask(bench, "card.interrupt").sentence).toMatch(
      /the message goes to 0x0, which is no address of the interrupt controller/,
    );
  });
});

describe("23: INTx, level and acknowledgement", () => {
  test("INTx Disable holds the line back", () => {
    const bench = booted();
    functionOf(bench, "edu").configWrite(4, { width: 2, value: 0x407 });
    const why = ask(bench, "edu.interrupt");
    expect(why.decides).toMatchObject({
      register: "edu.config.COMMAND",
      field: "INTX_DISABLE",
      is: "1",
      wants: "0",
    });
    mend(bench, why);
    expect(ask(bench, "edu.interrupt").sentence).not.toContain("held back");
  });

  test("a cause that is not acknowledged keeps the line asserted, and that is said", () => {
    const bench = booted();
    enable(bench, "edu");
    bench.io.iowrite32(1, iomap(bench, "edu"), 0x60);
    const { notes, hops } = ask(bench, "edu.interrupt");
    expect(hops.flatMap(({ facts }) => facts)).toContainEqual({ label: "level now", value: "asserted" });
    expect(notes.join(" ")).toMatch(
      /edu waits for an acknowledgement \(Interrupt Status, bit 3 of edu.config.STATUS, is 1/,
    );
    bench.io.iowrite32(1, iomap(bench, "edu"), 0x64);
    expect(ask(bench, "edu.interrupt").notes).toEqual([]);
  });
});

describe("24: looking at registers changes them", () => {
  test("explaining and translating read nothing over the bus: not a word of the machine is different", () => {
    const bench = booted();
    for (const name of ["edu", "serial", "shmem"]) enable(bench, name);
    iomap(bench, "edu");
    const before = bench.machine.arena.u8.slice(0, bench.machine.arena.used);
    for (const address of [
      "edu.STATUS",
      "serial.RBR",
      "serial.LSR",
      "0xffffc90000000020",
      "edu.interrupt",
      "io:0x3000",
      "0xfff00000",
    ])
      for (const write of [true, false])
        try {
          ask(bench, address, { write });
          bench.inspection.translate(address);
        } catch {
          // A register that this machine does not have.
        }
    expect(Buffer.compare(bench.machine.arena.u8.slice(0, before.length), before)).toBe(0);
  });

  test("a register whose read clears bits says so", () => {
    const bench = booted();
    enable(bench, "shmem");
    const clearing = bench.machine.devices.flatMap(({ banks }) =>
      banks.flatMap(({ name, registers }) =>
        Object.entries(registers.map)
          .filter(([, { access }]) => access === "rc")
          .map(([register]) => `${name}.${register}`),
      ),
    );
    expect(clearing.length).toBeGreaterThan(0);
    for (const id of clearing)
      expect(ask(bench, id).notes.join(" ")).toMatch(/A read of .* changes the device/);
  });
});

describe("25: raw pointers", () => {
  test("a physical address used as a pointer: what is there, and to map it first", () => {
    const bench = booted();
    const { sentence, mends, log, sees } = ask(bench, "virt:0x40000020", { write: true });
    expect(sentence).toContain(
      "0x40000020 is a physical address used as a virtual one (BAR 0 of edu is there)",
    );
    expect(mends[0]?.sentence).toContain("pci_iomap(pdev, bar, 0)");
    expect(log[0]).toBe("BUG: unable to handle page fault for address: 0000000040000020");
    expect(sees).toMatch(/^a page fault/);
  });

  test("NULL, and what pci_iomap() returned", () => {
    expect(ask(booted(), "virt:0x8").sentence).toContain("NULL pointer");
  });

  test("beyond a mapping, and after iounmap(): who had it, in the words of the kernel", () => {
    const bench = booted();
    enable(bench, "edu");
    const regs = iomap(bench, "edu");
    expect(ask(bench, "0xffffc90000300000").sentence).toMatch(/nothing is mapped there|beyond the mapping/);
    const heard = listen(bench);
    bench.io.iounmap(regs);
    expect(() => bench.io.ioread32(regs, 0x20)).toThrow(/page fault/);
    const [failure] = heard;
    expect(failure?.explanation.notes.join(" ")).toMatch(/had mapped 0x4\w+ here; it was unmapped/);
    expect(failure?.explanation.decides).toMatchObject({ field: "P", is: "0" });
  });
});
