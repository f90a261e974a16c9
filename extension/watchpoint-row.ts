import type { WatchpointStatus } from "../emulator/machine/views";
import { t } from "./l10n";
import type { NativeWatchpoint } from "./native-watchpoints";
import type { Row } from "./row";
import { accessWord, specWords, type WatchSpec } from "./watchpoint-spec";

/** One of our watchpoints as a row: hollow while it waits, with the reason. */
export function watchpointRow(spec: WatchSpec, status: WatchpointStatus | undefined): Row {
  const waits = status !== undefined && !status.verified;
  const message = status?.message;
  return {
    id: `watch ${spec.target}`,
    label: spec.target,
    description: `${specWords(spec)}${waits && message !== undefined ? ` · ${message}` : ""}`,
    tooltip: () =>
      `${t("Stops the driver before a {0} of {1} takes effect.", `**${specWords(spec)}**`, `\`${spec.target}\``)}${message === undefined ? "" : `\n\n${message}`}`,
    icon: waits ? "debug-breakpoint-data-unverified" : "debug-breakpoint-data",
    color: waits ? "debugIcon.breakpointUnverifiedForeground" : "debugIcon.breakpointForeground",
    context: t("watchpoint"),
    spoken: waits ? t("watchpoint, waiting") : "watchpoint",
    children: [],
    expanded: false,
    register: spec.target,
  };
}

const group = "native";

/** VS Code's own data breakpoints below a heading: to be seen here, and changed there. */
export function nativeRows(list: readonly NativeWatchpoint[]): readonly Row[] {
  if (list.length === 0) return [];
  const children = list.map(({ target, access }, index): Row => {
    const word = accessWord(access);
    return {
      id: `${group} ${index} ${target}`,
      label: target,
      description: word,
      tooltip: () =>
        t("A data breakpoint of VS Code's **Breakpoints** view, on {0}. It is changed there.", word),
      icon: "debug-breakpoint-data",
      context: "native",
      spoken: t("data breakpoint"),
      parent: group,
      children: [],
      expanded: false,
    };
  });
  const heading: Row = {
    id: group,
    label: t("In the Breakpoints view"),
    description: `${list.length}`,
    tooltip: () => t("Data breakpoints that were set in VS Code's **Breakpoints** and **Variables** views."),
    icon: "debug",
    context: "natives",
    spoken: "",
    children: children.map(({ id }) => id),
    expanded: true,
  };
  return [heading, ...children];
}
