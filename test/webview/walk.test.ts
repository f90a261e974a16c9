import { describe, expect, it } from "vitest";
import { slices, stages } from "../../webview/view-model/walk";

const hop = (kind: string, title: string) => ({ kind, title, address: "0x1000", facts: [], reads: [] });
const levels = ["PGD", "PUD", "PMD", "PTE"].map((title) => hop("page-table", title));

describe("a page walk", () => {
  it("is one stage, however many levels it has", () => {
    const hops = [hop("virtual", ""), ...levels, hop("physical", "")];
    expect(stages(hops).map(({ kind }) => kind)).toEqual(["hop", "walk", "hop"]);
    expect(stages(hops)[1]).toEqual({ kind: "walk", levels });
  });

  it("cuts the address into four indexes and the offset", () => {
    expect(slices("0xffffc90000001008", levels).map(({ name, value }) => `${name} ${value}`)).toEqual([
      "PGD 402",
      "PUD 0",
      "PMD 0",
      "PTE 1",
      "offset 0x8",
    ]);
  });

  it("leaves what a large page does not translate to the offset", () => {
    const large = [hop("page-table", "PGD"), hop("page-table", "PUD (page of 1024 MiB)")];
    expect(slices("0xffff888000001000", large)).toEqual([
      { name: "PGD", msb: 47, lsb: 39, value: "273" },
      { name: "PUD", msb: 38, lsb: 30, value: "0" },
      { name: "offset", msb: 29, lsb: 0, value: "0x1000" },
    ]);
  });
});
