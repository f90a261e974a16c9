import { describe, expect, test } from "vitest";
import { blind } from "../../support/blind";
import { pciNames, printed, topologies, topology } from "../../support/golden";

/**
 * Real Linux 6.1.192 on 36 topologies. What is listed here is not right yet, and the test says so when it becomes right:
 * several host bridges (t09), SR-IOV BARs (t10), subtractive bridges (t11), legacy IDE (t12), retries (t16, t21, t30),
 * expansion in other orders (r04, r08, r12), driver children of shpchp (r03, t11).
 */
const AS_IS_NOT_YET = new Set(["r03-random", "t09-pxb-pcie", "t11-conv-bridges-q35", "t23-vga-rp"]);
const SCRATCH_NOT_YET = new Set([
  "r03-random",
  "r04-random",
  "r08-random",
  "r12-random",
  "t09-pxb-pcie",
  "t10-nvme-sriov",
  "t11-conv-bridges-q35",
  "t12-i440fx-basic",
  "t16-many",
  "t21-no-space",
  "t30-no-space-32bit",
]);

const names = pciNames();
const PLACES = ["iomem.txt", "ioports.txt", "resource.txt"] as const;
const FORMATS = [...PLACES, "lspci-tv.txt", "lspci-mm.txt"] as const;

function right(
  name: string,
  { assign, files }: { assign: "as-is" | "scratch"; files: readonly string[] },
): boolean {
  return Object.entries(topology(name)).every(([variant, texts]) => {
    if (assign === "scratch" && variant === "seabios") return true;
    try {
      const found = printed(assign === "scratch" ? blind(texts) : texts, { assign, names });
      return files.every((file) => found[file] === texts[file]);
    } catch {
      return false;
    }
  });
}

describe("an imported machine, as it was, prints byte for byte what Linux printed", () => {
  test.each(topologies())("%s: iomem, ioports, resource, lspci -tv, lspci -D -n -mm", (name) => {
    expect(right(name, { assign: "as-is", files: FORMATS })).toBe(!AS_IS_NOT_YET.has(name));
  });
});

describe("from a machine without any address that Linux chose, assignment from scratch chooses the same", () => {
  test.each(topologies())("%s: iomem, ioports, resource", (name) => {
    expect(right(name, { assign: "scratch", files: PLACES })).toBe(!SCRATCH_NOT_YET.has(name));
  });
});

describe("the three machines of the first import, variant by variant", () => {
  const variants = ["t01-e1000e-rootbus", "t02-edu-rootbus", "t03-nvme-rp"].flatMap((name) =>
    Object.keys(topology(name)).map((variant) => [name, variant] as const),
  );

  test.each(variants)("%s/%s is printed as it was", (name, variant) => {
    const texts = topology(name)[variant] ?? {};
    const found = printed(texts, { assign: "as-is", names });
    for (const file of FORMATS) expect(found[file]).toBe(texts[file]);
  });

  test.each(variants.filter(([, variant]) => variant !== "seabios"))(
    "%s/%s is placed as Linux placed it",
    (name, variant) => {
      const texts = topology(name)[variant] ?? {};
      const found = printed(blind(texts), { assign: "scratch", names });
      for (const file of PLACES) expect(found[file]).toBe(texts[file]);
    },
  );

  test("the blinded texts hold no address of a BAR or a window", () => {
    const texts = topology("t03-nvme-rp")["scratch"] ?? {};
    const left = Object.values(blind(texts)).join("\n");
    expect(left).not.toMatch(/40000000-401fffff|100000000-1001fffff|0x40200000/);
    expect(blind(texts)["lspci-xxxx.txt"]).toMatch(/^10: 04 00 00 00/m);
  });
});
