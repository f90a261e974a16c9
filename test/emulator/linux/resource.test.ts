import { describe, expect, test } from "vitest";
import { formatResource, IORESOURCE, Resource } from "../../../emulator/linux/resource";

const busy = IORESOURCE.MEM | IORESOURCE.BUSY;
const root = () => new Resource("PCI mem", { start: 0, end: 0xffffffff, flags: IORESOURCE.MEM });

describe("the resource tree (kernel/resource.c)", () => {
  test("a claim inside a range that is not busy nests there", () => {
    const tree = root();
    const bar = new Resource("0000:01:00.0", { start: 0x1000, end: 0x1fff, flags: IORESOURCE.MEM });
    tree.insert(bar);
    const claim = new Resource("edu", { start: 0x1000, end: 0x1fff, flags: busy });
    expect(tree.claim(claim)).toBeUndefined();
    expect(claim.parent).toBe(bar);
  });

  test("a claim on a busy range fails and names who has it", () => {
    const tree = root();
    tree.claim(new Resource("first", { start: 0x1000, end: 0x1fff, flags: busy }));
    expect(tree.claim(new Resource("second", { start: 0x1800, end: 0x1900, flags: busy }))?.name).toBe(
      "first",
    );
  });

  test("a release must name the range exactly", () => {
    const tree = root();
    tree.claim(new Resource("edu", { start: 0x1000, end: 0x1fff, flags: busy }));
    expect(tree.findBusy(0x1000, 0x1ffe)).toBeUndefined();
    expect(tree.findBusy(0x1000, 0x1fff)?.name).toBe("edu");
  });

  test("what is inserted later goes around what it contains", () => {
    const tree = root();
    const inner = new Resource("inner", { start: 0x2000, end: 0x2fff });
    tree.insert(inner);
    const outer = new Resource("outer", { start: 0x1000, end: 0x3fff });
    tree.insert(outer);
    expect(inner.parent).toBe(outer);
  });

  test.each([
    [{ start: 0x40000000, end: 0x400fffff, flags: IORESOURCE.MEM }, "[mem 0x40000000-0x400fffff]"],
    [{ start: 0x1000, end: 0x1fff, flags: IORESOURCE.IO }, "[io  0x1000-0x1fff]"],
    [
      {
        start: 0,
        end: 0x3ffffff,
        flags: IORESOURCE.MEM | IORESOURCE.MEM_64 | IORESOURCE.PREFETCH | IORESOURCE.UNSET,
      },
      "[mem size 0x04000000 64bit pref]",
    ],
    [
      { start: 0xa0000, end: 0xbffff, flags: IORESOURCE.MEM | IORESOURCE.WINDOW },
      "[mem 0x000a0000-0x000bffff window]",
    ],
  ])("%o prints as %s", (range, text) => {
    expect(formatResource(new Resource("r", range))).toBe(text);
  });
});
