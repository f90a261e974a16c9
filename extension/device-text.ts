/** What a function and its BARs are called, and what hovering them shows. */
import type { BarKind, BarView, FunctionView } from "../emulator/machine/views";
import { sizeText } from "./plain-text";

const barWords: Readonly<Record<BarKind, string>> = {
  mem32: "memory, 32-bit",
  mem64: "memory, 64-bit",
  io: "I/O ports",
  rom: "expansion ROM",
};

/** `BAR0`, or `ROM`. */
export const barName = (bar: BarView): string => (bar.kind === "rom" ? "ROM" : `BAR${bar.index}`);

/** `memory, 64-bit, prefetchable` */
export const barKindText = (bar: BarView): string =>
  `${barWords[bar.kind]}${bar.prefetchable ? ", prefetchable" : ""}`;

const onOff = (on: boolean): string => (on ? "on" : "off");

/** Markdown. */
export function functionTooltip(view: FunctionView): string {
  const { io, memory, busMaster } = view.command;
  const windows = view.windows.map(
    (window) =>
      `- ${window.kind} window: ${window.open ? `\`${window.start ?? "?"}\` to \`${window.end ?? "?"}\`` : "closed"}`,
  );
  return [
    `**${view.bdf}** ${view.title} (rev ${view.revision.toString(16).padStart(2, "0")})`,
    "",
    `${view.className} · \`${view.vendor}:${view.device}\` · ${view.driver === undefined ? "no driver" : `driver \`${view.driver}\``}`,
    "",
    `I/O Space ${onOff(io)} · Memory Space ${onOff(memory)} · Bus Master ${onOff(busMaster)}`,
    "",
    ...windows,
  ].join("\n");
}

/** Markdown: where the BAR is, or why it answers nowhere. */
export function barTooltip(view: FunctionView, bar: BarView): string {
  const addresses = [
    bar.physical === undefined ? "" : `CPU physical \`${bar.physical}\``,
    bar.bus === undefined ? "" : `on the bus \`${bar.bus}\``,
  ].filter((text) => text !== "");
  return [
    `**${view.name} ${barName(bar)}** ${barKindText(bar)}, ${sizeText(bar.size)}`,
    "",
    addresses.join(" · ") || "It has no address.",
    ...(bar.why === undefined ? [] : ["", `$(warning) ${bar.why}`]),
  ].join("\n");
}
