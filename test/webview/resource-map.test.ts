import { describe, expect, it } from "vitest";
import { resourceMap } from "../../webview/view-model/resource-map";
import { resourceLines } from "../../webview/view-model/resources";

const lines = resourceLines(
  [
    { depth: 0, text: "00000000-00000fff : Reserved" },
    { depth: 0, text: "40000000-4fffffff : PCI Bus 0000:00" },
    { depth: 1, text: "48000000-4fffffff : PCI Bus 0000:01" },
    { depth: 2, text: "48000000-480fffff : 0000:01:00.0" },
  ],
  "bytes",
);
const frame = { focus: undefined, width: 200, height: 400 };

describe("the map of /proc/iomem", () => {
  it("draws every line, and the holes between and inside them", () => {
    const areas = resourceMap(lines, frame);
    expect(areas.flatMap(({ line }) => (line === undefined ? [] : [line]))).toEqual([0, 1, 2, 3]);
    expect(areas.filter(({ kind }) => kind === "hole").map(({ title }) => title)).toEqual([
      "0x1000 to 0x3fffffff: nothing, 1024.0 MiB",
      "0x40000000 to 0x47ffffff: nothing, 128 MiB",
      "0x48100000 to 0x4fffffff: nothing, 127 MiB",
    ]);
  });

  it("draws a line inside the one it is nested in", () => {
    const areas = resourceMap(lines, frame);
    const [outer, inner] = [1, 2].map((wanted) => areas.find(({ line }) => line === wanted));
    if (!outer || !inner) throw new Error("both lines are drawn");
    expect(inner.x).toBeGreaterThan(outer.x);
    expect(inner.y + inner.height).toBeLessThanOrEqual(outer.y + outer.height);
  });

  it("fills the frame with the line that is enlarged", () => {
    const [first] = resourceMap(lines, { ...frame, focus: 2 });
    expect(first).toMatchObject({ line: 2, x: 0, y: 0, width: 200, height: 400 });
  });

  it("draws no more than there are pixels for, of 100,000 lines", () => {
    const many = resourceLines(
      Array.from({ length: 100_000 }, (_, i) => {
        const start = (BigInt(i) * 0x2000n).toString(16).padStart(8, "0");
        return { depth: 0, text: `${start}-${start.slice(0, -3)}fff : 0000:01:00.0` };
      }),
      "bytes",
    );
    expect(resourceMap(many, frame).length).toBeLessThanOrEqual(2 * frame.height);
  });
});
