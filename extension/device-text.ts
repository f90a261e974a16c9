/** What a function and its BARs are called, and what hovering them shows. */
import type { BarKind, BarView, FunctionView } from "../emulator/machine/views";
import { t } from "./l10n";
import { sizeText } from "./plain-text";

const barWords: Readonly<Record<BarKind, string>> = {
  mem32: t("memory, 32-bit"),
  mem64: t("memory, 64-bit"),
  io: t("I/O ports"),
  rom: t("expansion ROM"),
};

/** `BAR0`, or `ROM`. */
export const barName = (bar: BarView): string => (bar.kind === "rom" ? "ROM" : `BAR${bar.index}`);

/** `memory, 64-bit, prefetchable` */
export const barKindText = (bar: BarView): string =>
  bar.prefetchable ? t("{0}, prefetchable", barWords[bar.kind]) : barWords[bar.kind];

const onOff = (on: boolean): string => (on ? t("on") : t("off"));

/** Markdown. */
export function functionTooltip(view: FunctionView): string {
  const { io, memory, busMaster } = view.command;
  const windows = view.windows.map(
    ({ kind, open, start = "?", end = "?" }) =>
      `- ${open ? t("{0} window: {1} to {2}", kind, `\`${start}\``, `\`${end}\``) : t("{0} window: closed", kind)}`,
  );
  return [
    `**${view.bdf}** ${view.title} (rev ${view.revision.toString(16).padStart(2, "0")})`,
    "",
    `${view.className} · \`${view.vendor}:${view.device}\` · ${view.driver === undefined ? t("no driver") : t("driver {0}", `\`${view.driver}\``)}`,
    "",
    `I/O Space ${onOff(io)} · Memory Space ${onOff(memory)} · Bus Master ${onOff(busMaster)}`,
    "",
    ...windows,
  ].join("\n");
}

/** Markdown: where the BAR is, or why it answers nowhere. */
export function barTooltip(view: FunctionView, bar: BarView): string {
  const addresses = [
    bar.physical === undefined ? "" : t("CPU physical {0}", `\`${bar.physical}\``),
    bar.bus === undefined ? "" : t("on the bus {0}", `\`${bar.bus}\``),
  ].filter((text) => text !== "");
  return [
    `**${view.name} ${barName(bar)}** ${barKindText(bar)}, ${sizeText(bar.size)}`,
    "",
    addresses.join(" · ") || t("It has no address."),
    ...(bar.why === undefined ? [] : ["", `$(warning) ${bar.why}`]),
  ].join("\n");
}
