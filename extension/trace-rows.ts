/** The Bus Trace view as rows: the newest first. */
import { basename } from "node:path";
import type { Lane, TraceRow, TraceWindow } from "../emulator/machine/trace-views";
import type { Row, Rows } from "./row";

const icons: Readonly<Record<Lane, string>> = {
  cpu: "output",
  mmio: "arrow-right",
  port: "plug",
  config: "settings",
  dma: "arrow-swap",
  interrupt: "zap",
};

const laneWords: Readonly<Record<Lane, string>> = {
  cpu: "kernel log",
  mmio: "memory request of the CPU",
  port: "port request of the CPU",
  config: "configuration request",
  dma: "request of the device",
  interrupt: "interrupt",
};

const isRead = ({ lane, what }: TraceRow): boolean => lane === "mmio" && what.includes("Rd");
const hasFailed = ({ status }: TraceRow): boolean =>
  status !== undefined && status !== "SC" && status !== "posted";
const seconds = (nanoseconds: number): string => `${(nanoseconds / 1e9).toFixed(9)} s`;
const placeOf = ({ source }: TraceRow): string | undefined =>
  source && `${basename(source.path)}:${source.line}`;

const said = (words: readonly (string | undefined)[]): string =>
  words.filter((word) => word !== undefined && word !== "").join(" · ");

function tooltip(row: TraceRow): string {
  const { lane, what, initiator, target, address, bytes, value, status, time } = row;
  const facts = [
    `**${target}**`,
    `${what}, ${laneWords[lane]}${initiator === "" ? "" : ` by \`${initiator}\``}`,
    address === undefined
      ? ""
      : `at \`${address}\`, ${bytes ?? 0} bytes, \`${value ?? ""}\`, ended ${status ?? ""}`,
    `at ${seconds(time)} of virtual time`,
    placeOf(row) ?? "",
  ];
  return facts.filter((fact) => fact !== "").join("\n\n");
}

function rowOf(row: TraceRow): Row {
  const { lane, number, what, target, value, status, time } = row;
  const failed = hasFailed(row);
  return {
    id: `${lane} ${number} ${time}`,
    label: target,
    description: said([what, value, failed ? status : undefined, seconds(time), placeOf(row)]),
    tooltip: () => tooltip(row),
    icon: isRead(row) ? "arrow-left" : icons[lane],
    ...(failed && { color: "errorForeground" }),
    context: row.source ? "traced line" : "traced",
    spoken: `${laneWords[lane]}${failed ? ", failed" : ""}`,
    children: [],
    expanded: false,
  };
}

/** And where each row was made, for those that are known. */
export interface TraceRows extends Rows {
  readonly sources: ReadonlyMap<string, NonNullable<TraceRow["source"]>>;
}

export function traceRows({ rows }: Pick<TraceWindow, "rows">): TraceRows {
  const shown = rows.toReversed().map((row) => [rowOf(row), row] as const);
  return {
    roots: shown.map(([{ id }]) => id),
    byId: new Map(shown.map(([row]) => [row.id, row])),
    sources: new Map(shown.flatMap(([{ id }, { source }]) => (source ? [[id, source] as const] : []))),
  };
}
