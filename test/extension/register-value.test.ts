import { describe, expect, it } from "vitest";
import { numberProblem, writableOf } from "../../extension/register-value";
import { demo } from "./demo-state";

describe("what can be written", () => {
  it("is a register with its value and width", () => {
    expect(writableOf(demo.functions, "edu.STATUS")).toEqual({
      target: "edu.STATUS",
      value: "0x81",
      bits: 32,
      meanings: [],
    });
  });

  it("is a field with the names of its values", () => {
    expect(writableOf(demo.functions, "edu.STATUS.COMPUTING")).toEqual({
      target: "edu.STATUS.COMPUTING",
      value: "0x1",
      bits: 1,
      meanings: [
        { value: "0x0", name: "idle" },
        { value: "0x1", name: "busy" },
      ],
    });
  });

  it("is nothing that the machine has not", () => {
    expect(writableOf(demo.functions, "edu.NOTHING")).toBeUndefined();
    expect(writableOf(demo.functions, "edu.STATUS.NOTHING")).toBeUndefined();
  });
});

describe("a number", () => {
  it.each(["0x81", "129", "0b1000_0001", " 7 "])("may be written as %s", (text) => {
    expect(numberProblem(text, 8)).toBeUndefined();
  });

  it("of 64 bits is taken whole", () => {
    expect(numberProblem("0xffffffffffffffff", 64)).toBeUndefined();
    expect(numberProblem("0x10000000000000000", 64)).toContain("does not fit 64 bits");
  });

  it.each([
    ["12abc", "is no number"],
    ["0x1FFFFFFFF", "does not fit 32 bits: at most 0xffffffff"],
    ["-1", "is no number"],
  ])("is not %s", (text, why) => {
    expect(numberProblem(text, 32)).toContain(why);
  });
});
