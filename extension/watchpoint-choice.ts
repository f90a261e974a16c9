/** What "Add Watchpoint…" offers: the registers, and what was typed where it is a watchpoint. */
import * as vscode from "vscode";
import { t } from "./l10n";
import { parseSpec, problemIn, specWords, type WatchSpec } from "./watchpoint-spec";

/** A register whose access is to be asked for, a whole watchpoint, or one that is yet to be typed. */
export type Chosen =
  | { readonly kind: "register"; readonly register: string }
  | { readonly kind: "watchpoint"; readonly spec: WatchSpec }
  | { readonly kind: "typed" };

/** One without `chosen` is a sentence that says why there is nothing to choose. */
export interface WatchChoice extends vscode.QuickPickItem {
  readonly chosen?: Chosen;
}

export interface RegisterChoice {
  readonly register: string;
  readonly description: string | undefined;
}

/** While a text still finds registers, it is not told that it is no watchpoint. */
export function typedChoice(text: string, registers: readonly RegisterChoice[]): WatchChoice | undefined {
  const typed = text.trim();
  const spec = parseSpec(typed);
  const shown = { alwaysShow: true } as const;
  if (spec)
    return {
      ...shown,
      label: t("Watch {0}", typed),
      description: specWords(spec),
      chosen: { kind: "watchpoint", spec },
    };
  const found = registers.some(({ register }) => register.toLowerCase().includes(typed.toLowerCase()));
  return found ? undefined : { ...shown, label: `$(error) ${problemIn(typed) ?? ""}` };
}

function choices(text: string, registers: readonly RegisterChoice[]): readonly WatchChoice[] {
  const listed = registers.map(
    ({ register, description }): WatchChoice => ({
      label: register,
      ...(description !== undefined && { description }),
      chosen: { kind: "register", register },
    }),
  );
  const ask: WatchChoice = {
    label: t("$(edit) Type a watchpoint…"),
    description: t("an address range, e.g. 0x40000008+4 w"),
    chosen: { kind: "typed" },
  };
  const last = text.trim() === "" ? ask : typedChoice(text, registers);
  return last ? [...listed, last] : listed;
}

/** Enter may come before the items that belong to the text do: what is typed is read afresh. */
function taken(
  { selectedItems, value }: vscode.QuickPick<WatchChoice>,
  registers: readonly RegisterChoice[],
): Chosen | undefined {
  const chosen = selectedItems[0]?.chosen;
  return chosen && chosen.kind !== "watchpoint" ? chosen : typedChoice(value, registers)?.chosen;
}

/** Undefined when it was left. */
export function chooseWatchpoint(registers: readonly RegisterChoice[]): Promise<Chosen | undefined> {
  const pick = vscode.window.createQuickPick<WatchChoice>();
  pick.title = t("Add Watchpoint");
  pick.placeholder = t("What should stop the driver?");
  pick.items = choices("", registers);
  pick.onDidChangeValue((text) => {
    pick.items = choices(text, registers);
  });
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      const chosen = taken(pick, registers);
      if (!chosen) return;
      resolve(chosen);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}
