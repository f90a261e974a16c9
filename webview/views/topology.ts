import { h, icon, s, spoken } from "../dom";
import type { DeviceRow } from "../protocol";
import { type Branch, branches } from "../view-model/topology";

export const deviceIcons: Readonly<Record<DeviceRow["kind"], string>> = {
  "host-bridge": "server",
  "root-port": "plug",
  bridge: "type-hierarchy",
  endpoint: "circuit-board",
};

/** What VS Code's own context menu is told. */
export const deviceContext = ({ bdf }: DeviceRow): string =>
  JSON.stringify({ webviewSection: "device", id: bdf, preventDefaultContextMenuItems: true });

function rails({ passing, last, device }: Branch): readonly HTMLElement[] {
  const through = passing.slice(1).map((passes) => h("span", { class: passes ? "rail passes" : "rail" }));
  return device.depth === 0 ? [] : [...through, h("span", { class: last ? "rail ends" : "rail forks" })];
}

/** Pixels of a row in a long list, which is drawn in part: all are as high. */
export const nodeHeight = 46;

/** As high as the rows that are not drawn. */
const spacer = (key: string, rows: number): SVGElement | false =>
  rows > 0 && s("svg", { class: "spacer", width: 1, height: rows * nodeHeight, "data-key": key });

function node(branch: Branch, chosen: boolean): HTMLElement {
  const { device } = branch;
  return h(
    "div",
    {
      class: `node ${device.kind}`,
      role: "treeitem",
      tabindex: chosen ? 0 : -1,
      "aria-selected": String(chosen),
      "aria-level": device.depth + 1,
      "data-action": "device",
      "data-key": device.bdf,
      "data-vscode-context": deviceContext(device),
    },
    ...rails(branch),
    h("span", { class: "node-icon" }, icon(deviceIcons[device.kind])),
    h(
      "span",
      { class: "node-text" },
      h(
        "span",
        { class: "node-name" },
        device.name,
        spoken(`, ${device.title}${device.driver === undefined ? "" : ", driver "}`),
        device.driver !== undefined && h("span", { class: "driver" }, device.driver),
        spoken(", "),
      ),
      h("span", { class: "node-ids mono" }, `${device.bdf} · ${device.ids}`),
    ),
  );
}

/** Every function that enumeration found, hung below the bridge it is behind. */
export function topology(
  devices: readonly DeviceRow[],
  { chosen, from, to }: { chosen: DeviceRow | undefined; from: number; to: number },
): HTMLElement {
  const nodes = branches(devices)
    .slice(from, to)
    .map((branch) => node(branch, branch.device === chosen));
  const attributes = { class: "topology", role: "tree", "aria-label": "Devices" };
  return h("div", attributes, spacer("above", from), ...nodes, spacer("below", devices.length - to));
}
