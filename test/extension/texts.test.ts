import { describe, expect, it } from "vitest";
import { refusedName, tsconfigText } from "../../extension/driver-folder";
import { firstLinuxImport, isDriver } from "../../extension/driver-source";
import { panelState } from "../../extension/panel-state";
import { padded, sizeText } from "../../extension/plain-text";
import { bitRuler } from "../../extension/register-tooltip";
import { groupRows, watchpointRow } from "../../extension/watchpoint-row";
import { parseSpec, specText, withSpec } from "../../extension/watchpoint-spec";
import { demo, status } from "./demo-state";

describe("a watchpoint's text", () => {
  it("is read as target and access", () => {
    expect(parseSpec(" edu.FACTORIAL  w ")).toEqual({ target: "edu.FACTORIAL", access: "w" });
    expect(parseSpec("0x40000008+4 wr")).toEqual({ target: "0x40000008+4", access: "rw" });
  });

  it("means both accesses when it names none", () => {
    expect(parseSpec("edu.STATUS")?.access).toBe("rw");
  });

  it("is refused when it is none", () => {
    expect(["", "edu.STATUS x", "edu.STATUS w x"].map(parseSpec)).toEqual([undefined, undefined, undefined]);
  });

  it("reads back as printed", () => {
    expect(parseSpec(specText({ target: "edu.ID", access: "r" }))).toEqual({ target: "edu.ID", access: "r" });
    const text = "edu.FACTORIAL w once if $value == 5";
    expect(parseSpec(text)?.more).toBe("once if $value == 5");
    expect(specText(parseSpec(text) ?? { target: "", access: "r" })).toBe(text);
  });

  it("on the same target replaces the one before", () => {
    const specs = [{ target: "a", access: "r" } as const, { target: "b", access: "w" } as const];
    expect(withSpec(specs, { target: "a", access: "w" })).toEqual([
      { target: "b", access: "w" },
      { target: "a", access: "w" },
    ]);
  });
});

describe("a watchpoint's row", () => {
  const spec = { target: "edu.NONE", access: "w" } as const;

  it("is hollow while it waits, and says for what", () => {
    const row = watchpointRow(spec, {
      status: { id: "edu.NONE", verified: false, message: "No register edu.NONE." },
      on: true,
    });
    expect(row.icon).toBe("debug-breakpoint-data-unverified");
    expect(row.description).toBe("write · No register edu.NONE.");
  });

  it("is filled once it is bound", () => {
    expect(watchpointRow(spec, { status: { id: "edu.NONE", verified: true }, on: true }).icon).toBe(
      "debug-breakpoint-data",
    );
  });

  it("that is off is kept hollow, and switched with all of its group", () => {
    const grouped = (target: string) => ({ target, access: "r", more: "group polling" }) as const;
    const specs = [spec, grouped("edu.STATUS"), grouped("edu.ID")];
    const isOn = ({ target }: { readonly target: string }) => target !== "edu.ID";
    expect(watchpointRow(grouped("edu.ID"), { status: undefined, on: false })).toMatchObject({
      icon: "debug-breakpoint-data-unverified",
      description: "read, group polling · off",
      checked: false,
      parent: "group polling",
    });
    expect(groupRows(specs, isOn)).toMatchObject([
      {
        id: "group polling",
        description: "1 of 2 on",
        checked: true,
        children: ["watch edu.STATUS", "watch edu.ID"],
      },
    ]);
  });
});

describe("a driver", () => {
  it("is a file that imports from linux/", () => {
    expect(isDriver('import { ioread32 } from "linux/io";')).toBe(true);
    expect(isDriver('import {\n  pci_iomap,\n  type PciDev,\n} from "linux/pci";')).toBe(true);
    expect(isDriver('import "linux/pci";')).toBe(true);
  });

  it("is not a file that only speaks of it", () => {
    expect(isDriver('// import { x } from "linux/io"')).toBe(false);
    expect(isDriver('const text = "linux/io";')).toBe(false);
    expect(isDriver('import { x } from "./linux/io";')).toBe(false);
  });

  it("has its lenses above the first import", () => {
    expect(firstLinuxImport('// a driver\n\nimport { ioread32 } from "linux/io";\n')).toBe(2);
    expect(firstLinuxImport("export {}")).toBe(-1);
  });

  it("has a name that is a folder everywhere", () => {
    expect(refusedName("my_driver-2")).toBeUndefined();
    expect(["", "My", "../x", "a b", "2x"].map((name) => refusedName(name) === undefined)).not.toContain(
      true,
    );
  });

  it("compiles with the settings that type stripping needs", () => {
    expect(JSON.parse(tsconfigText).compilerOptions).toMatchObject({
      strict: true,
      erasableSyntaxOnly: true,
    });
  });
});

it("prints a value at its width", () => {
  expect([padded("0x5", 8), padded("0x5", 16), padded("0x5", 64)]).toEqual([
    "0x05",
    "0x0005",
    "0x0000000000000005",
  ]);
});

it("prints a size in the largest unit that divides it", () => {
  expect([4096, 1536, 1 << 20, 3].map(sizeText)).toEqual(["4 KiB", "1536 bytes", "1 MiB", "3 bytes"]);
});

it("prints /proc/iomem and /proc/ioports as the kernel does", () => {
  expect(panelState(demo, new Map()).iomem[1]).toEqual({ depth: 0, text: "00001000-0009fbff : System RAM" });
  expect(panelState(demo, new Map()).ioports.map(({ text }) => text)).toEqual([
    "0000-0cf7 : PCI Bus 0000:00",
    "1000-1fff : PCI Bus 0000:01",
  ]);
});

it("rules a register's bits, each under the letter of its field", () => {
  expect(bitRuler({ ...status, width: 8 })).toBe("1000 0001\nb··· ···a");
});
