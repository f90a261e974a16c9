import { describe, expect, test } from "vitest";
import { RegisterBank } from "../../../emulator/core/register-bank";
import { defineRegisters } from "../../../emulator/core/register-map";
import { q35 } from "../../../emulator/machine/built-in";
import { catalogue } from "../../../emulator/machine/catalogue";
import { assemble, type Device, type DeviceParts } from "../../../emulator/pci/device";
import { PciFunction } from "../../../emulator/pci/function";
import { type Bench, booted, enable, functionOf, iomap, wired } from "../../support/bench";
import { ask, listen } from "../../support/explaining";

function enabled(): Bench {
  const bench = booted();
  for (const name of ["edu", "shmem"]) enable(bench, name);
  return bench;
}

describe("16: a posted write that has not arrived", () => {
  test("is told of at the register, and that a read pushes it (PCIe 2.4.1)", () => {
    const bench = enabled();
    const regs = iomap(bench, "edu");
    bench.machine.root.fabric.posted.setMode("adversarial");
    bench.io.iowrite32(5, regs, 4);
    const { notes, sees } = ask(bench, "edu.LIVENESS");
    expect(sees).toBe("0x0, as it stands now");
    expect(notes.join(" ")).toMatch(
      /1 posted write is still on the way: .* read back after a write that must have arrived/,
    );
    bench.io.ioread32(regs, 4);
    expect(ask(bench, "edu.LIVENESS").notes.join(" ")).not.toContain("on the way");
  });
});

describe("17: write-combining where it does harm", () => {
  test("the mapping says its type, by the page-table entry and by the MTRRs (SDM vol. 3A, table 12-7)", () => {
    const bench = enabled();
    expect(bench.io.ioremap_wc(0x4000_0000, 0x1000)).not.toBeNull();
    const [mapping] = bench.kernel.state().mappings;
    const { notes } = ask(bench, mapping?.virtual ?? "", { write: true });
    expect(notes.join(" ")).toMatch(
      /write-combining \(write-combining by its page-table entry, uncached by the MTRRs\): writes are gathered .* flush with wmb\(\).* belong behind ioremap\(\)/,
    );
  });
});

/** Events that a read takes away, behind a BAR that says that reads have no side effects. */
function careless({ arena, name }: DeviceParts): Device {
  const map = defineRegisters({
    EVENTS: { at: 0, width: 32, access: "rc", doc: "Reading takes them away." },
  });
  const bank = new RegisterBank(arena, { name, map, size: 4096 });
  const ids = { vendor: 0x1234, device: 0x0bad, revision: 1, classCode: 0x088000 };
  const bars = [
    { index: 0, kind: "mem32", prefetchable: true, size: 4096, target: { kind: "io", io: bank } },
  ] as const;
  return assemble(new PciFunction(arena, { name, ids, bars }), [bank], []);
}

describe("18: prefetchable, and reads have side effects", () => {
  test("the BAR's bit and the register that contradicts it are named", () => {
    (catalogue as Map<string, typeof careless>).set("careless", careless);
    const bench = wired({ at: "05.0", device: "careless", name: "card" });
    const { answered, notes } = ask(bench, "card.EVENTS");
    expect(answered).toBe(true);
    expect(notes.join(" ")).toMatch(
      /BAR 0 of card says that it is prefetchable, yet reads of EVENTS have a side effect/,
    );
    expect(ask(enabled(), "shmem.INTR_STATUS").notes.join(" ")).not.toContain("prefetchable");
  });
});

describe("19: width, alignment and byte enables", () => {
  test.each([
    ["edu.STATUS", 1, false, "ioread32()"],
    ["edu.STATUS", 2, true, "iowrite32()"],
    ["edu.BAR0+0x22", 2, false, "ioread32()"],
  ] as const)(
    "%s in %i bytes, write %s: %s is named, and Completer Abort",
    (address, bytes, write, accessor) => {
      const { sentence, mends, status } = ask(enabled(), address, { bytes, write });
      expect(sentence).toMatch(/takes accesses of 32 bits at its start, and this one has (8|16)/);
      expect(mends[0]?.sentence).toContain(accessor);
      expect(status.map(({ id }) => id)).toContain("edu.config.STATUS.SIG_TARGET_ABORT");
    },
  );

  test("the driver's own access of the wrong width is the last failure", () => {
    const bench = enabled();
    const heard = listen(bench);
    expect(bench.io.ioread8(iomap(bench, "edu"), 0x20)).toBe(0xff);
    expect(heard[0]?.explanation).toMatchObject({ bytes: 1, access: "read", initiator: "cpu" });
    expect(heard[0]?.explanation.sentence).toContain("edu.STATUS");
  });
});

