/** What Linux decided on a small machine: a window sized, a BAR placed, one that has no place. */
import type { BootItem, BootReplay } from "../../webview/protocol-boot";

const item = (part: Partial<BootItem>): BootItem => ({
  bdf: "0000:01:00.0",
  index: 0,
  name: "BAR 0",
  space: "memory",
  prefetchable: false,
  wide: false,
  size: "0x100000",
  align: "0x100000",
  ...part,
});

const window = item({ bdf: "0000:00:03.0", index: 14, name: "bridge window", size: "0x200000" });
const big = item({ index: 2, name: "BAR 2", size: "0x40000000", align: "0x40000000" });
const bus0 = { window: "PCI Bus 0000:00", start: "0x40000000", end: "0xafffffff" };
const bus1 = { window: "PCI Bus 0000:01", start: "0x40000000", end: "0x401fffff" };
const plain = { round: 1, optional: false };

export const demoBoot: BootReplay = {
  steps: [
    { ...plain, kind: "size", item: window, room: { must: "0x100000", may: "0x200000" }, line: "" },
    {
      ...plain,
      kind: "place",
      item: window,
      tried: [{ ...bus0, gaps: [{ start: "0x40000000", end: "0xafffffff" }] }],
      chosen: { start: "0x40000000", end: "0x401fffff", window: "PCI Bus 0000:00" },
      line: "pci 0000:00:03.0: bridge window [mem 0x40000000-0x401fffff]: assigned",
    },
    {
      ...plain,
      kind: "place",
      item: item({}),
      tried: [
        { ...bus0, refused: "it is not the window of bus 01", gaps: [] },
        { ...bus1, gaps: [{ start: "0x40000000", end: "0x401fffff" }] },
      ],
      chosen: { start: "0x40000000", end: "0x400fffff", window: "PCI Bus 0000:01" },
      line: "pci 0000:01:00.0: BAR 0: assigned [mem 0x40000000-0x400fffff]",
    },
    {
      ...plain,
      kind: "place",
      item: big,
      tried: [
        { ...bus1, gaps: [{ start: "0x40100000", end: "0x401fffff", refused: "too small after alignment" }] },
      ],
      failed: "no gap of its window is large enough",
      line: "pci 0000:01:00.0: BAR 2: no space for [mem size 0x40000000 pref]",
    },
  ],
  unplaced: [{ ...big, largestGap: "0x100000", reason: "Its bridge's window holds 2 MiB." }],
};
