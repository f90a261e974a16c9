import type { WatchpointStatus } from "../emulator/machine/views";
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
      `Stops the driver before a **${specWords(spec)}** of \`${spec.target}\` takes effect.${message === undefined ? "" : `\n\n${message}`}`,
    icon: waits ? "debug-breakpoint-data-unverified" : "debug-breakpoint-data",
    color: waits ? "debugIcon.breakpointUnverifiedForeground" : "debugIcon.breakpointForeground",
    context: "watchpoint",
    spoken: waits ? "watchpoint, waiting" : "watchpoint",
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
      tooltip: () => `A data breakpoint of VS Code's **Breakpoints** view, on ${word}. It is changed there.`,
      icon: "debug-breakpoint-data",
      context: "native",
      spoken: "data breakpoint",
      parent: group,
      children: [],
      expanded: false,
    };
  });
  const heading: Row = {
    id: group,
    label: "In the Breakpoints view",
    description: `${list.length}`,
    tooltip: () => "Data breakpoints that were set in VS Code's **Breakpoints** and **Variables** views.",
    icon: "debug",
    context: "natives",
    spoken: "",
    children: children.map(({ id }) => id),
    expanded: true,
  };
  return [heading, ...children];
}
