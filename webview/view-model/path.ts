/** An address on its way: which space it is in after each hop, and the way in one line. */
import type { HopRow } from "../protocol-explain";

export type Space = "virtual" | "physical" | "bus" | "register" | "configuration" | "ram" | "dead";

const spaces: Readonly<Record<string, Space>> = {
  virtual: "virtual",
  "page-table": "virtual",
  physical: "physical",
  port: "physical",
  "host-bridge": "bus",
  bus: "bus",
  iova: "bus",
  iommu: "bus",
  bridge: "bus",
  function: "register",
  bar: "bus",
  message: "physical",
  interrupt: "virtual",
  register: "register",
  configuration: "configuration",
  ram: "ram",
  dead: "dead",
};

const icons: Readonly<Record<string, string>> = {
  virtual: "symbol-variable",
  "page-table": "table",
  physical: "chip",
  port: "plug",
  "host-bridge": "server",
  bus: "arrow-swap",
  iova: "arrow-swap",
  iommu: "shield",
  bridge: "type-hierarchy",
  function: "circuit-board",
  bar: "symbol-array",
  message: "mail",
  interrupt: "zap",
  register: "circuit-board",
  configuration: "settings",
  ram: "database",
  dead: "error",
};

export const spaceOf = (kind: string): Space => spaces[kind] ?? "physical";

export const hopIcon = (kind: string): string => icons[kind] ?? "circle-small";

/** One stop of the way in short. */
export interface Stop {
  readonly space: Space;
  readonly text: string;
}

/** The way in one line: each address once per space, and the end by its title. */
export function stops(hops: readonly HopRow[]): readonly Stop[] {
  const way: Stop[] = [];
  for (const { kind, title, address } of hops) {
    const space = spaceOf(kind);
    if (kind === "page-table") continue;
    const ends = kind === "register" || kind === "dead" || kind === "configuration" || kind === "ram";
    const text = ends || kind === "bar" ? title : address;
    const last = way.at(-1);
    if (text === "" || (last?.space === space && last.text === text)) continue;
    way.push({ space, text });
  }
  return way;
}

const kinds: Readonly<Record<string, string>> = {
  virtual: "Virtual address",
  "page-table": "Page table",
  physical: "Physical address",
  port: "I/O port",
  "host-bridge": "Host bridge",
  bus: "Bus address",
  iova: "I/O virtual address",
  iommu: "IOMMU",
  bridge: "Bridge",
  function: "Function",
  message: "Message",
  interrupt: "Interrupt",
  bar: "Base address register",
  register: "Register",
  configuration: "Configuration space",
  ram: "Memory",
  dead: "Nothing answers",
};

/** `Host bridge` */
export const hopWord = (kind: string): string => kinds[kind] ?? kind;
