import type { WatchpointStatus } from "../emulator/machine/views";
import type { Row } from "./row";
import { accessWord, type WatchSpec } from "./watchpoint-spec";

/** One of our watchpoints as a row: hollow while it waits, with the reason. */
export function watchpointRow(spec: WatchSpec, status: WatchpointStatus | undefined): Row {
  const waits = status !== undefined && !status.verified;
  const message = status?.message;
  return {
    id: `watch ${spec.target}`,
    label: spec.target,
    description: `${accessWord(spec.access)}${waits && message !== undefined ? ` · ${message}` : ""}`,
    tooltip: () =>
      `Stops the driver before a **${accessWord(spec.access)}** of \`${spec.target}\` takes effect.${message === undefined ? "" : `\n\n${message}`}`,
    icon: waits ? "debug-breakpoint-data-unverified" : "debug-breakpoint-data",
    color: waits ? "debugIcon.breakpointUnverifiedForeground" : "debugIcon.breakpointForeground",
    context: "watchpoint",
    spoken: `Watchpoint on ${spec.target}, ${accessWord(spec.access)}${waits ? `, waiting: ${message ?? ""}` : ""}`,
    children: [],
    expanded: false,
    register: spec.target,
  };
}
