/** What only the kernel's log knows of a machine: host bridge windows, BAR sizes that failed, ranges claimed by quirks. */

export interface BootFacts {
  /** Root windows in the order of the firmware's tables. */
  readonly windows: readonly {
    readonly kind: "io" | "memory";
    readonly start: number;
    readonly end: number;
    readonly offset: number;
    /** Segment and number of its root bus. */
    readonly segment: number;
    readonly bus: number;
  }[];
  /** What sizing found: by function, then by BAR index; 6 is the ROM. */
  readonly bars: ReadonlyMap<string, ReadonlyMap<number, ProbedBar>>;
  /** The part of one virtual function in an SR-IOV BAR: by function, then by index. */
  readonly vfBars: ReadonlyMap<string, ReadonlyMap<number, ProbedBar>>;
  /** Bridge windows that firmware had left open: by function, then by kind. */
  readonly bridges: ReadonlyMap<string, ReadonlyMap<WindowKind, Span>>;
  /** Functions whose expansion ROM firmware had copied to the video area. */
  readonly shadowed: ReadonlyMap<string, Span>;
  /** What stood behind `pci=` on the command line. */
  readonly pci: readonly string[];
  /** Ranges of ports that a quirk claimed for a function. */
  readonly claims: readonly { readonly bdf: string; readonly start: number; readonly end: number }[];
}

export type WindowKind = "io" | "memory" | "prefetchable";

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface ProbedBar {
  /** What the register held. */
  readonly start: number;
  readonly size: number;
  readonly kind: "io" | "mem32" | "mem64";
  readonly prefetchable: boolean;
}

const ROM_INDEX = 6;
const RANGE = "\\[(io |mem) 0x([0-9a-f]+)-0x([0-9a-f]+)((?: \\w+)*)\\]";
const WINDOW = new RegExp(
  `pci_bus ([0-9a-f]{4,}):([0-9a-f]{2}): root bus resource ${RANGE}(?: \\(bus address \\[0x([0-9a-f]+)-)?`,
);
const BAR = new RegExp(`pci ([0-9a-f:.]{12,16}): (BAR (\\d)|ROM|reg 0x([0-9a-f]+):) ${RANGE}$`);
const VF_BAR = new RegExp(`pci ([0-9a-f:.]{12,16}): (VF BAR (\\d)|VF reg 0x([0-9a-f]+):) ${RANGE}$`);
const BRIDGE_WINDOW = new RegExp(`pci ([0-9a-f:.]{12,16}): {3}bridge window ${RANGE}$`);
/** From here on the log tells of what Linux chose. */
const DECISION = /add_size|: (re)?assigned|can't assign|failed to assign|No\. \d+ try|releasing/;
const SHADOW = new RegExp(`pci ([0-9a-f:.]{12,16}): Video device with shadowed ROM at ${RANGE}`);
const CLAIM = new RegExp(`pci ([0-9a-f:.]{12,16}): quirk: ${RANGE} claimed by`);

const COMMAND_LINE = /Kernel command line: /;

function pciOptions(line: string): readonly string[] {
  return [...line.matchAll(/(?<= )pci=(\S+)/g)].flatMap(([, options = ""]) => options.split(","));
}

export function parseDmesg(text: string): BootFacts {
  const windows: BootFacts["windows"][number][] = [];
  const bars = new Map<string, Map<number, ProbedBar>>();
  const claims: BootFacts["claims"][number][] = [];
  const bridges = new Map<string, Map<WindowKind, Span>>();
  const vfBars = new Map<string, Map<number, ProbedBar>>();
  const shadowed = new Map<string, Span>();
  let decided = false;
  let pci: readonly string[] = [];
  for (const raw of text.split("\n")) {
    const line = raw.trimEnd();
    const [window, bar, claim] = [WINDOW.exec(line), BAR.exec(line), CLAIM.exec(line)];
    decided ||= DECISION.test(line);
    const bridge = decided ? null : BRIDGE_WINDOW.exec(line);
    const shadow = SHADOW.exec(line);
    pci = COMMAND_LINE.test(line) ? pciOptions(line) : pci;
    if (shadow) shadowed.set(shadow[1] ?? "", { start: number(shadow[3]), end: number(shadow[4]) });
    if (bridge) addBridgeWindow(bridges, bridge);
    if (window) windows.push(windowOf(window));
    if (bar) addBar(bars, bar);
    const vfBar = VF_BAR.exec(line);
    if (vfBar) addBar(vfBars, vfBar);
    if (claim) claims.push({ bdf: claim[1] ?? "", start: number(claim[3]), end: number(claim[4]) });
  }
  return { pci, windows, bars, vfBars, bridges, shadowed, claims };
}

function windowOf([, segment, bus, kind, start, end, , busStart]: readonly (
  | string
  | undefined
)[]): BootFacts["windows"][number] {
  const offset = busStart === undefined ? 0 : number(start) - number(busStart);
  const which = kind === "mem" ? "memory" : "io";
  return {
    kind: which,
    start: number(start),
    end: number(end),
    offset,
    segment: number(segment),
    bus: number(bus),
  };
}

function addBar(bars: Map<string, Map<number, ProbedBar>>, match: readonly (string | undefined)[]): void {
  const [, bdf = "", what = "", index, register, kind, start, end, marks = ""] = match;
  const at =
    index !== undefined
      ? Number(index)
      : register === undefined || what === "ROM"
        ? ROM_INDEX
        : barOfRegister(number(register));
  const known = bars.get(bdf) ?? new Map<number, ProbedBar>();
  bars.set(bdf, known);
  if (known.has(at)) return;
  known.set(at, {
    start: number(start),
    size: number(end) - number(start) + 1,
    kind: kind === "io " ? "io" : marks.includes("64bit") ? "mem64" : "mem32",
    prefetchable: marks.includes("pref"),
  });
}

function addBridgeWindow(
  bridges: Map<string, Map<WindowKind, Span>>,
  match: readonly (string | undefined)[],
): void {
  const [, bdf = "", kind, start, end, marks = ""] = match;
  const windows = bridges.get(bdf) ?? new Map<WindowKind, Span>();
  bridges.set(bdf, windows);
  const which = kind === "io " ? "io" : marks.includes("pref") ? "prefetchable" : "memory";
  if (!windows.has(which)) windows.set(which, { start: number(start), end: number(end) });
}

/** Older kernels name the register: 0x10 is BAR 0, 0x30 the ROM. */
function barOfRegister(register: number): number {
  return register === 0x30 || register === 0x38 ? ROM_INDEX : (register - 0x10) / 4;
}

function number(digits: string | undefined): number {
  return Number.parseInt(digits ?? "0", 16);
}
