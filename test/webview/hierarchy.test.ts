import { describe, expect, it } from "vitest";
import { panelState } from "../../extension/panel-state";
import type { DeviceRow } from "../../webview/protocol";
import { boxWidth, hierarchy } from "../../webview/view-model/hierarchy";
import { demo } from "../extension/demo-state";

const { devices, bars } = panelState(demo, new Map());
const nothing = new Set<string>();

/** A bridge with `count` functions behind it. */
function crowd(count: number): readonly DeviceRow[] {
  const [, bridge, endpoint] = devices;
  if (!bridge || !endpoint) throw new Error("the demo machine has a bridge and an endpoint");
  return [bridge, ...Array.from({ length: count }, (_, i) => ({ ...endpoint, bdf: `0000:01:${i}.0` }))];
}

describe("the topology's drawing", () => {
  it("puts a function right of the bridge above it, and links the two", () => {
    const { boxes, links } = hierarchy(devices, { bars, open: nothing });
    const [, port, edu] = boxes;
    expect(boxes.map(({ device }) => device.name)).toEqual(["host", "rp0", "edu"]);
    expect(edu?.x).toBeGreaterThan((port?.x ?? 0) + boxWidth);
    expect(links.at(-1)?.from).toEqual({ x: (port?.x ?? 0) + boxWidth, y: (port?.y ?? 0) + 24 });
    expect(links.map(({ bus }) => bus)).toEqual(["", "", "bus 01"]);
  });

  it("never lets two boxes of a column overlap", () => {
    const { boxes } = hierarchy(crowd(20), { bars, open: nothing });
    const column = boxes.slice(1);
    for (const [i, { y }] of column.slice(1).entries())
      expect(y).toBeGreaterThanOrEqual((column[i]?.y ?? 0) + (column[i]?.height ?? 0));
  });

  it("draws a crowd as one box that says how many, until it is opened", () => {
    const closed = hierarchy(crowd(256), { bars: [], open: nothing });
    expect(closed.boxes.map(({ hidden }) => hidden)).toEqual([256]);
    expect(hierarchy(crowd(256), { bars: [], open: new Set(["0000:00:03.0"]) }).boxes).toHaveLength(257);
  });

  it("stays bounded, whatever is opened", () => {
    const all = hierarchy(crowd(5000), { bars: [], open: new Set(["0000:00:03.0"]) });
    expect(all.boxes.length).toBeLessThanOrEqual(400);
  });
});
