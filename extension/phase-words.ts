/** What the machine does, in the same words wherever it is said. */
import * as vscode from "vscode";
import type { MachineState } from "./host/protocol";

/** A port's own driver is Linux's: what counts is whether a driver of a person's has a device. */
const bound = ({ functions }: Pick<MachineState, "functions">): boolean =>
  functions.some(({ driver }) => driver !== undefined && driver !== "pcieport");

/** `driver paused` */
export function phaseWords(state: Pick<MachineState, "phase" | "functions">): string {
  switch (state.phase) {
    case "off":
      return vscode.l10n.t("off");
    case "ready":
      return vscode.l10n.t("ready");
    case "running":
      return vscode.l10n.t("driver running");
    case "paused":
      return vscode.l10n.t("driver paused");
    case "idle":
      return bound(state) ? vscode.l10n.t("driver bound") : vscode.l10n.t("driver without a device");
    case "ended":
      return vscode.l10n.t("driver removed");
  }
}
