import { describe, expect, it } from "vitest";
import { filterLines, foldLines, resourceLines, resourceText } from "../../webview/view-model/resources";
import { drawnRows, plainLimit } from "../../webview/view-model/window";

const rows = [
  { depth: 0, text: "00100000-3fffffff : System RAM" },
  { depth: 0, text: "40000000-4fffffff : PCI Bus 0000:00" },
  { depth: 1, text: "48000000-4fffffff : PCI Bus 0000:01" },
  { depth: 2, text: "48000000-480fffff : 0000:01:00.0" },
  { depth: 3, text: "48000000-480fffff : edu" },
  { depth: 0, text: "fee00000-fee00fff : Local APIC" },
];

describe("a line of /proc/iomem", () => {
  it("is measured against the line it is nested in", () => {
    expect(resourceLines(rows, "bytes")[2]?.place).toEqual({ x: 0.5, width: 0.5 });
  });

  it("says its size in the unit that divides it", () => {
    expect(resourceLines(rows, "bytes").map(({ size }) => size)).toEqual([
      "1023 MiB",
      "256 MiB",
      "128 MiB",
      "1 MiB",
      "1 MiB",
      "4 KiB",
    ]);
  });

  it("counts ports where it is of /proc/ioports", () => {
    const ports = [
      { depth: 0, text: "0060-0060 : keyboard" },
      { depth: 0, text: "1000-1fff : PCI Bus 0000:01" },
    ];
    expect(resourceLines(ports, "ports").map(({ size }) => size)).toEqual(["1 port", "4096 ports"]);
  });

  it("is told apart by what it names", () => {
    expect(resourceLines(rows, "bytes").map(({ kind }) => kind)).toEqual([
      "ram",
      "bus",
      "bus",
      "function",
      "other",
      "other",
    ]);
  });
});

describe("filtering /proc/iomem", () => {
  it("keeps what a match is nested in, and nothing beside it", () => {
    const kept = filterLines(resourceLines(rows, "bytes"), "EDU");
    expect(kept.map(({ name }) => name)).toEqual([
      "PCI Bus 0000:00",
      "PCI Bus 0000:01",
      "0000:01:00.0",
      "edu",
    ]);
  });

  it("finds addresses as the kernel writes them", () => {
    expect(filterLines(resourceLines(rows, "bytes"), "fee00000").map(({ name }) => name)).toEqual([
      "Local APIC",
    ]);
  });

  it("finds the lines whose range holds an address that begins with 0x", () => {
    const kept = (words: string) => filterLines(resourceLines(rows, "bytes"), words).map(({ name }) => name);
    const toEdu = ["PCI Bus 0000:00", "PCI Bus 0000:01", "0000:01:00.0", "edu"];
    expect(kept("0x48000008")).toEqual(toEdu);
    expect(kept(" 0X480FFFFF ")).toEqual(toEdu);
    expect(kept("0x48100000")).toEqual(toEdu.slice(0, 2));
    expect(kept("0xfee01000")).toEqual([]);
  });

  it("of nothing keeps everything", () => {
    expect(filterLines(resourceLines(rows, "bytes"), "  ")).toHaveLength(rows.length);
  });
});

it("copies as the kernel's own text", () => {
  const text = rows.map(({ depth, text }) => `${"  ".repeat(depth)}${text}\n`).join("");
  expect(resourceText(resourceLines(rows, "bytes"))).toBe(text);
});

describe("a line that is folded", () => {
  const rows = [
    { depth: 0, text: "40000000-afffffff : PCI Bus 0000:00" },
    { depth: 1, text: "40000000-401fffff : PCI Bus 0000:01" },
    { depth: 2, text: "40000000-400fffff : 0000:01:00.0" },
    { depth: 0, text: "fee00000-fee00fff : Local APIC" },
  ];
  const lines = resourceLines(rows, "bytes");
  const names = (...folded: readonly string[]) => foldLines(lines, new Set(folded)).map(({ name }) => name);

  it("hides all that lies in it, and nothing behind it", () => {
    expect(names("40000000-afffffff PCI Bus 0000:00")).toEqual(["PCI Bus 0000:00", "Local APIC"]);
    expect(names("40000000-401fffff PCI Bus 0000:01")).toEqual([
      "PCI Bus 0000:00",
      "PCI Bus 0000:01",
      "Local APIC",
    ]);
    expect(names()).toHaveLength(4);
  });
});

describe("a long list", () => {
  it("is drawn whole up to the limit", () => {
    expect(drawnRows({ count: plainLimit, rowHeight: 22, scrollTop: 0, height: 100 })).toEqual({
      from: 0,
      to: plainLimit,
    });
  });

  it("is drawn around what is seen beyond it", () => {
    const drawn = drawnRows({ count: 10_000, rowHeight: 20, scrollTop: 100_000, height: 400 });
    expect(drawn).toEqual({ from: 4992, to: 5028 });
  });

  it("ends at its last row", () => {
    expect(drawnRows({ count: 1000, rowHeight: 20, scrollTop: 19_600, height: 400 }).to).toBe(1000);
  });
});
