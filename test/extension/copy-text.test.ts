import { describe, expect, it } from "vitest";
import { copyText } from "../../extension/copy-text";
import { registerIdOf, subjectAt } from "../../extension/subject";
import { demo } from "./demo-state";

const at = (id: string) => {
  const subject = subjectAt(demo.functions, id);
  if (!subject) throw new Error(`The demo machine has no ${id}`);
  return subject;
};
const status = at("0000:01:00.0/BAR0/edu.STATUS");
const command = at("0000:01:00.0/config/edu.COMMAND");
const bar = at("0000:01:00.0/BAR0");
const phantom = at("0000:01:00.0/BAR2");

describe("what a row's id means", () => {
  it("is a function, a BAR or a register; a field means its register", () => {
    expect(bar.register).toBeUndefined();
    expect(at("0000:01:00.0/BAR0/edu.STATUS#COMPUTING").register?.name).toBe("STATUS");
    expect(subjectAt(demo.functions, "0000:ff:00.0")).toBeUndefined();
  });

  it("is found by the name that a watchpoint has", () => {
    expect(registerIdOf(demo.functions, "edu.FACTORIAL")).toBe("0000:01:00.0/BAR0/edu.FACTORIAL");
    expect(registerIdOf(demo.functions, "edu.NOTHING")).toBeUndefined();
  });
});

describe("a copy", () => {
  it("is the address that the CPU uses", () => {
    expect(copyText("address", status)).toBe("0x40000020");
    expect(copyText("address", phantom)).toBeUndefined();
  });

  it("reads configuration space with setpci, by the register's own width", () => {
    expect(copyText("setpci", command)).toBe("setpci -s 0000:01:00.0 0x04.w");
    expect(copyText("setpci", bar)).toBe("setpci -s 0000:01:00.0 0x10.l");
    expect(copyText("setpci", status)).toBeUndefined();
  });

  it("reads memory with devmem, and nothing where there is no address", () => {
    expect(copyText("devmem", status)).toBe("devmem 0x40000020 32");
    expect(copyText("devmem", phantom)).toBeUndefined();
  });

  it("is a C macro with a mask for every field", () => {
    expect(copyText("macro", status)).toBe(
      "#define EDU_STATUS 0x20\n#define EDU_STATUS_COMPUTING BIT(0)\n#define EDU_STATUS_IRQ_FACTORIAL BIT(7)\n",
    );
  });

  it("is a Markdown table of a register's fields, or of a function's BARs", () => {
    expect(copyText("markdown", status)).toContain(
      "| `[0]` | COMPUTING | `0x1` busy | ro | A computation runs. |",
    );
    expect(copyText("markdown", at("0000:01:00.0"))).toContain(
      "| BAR2 | memory, 64-bit, prefetchable | no address | 4 KiB |",
    );
  });
});
