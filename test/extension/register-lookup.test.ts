import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { placesIn } from "../../extension/place-words";
import {
  fieldWords,
  functionsOf,
  meaningOf,
  registerAtPointer,
  valueWords,
} from "../../extension/register-lookup";
import { demo, edu, status } from "./demo-state";

const sample = readFileSync("extension/samples/edu.ts", "utf8");
const mapped = {
  ...demo,
  linux: {
    ...demo.linux,
    mappings: [
      {
        virtual: "0xffffc90000000000",
        physical: "0x40000000",
        bytes: 0x100000,
        memoryType: "uncached-minus",
        owner: "edu",
      } as const,
    ],
  },
};
const meant = (word: string, text = sample) => {
  const found = meaningOf(word, text, demo.functions);
  return found && [found.register.id, found.field?.name];
};

describe("a pointer", () => {
  it("means the register behind its mapping, any byte of it", () => {
    expect(registerAtPointer(mapped, 0xffffc90000000020n)?.id).toBe("edu.STATUS");
    expect(registerAtPointer(mapped, 0xffffc90000000022n)?.id).toBe("edu.STATUS");
  });

  it("means nothing where nothing is mapped, or no register is", () => {
    expect(registerAtPointer(mapped, 0xffffc90000100000n)).toBeUndefined();
    expect(registerAtPointer(mapped, 0xffffc900000ff000n)).toBeUndefined();
    expect(registerAtPointer(mapped, 0n)).toBeUndefined();
  });
});

describe("a word of a driver", () => {
  it("means a register by its whole name", () => {
    expect(meant("edu.STATUS")).toEqual(["edu.STATUS", undefined]);
  });

  it("means a register by a constant with its offset and its name", () => {
    expect(meant("STATUS")).toEqual(["edu.STATUS", undefined]);
    expect(meant("EDU_STATUS", "const EDU_STATUS = 0x20;")).toEqual(["edu.STATUS", undefined]);
  });

  it("means a field by a constant with its mask and its name", () => {
    expect(meant("STATUS_COMPUTING")).toEqual(["edu.STATUS", "COMPUTING"]);
  });

  it("means a register by a constant that an accessor takes for an offset, whatever its name", () => {
    const text = "const REG3 = 0x20;\n";
    expect(meant("REG3", `${text}ioread32(io, REG3);`)).toEqual(["edu.STATUS", undefined]);
    expect(meant("REG3", text)).toBeUndefined();
  });

  it("means no register where only the number is the same", () => {
    expect(meant("LIMIT", "const LIMIT = 0x20;")).toBeUndefined();
    expect(meant("probe")).toBeUndefined();
  });

  it("is looked for in the functions of the driver's table of ids", () => {
    expect(functionsOf(sample, demo.functions)).toEqual([edu]);
    expect(functionsOf("PCI_DEVICE(1, 2)", demo.functions)).toBe(demo.functions);
  });
});

describe("a register in words", () => {
  it("is its value and the bits that are set", () => {
    expect(valueWords(status)).toBe("0x81 COMPUTING|IRQ_FACTORIAL");
    expect(fieldWords({ ...status, fields: [] })).toBe("");
  });

  it("has no value where it can only be written", () => {
    expect(valueWords({ ...status, access: "wo" })).toBe("write-only");
  });
});

describe("places in a text", () => {
  const words = (text: string) =>
    placesIn(text, mapped).map(({ start, length, place }) => [text.slice(start, start + length), place]);

  it("are functions that the machine has, with and without their segment", () => {
    expect(words("pci 0000:01:00.0: BAR 0; 01:00.0, and 0a:00.0 not")).toEqual([
      ["0000:01:00.0", "0000:01:00.0"],
      ["01:00.0", "0000:01:00.0"],
    ]);
  });

  it("are addresses in a BAR or in a mapping, with 0x and as iomem prints them", () => {
    expect(words("[mem 0x40000000-0x400fffff] 0x12345678 0xffffc90000000008")).toEqual([
      ["0x40000000", "0x40000000"],
      ["0x400fffff", "0x400fffff"],
      ["0xffffc90000000008", "0xffffc90000000008"],
    ]);
    expect(words(" 40000000-400fffff : edu")).toEqual([
      ["40000000", "0x40000000"],
      ["400fffff", "0x400fffff"],
    ]);
  });

  it("are registers by name", () => {
    expect(words("// @watch edu.STATUS w, not edu.NOTHING")).toEqual([["edu.STATUS", "edu.STATUS"]]);
  });
});
