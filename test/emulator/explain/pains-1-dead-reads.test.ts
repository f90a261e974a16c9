import { describe, expect, test } from "vitest";
import { Bridge } from "../../../emulator/pci/bridge";
import { insert, pullOut, setLink } from "../../../emulator/pci/hot-plug";
import { type Bench, booted, enable, functionOf, iomap, wired } from "../../support/bench";
import { ask, mend } from "../../support/explaining";

function enabled(): Bench {
  const bench = booted();
  for (const name of ["edu", "shmem", "serial"]) enable(bench, name);
  return bench;
}

describe("1: reads are all ones, for Memory Space Enable is off", () => {
  test("the bit is named, and what mends it: setpci, the console, pci_enable_device()", () => {
    const bench = booted();
    const { decides, sees, status, mends, hops, dies } = ask(bench, "edu.STATUS");
    expect(decides).toMatchObject({
      register: "edu.config.COMMAND",
      at: "0000:01:00.0+0x4",
      field: "MEMORY",
      bits: [1, 1],
      is: "0",
      wants: "1",
    });
    expect(sees).toBe("all ones: 0xffffffff");
    expect(status.map(({ id }) => id)).toEqual(["rp0.config.SEC_STATUS.REC_MASTER_ABORT"]);
    expect(mends[0]).toMatchObject({
      command: "wr edu.config.COMMAND.MEMORY 0x1",
      shell: "setpci -s 0000:01:00.0 COMMAND=2:2",
      edit: { call: "pci_enable_device", header: "linux/pci" },
    });
    expect(hops[dies ?? 0]?.kind).toBe("dead");
    expect(hops.at(-2)?.title).toBe("edu does not let it pass");
  });

  test("of the bridge above, too, and doing what it says mends it", () => {
    const bench = enabled();
    functionOf(bench, "rp0").configWrite(4, { width: 2, value: 4 });
    const why = ask(bench, "edu.STATUS");
    expect(why.sentence).toContain("rp0, a bridge above edu, does not decode");
    mend(bench, why);
    expect(ask(bench, "edu.STATUS").answered).toBe(true);
  });
});

describe("2: reads are all ones, for the device is gone", () => {
  test("pulled out: Presence Detect State says so, and how it is told from a register of ones", () => {
    const bench = enabled();
    const card = functionOf(bench, "edu");
    pullOut(card);
    const { sentence, notes, decides } = ask(bench, "0x40000020");
    expect(sentence).toContain("edu is not there any more");
    expect(notes.join(" ")).toMatch(/0xffff is no vendor.*Unknown header type 7f.*rev ff/);
    expect(decides).toMatchObject({ register: "rp0.config.EXP_SLTSTA", field: "PDS", is: "0" });
    insert(card);
    expect(ask(bench, "edu.config.VENDOR_ID").answered).toBe(true);
  });

  test("behind a link that is down, the port that leads there is asked", () => {
    const bench = enabled();
    const port = functionOf(bench, "rp0");
    if (port instanceof Bridge) setLink(port, false);
    expect(ask(bench, "0x40000020").sentence).toContain("edu is not there any more");
  });

  test("asleep: the power state is named (PCIe 5.3.1.4)", () => {
    const bench = wired({ at: "05.0", device: "nvme", name: "nvme" });
    const { at = 0 } = functionOf(bench, "nvme").config.map["PM_CTRL"] ?? {};
    functionOf(bench, "nvme").configWrite(at, { width: 2, value: 3 });
    const why = ask(bench, "nvme.BAR0");
    expect(why.decides).toMatchObject({
      register: "nvme.config.PM_CTRL",
      field: "STATE",
      is: "3",
      wants: "0",
    });
    expect(why.notes.join(" ")).toContain("pci_restore_state()");
  });

  test("a register that really holds all ones is answered, and the note says by whom", () => {
    const bench = enabled();
    bench.io.iowrite32(0, iomap(bench, "edu"), 4);
    const { answered, notes, sees } = ask(bench, "edu.LIVENESS");
    expect({ answered, sees }).toEqual({ answered: true, sees: "0xffffffff, as it stands now" });
    expect(notes.join(" ")).toMatch(/edu.LIVENESS really holds all ones: the device answers/);
  });
});

describe("3: all ones on one BAR only", () => {
  test("which holds an address outside its bridge's window", () => {
    const bench = enabled();
    functionOf(bench, "edu").configWrite(0x10, { width: 4, value: 0x4400_0000 });
    const why = ask(bench, "edu.STATUS");
    expect(why.sentence).toContain("rp0 does not forward 0x44000020, which BAR 0 of edu behind it holds");
    expect(why.decides).toMatchObject({ register: "rp0.config.MEMORY_LIMIT", field: "ADDRESS" });
    mend(bench, why);
    expect(ask(bench, "edu.STATUS").answered).toBe(true);
  });

  test("which lost its address in a reset, while Linux still counts on it", () => {
    const bench = enabled();
    functionOf(bench, "edu").configWrite(0x10, { width: 4, value: 0 });
    const why = ask(bench, "0x40000020");
    expect(why.sentence).toMatch(/BAR 0 .* holds 0, and Linux had put it at 0x40000000/);
    mend(bench, why);
    expect(ask(bench, "0x40000020").answered).toBe(true);
  });

  test("which is of I/O, while the memory beside it answers", () => {
    const bench = wired({ at: "05.0", device: "pci-testdev", name: "testdev" });
    functionOf(bench, "testdev").configWrite(4, { width: 2, value: 2 });
    expect(ask(bench, "testdev.BAR0").sentence).not.toContain("does not decode");
    expect(ask(bench, "testdev.BAR1").decides).toMatchObject({
      register: "testdev.config.COMMAND",
      field: "IO",
    });
  });
});

describe("beyond a BAR", () => {
  test("the nearest BAR is named, and how far beyond it the address is", () => {
    expect(ask(enabled(), "0x40100010").sentence).toMatch(
      /nearest is BAR 0 of edu at 0x40000000-0x400fffff, which ends 0x11 bytes before/,
    );
  });
});
