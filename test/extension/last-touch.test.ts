import { describe, expect, it } from "vitest";
import type { TraceQuery, TraceRow, TraceWindow } from "../../emulator/machine/trace-views";
import { lastTouch, touchText } from "../../extension/last-touch";

const row = (part: Partial<TraceRow>): TraceRow => ({
  number: 1,
  time: 0,
  lane: "mmio",
  what: "MRd",
  initiator: "cpu",
  target: "edu.STATUS",
  value: "0x81",
  ...part,
});

/** Answers every query with these rows, and keeps the last one. */
class Traced {
  asked: TraceQuery | undefined;
  readonly #rows: readonly TraceRow[];

  constructor(rows: readonly TraceRow[]) {
    this.#rows = rows;
  }

  trace(query: TraceQuery): Promise<TraceWindow> {
    this.asked = query;
    const lanes = {
      start: 0,
      end: 0,
      stride: 1,
      counts: { cpu: [], mmio: [], port: [], config: [], dma: [], interrupt: [] },
    };
    return Promise.resolve({ on: true, total: 0, lost: 0, from: 0, rows: this.#rows, searched: 1, lanes });
  }
}

describe("the last touch of a register", () => {
  it("is the newest of the trace's rows that name exactly this one", async () => {
    const traced = new Traced([
      row({ number: 1 }),
      row({ number: 2 }),
      row({ number: 3, target: "edu.STATUS2" }),
    ]);
    expect((await lastTouch(traced, "edu.STATUS"))?.number).toBe(2);
    expect(traced.asked).toMatchObject({ from: "end", filter: { words: "edu.STATUS" } });
  });

  it("is nobody's where the trace has none", async () => {
    expect(await lastTouch(new Traced([]), "edu.STATUS")).toBeUndefined();
  });

  it("reads as the line of the driver, what it did and the value", () => {
    const source = { path: "/work/edu.ts", line: 42 };
    expect(touchText(row({ source }))).toBe("edu.ts:42 read 0x81");
    expect(touchText(row({ what: "CfgWr0", source, value: "0x6" }))).toBe("edu.ts:42 wrote 0x6");
    expect(touchText(row({}))).toBe("read 0x81");
  });
});
