import { describe, expect, it } from "vitest";
import type { BarRow } from "../../webview/protocol";
import { parseSize, sizeText } from "../../webview/view-model/addresses";
import { ribbon } from "../../webview/view-model/ribbon";

const bar = (part: Partial<BarRow>): BarRow => ({
  bdf: "0000:01:00.0",
  device: "edu",
  bar: "BAR0",
  kind: "memory, 32-bit",
  physical: "0x40000000",
  bus: "0x40000000",
  size: "1 MiB",
  decoding: true,
  why: "",
  ...part,
});

describe("the address ribbon", () => {
  it("enlarges a crowd of BARs on round addresses around it", () => {
    const drawn = ribbon([bar({}), bar({ device: "nic", physical: "0x40100000", size: "64 KiB" })], []);
    expect(drawn?.zooms).toHaveLength(1);
    expect(drawn?.zooms[0]).toMatchObject({ start: 0x3ffe_0000n, end: 0x4013_ffffn });
  });

  it("gives BARs that are far apart a drawing each", () => {
    expect(ribbon([bar({}), bar({ physical: "0x80000000" })], [])?.zooms).toHaveLength(2);
  });

  it("places a BAR to scale in the whole space", () => {
    const block = ribbon([bar({ physical: "0x80000000", size: "1 GiB" })], [])?.overview.bars[0];
    expect(block).toMatchObject({ x: 0.5, width: 0.25 });
  });

  it("marks a BAR that does not decode", () => {
    expect(ribbon([bar({ decoding: false })], [])?.overview.bars[0]?.dead).toBe(true);
  });

  it("shows the bridge window a BAR is in", () => {
    const window = { depth: 0, text: "40000000-bfffffff : PCI Bus 0000:00" };
    expect(ribbon([bar({})], [window])?.zooms[0]?.ground.map(({ label }) => label)).toEqual([
      "PCI Bus 0000:00",
    ]);
  });

  it("leaves I/O ports and BARs without an address out", () => {
    expect(
      ribbon([bar({ kind: "I/O ports", physical: "0xc000" }), bar({ physical: "" })], []),
    ).toBeUndefined();
  });

  it("holds a BAR above 4 GiB", () => {
    const drawn = ribbon([bar({ physical: "0x8000000000", size: "16 GiB" })], []);
    expect(drawn?.overview.end).toBe(0xff_ffff_ffffn);
  });
});

it("reads back the sizes it prints", () => {
  for (const size of ["1 bytes", "256 bytes", "4 KiB", "1 MiB", "16 GiB", "2 TiB"])
    expect(sizeText(parseSize(size))).toBe(size);
});
