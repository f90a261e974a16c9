import { describe, expect, test } from "vitest";
import { LONGEST_NS, POSTING } from "../../../emulator/pci/posted-writes";
import { type PostingBench, posting } from "../../support/posting-bench";

const [ID, LIVENESS, FACTORIAL, STATUS] = [0, 4, 8, 0x20];
const EDU_ID = 0x010000ed;
const COMPUTING = 1;

/** The ordering table (PCIe Base Specification 2.4.1, table 2-40): may the row pass the column? */
const CELLS: readonly (readonly [cell: string, claim: string, litmus: (it: PostingBench) => void])[] = [
  [
    "A2, No",
    "a posted write does not pass a posted write",
    (it) => {
      it.dmaWrite(1);
      it.dmaWrite(2);
      it.read(ID);
      expect(it.ram()).toBe(2);
    },
  ],
  [
    "A3, Yes",
    "a posted write gets past a read that waits",
    (it) => {
      let arrived: number | undefined;
      it.whileItReads(() => {
        it.dmaWrite(7);
        it.clock.spend(LONGEST_NS);
        arrived = it.ram();
      });
      expect(arrived).toBe(7);
    },
  ],
  [
    "A4, Yes",
    "a posted write gets past a configuration write that waits",
    (it) => {
      let arrived: number | undefined;
      it.whileItConfigures(() => {
        it.dmaWrite(7);
        it.clock.spend(LONGEST_NS);
        arrived = it.ram();
      });
      expect(arrived).toBe(7);
    },
  ],
  [
    "A5, Yes",
    "a posted write gets past a completion that is on its way",
    (it) => {
      let arrived: number | undefined;
      it.whileItWaits(() => {
        it.write(LIVENESS, 5);
        it.clock.spend(LONGEST_NS);
        arrived = it.liveness();
      });
      expect(arrived).toBe(~5 >>> 0);
    },
  ],
  [
    "B2, No",
    "a read does not pass a posted write",
    (it) => {
      it.write(LIVENESS, 5);
      expect(it.read(LIVENESS)).toBe(~5 >>> 0);
    },
  ],
  [
    "B3, either",
    "reads come back with their own data",
    (it) => {
      expect([it.read(ID), it.readOther(), it.read(ID)]).toEqual([EDU_ID, 0, EDU_ID]);
    },
  ],
  [
    "B4, either",
    "a read behind a configuration write finds it done: it is not posted",
    (it) => {
      it.configure(9);
      expect([it.read(ID), it.inConfiguration()]).toEqual([EDU_ID, 9]);
    },
  ],
  [
    "B5, either",
    "a device's read sets out while the completion it owes waits",
    (it) => {
      let found: number | undefined;
      it.whileItReads(() => {
        found = it.dmaRead();
      });
      expect(found).toBe(0);
    },
  ],
  [
    "C2, No",
    "a configuration write does not pass a posted write",
    (it) => {
      it.write(LIVENESS, 5);
      it.configure(9);
      expect(it.liveness()).toBe(~5 >>> 0);
    },
  ],
  [
    "C3, either",
    "a configuration write behind a read takes effect after it",
    (it) => {
      expect(it.read(ID)).toBe(EDU_ID);
      it.configure(9);
      expect(it.inConfiguration()).toBe(9);
    },
  ],
  [
    "C4, either",
    "configuration writes take effect in the order of the program",
    (it) => {
      for (const value of [1, 2, 3]) it.configure(value);
      expect(it.inConfiguration()).toBe(3);
    },
  ],
  [
    "C5, either",
    "a configuration write takes effect while a completion is on its way",
    (it) => {
      it.whileItWaits(() => it.configure(9));
      expect(it.inConfiguration()).toBe(9);
    },
  ],
  [
    "D2, No",
    "a completion does not pass a posted write",
    (it) => {
      it.dmaWrite(7);
      it.read(ID);
      expect(it.ram()).toBe(7);
    },
  ],
  [
    "D3, Yes",
    "a completion gets past a read that waits",
    (it) => {
      let id = 0;
      it.whileItWaits(() => {
        id = it.read(ID);
      });
      expect(id).toBe(EDU_ID);
    },
  ],
  [
    "D4, Yes",
    "a completion gets past a configuration write that waits",
    (it) => {
      let id = 0;
      it.whileItConfigures(() => {
        id = it.read(ID);
      });
      expect(id).toBe(EDU_ID);
    },
  ],
  [
    "D5, either",
    "completions of both directions bring their own data",
    (it) => {
      it.dmaWrite(7);
      it.read(ID);
      let id = 0;
      const found = it.whileItWaits(() => {
        id = it.read(ID);
      });
      expect([id, found]).toEqual([EDU_ID, 7]);
    },
  ],
];

describe.each(POSTING)("the ordering table, mode %s", (mode) => {
  test.each(CELLS)("%s: %s", (_cell, _claim, litmus) => litmus(posting(mode)));
});

describe("a driver that starts the device, waits as long as it needs, and looks", () => {
  function start({ write, read, delay }: PostingBench, { flush }: { readonly flush: boolean }): boolean {
    write(FACTORIAL, 5);
    if (flush) read(STATUS);
    delay.udelay(10);
    return (read(STATUS) & COMPUTING) === 0;
  }

  test.each(POSTING)("is right in mode %s if it reads back what it wrote before it waits", (mode) => {
    expect(start(posting(mode), { flush: true })).toBe(true);
  });

  test("and if it does not, is right only while writes arrive at once: they are posted", () => {
    expect(POSTING.map((mode) => start(posting(mode), { flush: false }))).toEqual([true, false, false]);
  });
});

describe("an INTx handler that looks at what its device wrote to memory", () => {
  function handle(it: PostingBench, { flush }: { readonly flush: boolean }): number | undefined {
    it.dmaWrite(7);
    it.edu.raise();
    if (flush) it.read(STATUS);
    return it.ram();
  }

  test.each(POSTING)("finds it in mode %s if it reads the device first (PCI 3.0, 3.2.5)", (mode) => {
    expect(handle(posting(mode), { flush: true })).toBe(7);
  });

  test("and if it does not, finds old data while the write is on its way", () => {
    expect(handle(posting("prompt"), { flush: false })).toBe(7);
    expect(handle(posting("adversarial"), { flush: false })).toBe(0);
  });
});
