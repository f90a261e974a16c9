import { beforeEach, describe, expect, test } from "vitest";
import { planWrites } from "../../../emulator/machine/write-plan";
import { type Bench, booted, enable } from "../../support/bench";

let bench: Bench;

beforeEach(() => {
  bench = booted();
  enable(bench, "edu");
});

const plan = (at: string, ...data: readonly number[]) =>
  planWrites(bench.machine, at, { offset: 0, data: Uint8Array.from(data) });

describe("bytes that a person writes", () => {
  test("become the widest aligned accesses in RAM", () => {
    expect(plan("0x200003", 1, 2, 3, 4, 5, 6).map(({ offset, bytes }) => [offset, bytes])).toEqual([
      [0, 1],
      [1, 4],
      [5, 1],
    ]);
  });

  test("become accesses of each register's own width", () => {
    expect(plan("edu.LIVENESS", 1, 0, 0, 0, 5, 0, 0, 0)).toEqual([
      { offset: 0, bytes: 4, value: "0x1" },
      { offset: 4, bytes: 4, value: "0x5" },
    ]);
    expect(plan("edu.DMA_SRC", 1, 2, 3, 4, 5, 6, 7, 8)).toEqual([
      { offset: 0, bytes: 8, value: "0x807060504030201" },
    ]);
  });

  test("are refused with a sentence where the device would lose them, all of them", () => {
    expect(() => plan("edu.STATUS", 1, 2)).toThrow(
      /^edu\.STATUS takes accesses of 32 bits .* has 16: .*Nothing was written\.$/,
    );
    expect(() => plan("edu.STATUS", 1, 2, 3, 4, 5)).toThrow(/Nothing was written/);
    expect(() => plan("0x40000030", 1, 2, 3, 4)).toThrow(/holds no register/);
    expect(() => plan("0x60000000", 1)).toThrow(/Nothing was written/);
  });
});
