import type { WatchpointStatus } from "../emulator/machine/views";
import { t } from "./l10n";
import type { NativeWatchpoint } from "./native-watchpoints";
import type { Row } from "./row";
import { accessWord, groupOf, specWords, type WatchSpec } from "./watchpoint-spec";

interface Known {
  readonly status: WatchpointStatus | undefined;
  readonly on: boolean;
}

/** One of our watchpoints as a row: hollow while it waits, with the reason, or while it is off. */
export function watchpointRow(spec: WatchSpec, { status, on }: Known): Row {
  const waits = on && status !== undefined && !status.verified;
  const message = on ? status?.message : t("off");
  const heading = groupOf(spec);
  return {
    id: `watch ${spec.target}`,
    label: spec.target,
    description: `${specWords(spec)}${(waits || !on) && message !== undefined ? ` · ${message}` : ""}`,
    tooltip: () =>
      `${t("Stops the driver before a {0} of {1} takes effect.", `**${specWords(spec)}**`, `\`${spec.target}\``)}${message === undefined ? "" : `\n\n${message}`}`,
    icon: waits || !on ? "debug-breakpoint-data-unverified" : "debug-breakpoint-data",
    color: waits || !on ? "debugIcon.breakpointUnverifiedForeground" : "debugIcon.breakpointForeground",
    context: "watchpoint",
    spoken: waits ? t("watchpoint, waiting") : t("watchpoint"),
    ...(heading !== undefined && { parent: `group ${heading}` }),
    children: [],
    expanded: false,
    checked: on,
    register: spec.target,
  };
}

/** Headings of the groups: switched as one. */
export function groupRows(specs: readonly WatchSpec[], isOn: (spec: WatchSpec) => boolean): readonly Row[] {
  const names = new Set(specs.flatMap((spec) => groupOf(spec) ?? []));
  return [...names].map((name) => {
    const members = specs.filter((spec) => groupOf(spec) === name);
    const on = members.filter(isOn).length;
    return {
      id: `group ${name}`,
      label: name,
      description: t("{0} of {1} on", on, members.length),
      tooltip: () => t("A group of watchpoints: its checkbox switches all of them."),
      icon: "symbol-namespace",
      context: "watchpointGroup",
      spoken: t("group of watchpoints"),
      children: members.map(({ target }) => `watch ${target}`),
      expanded: true,
      checked: on > 0,
    };
  });
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