describe("20: the machine stands still on one access", () => {
  test("a completion that never comes: how long, what is read, and what to do (PCIe 2.8)", () => {
    const bench = enabled();
    const regs = iomap(bench, "edu");
    bench.machine.root.fabric.faults.add({ function: "edu", access: "read", nth: 1, fault: "timeout" });
    const heard = listen(bench);
    expect(bench.io.ioread32(regs, 0x20)).toBe(0xffffffff);
    const [failure] = heard;
    expect(failure?.asked).toBe(true);
    expect(failure?.explanation.sentence).toMatch(/timeout: the CPU waited 10 ms, and nothing else ran$/);
    expect(failure?.explanation.sees).toBe("all ones: 0xffffffff");
    expect(failure?.explanation.mends[0]?.sentence).toContain("read the Vendor ID");
  });
});

describe("21: AER's text", () => {
  /** A switch whose ports report errors, below a root port that interrupts for them. */
  function reporting(): Bench {
    const nic = { at: "00.0", device: "e1000e", name: "nic" };
    const down = { at: "00.0", device: "xio3130-downstream", name: "down", below: [nic] };
    const up = { at: "00.0", device: "x3130-upstream", name: "up", below: [down] };
    const functions = [
      { at: "00.0", device: "host-bridge", name: "mch" },
      { at: "03.0", device: "pcie-root-port", name: "rp0", below: [up] },
    ];
    const bench = booted({ ...q35, name: "errors", title: "", functions });
    for (const fn of bench.machine.root.functions) {
      fn.configWrite(4, { width: 2, value: 0x107 });
      const { EXP_DEVCTL, AER_ROOT_COMMAND, BRIDGE_CONTROL } = fn.config.map;
      if (EXP_DEVCTL) fn.configWrite(EXP_DEVCTL.at, { width: 2, value: 0xf });
      if (BRIDGE_CONTROL) fn.configWrite(BRIDGE_CONTROL.at, { width: 2, value: 2 });
      if (AER_ROOT_COMMAND) fn.configWrite(AER_ROOT_COMMAND.at, { width: 4, value: 7 });
    }
    return bench;
  }

  test("is printed before it happens, as Linux 6.1 does, with the bit by its name", () => {
    const bench = reporting();
    functionOf(bench, "down").configWrite(4, { width: 2, value: 0x105 });
    const { log, status } = ask(bench, "nic.BAR0", { write: true });
    expect(log).toEqual([
      expect.stringMatching(
        /^\w+ 0000:00:03\.0: AER: Uncorrected \(Non-Fatal\) error received: 0000:02:00\.0$/,
      ),
      expect.stringMatching(
        /^\w+ 0000:02:00\.0: PCIe Bus Error: severity=Uncorrected \(Non-Fatal\), type=Transaction Layer, \(Requester ID\)$/,
      ),
      expect.stringMatching(
        /^\w+ 0000:02:00\.0: {3}device \[104c:8233\] error status\/mask=00100000\/\w{8}$/,
      ),
      expect.stringMatching(/^\w+ 0000:02:00\.0: {4}\[20\] UnsupReq\s+\(First\)$/),
    ]);
    expect(status.map(({ id }) => id)).toContain("down.config.AER_UNCOR_STATUS.UNSUP_REQ");
  });

  test("the header that was logged is taken apart into a packet (PCIe 2.2.4)", () => {
    const bench = reporting();
    const { config } = functionOf(bench, "down");
    for (const [word, value] of [0x0100_0000, 0x0f00_0000, 0x2000_00c0, 0].entries())
      config.set(`AER_HEADER_LOG_${word}`, value);
    expect(ask(bench, "down.config.AER_UNCOR_STATUS").notes.join(" ")).toBe(
      "The packet that was the first error: MRd of 1 word at 0xc0000020 by 00:00.0, tag 0, byte enables 1111/0000. TLP Header: 00000001 0000000f c0000020 00000000",
    );
  });
});
