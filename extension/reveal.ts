/** Shows a place of the machine everywhere: in the Devices view, in the panel, as the selection. */
import * as vscode from "vscode";
import type { DevicesTree } from "./devices-tree";
import type { MachineHost } from "./machine-host";
import type { MachinePanel } from "./panel";
import type { Selection } from "./selection";
import { registerIdOf } from "./subject";
import { startOrSay } from "./visibility";

interface Parts {
  readonly host: MachineHost;
  readonly tree: DevicesTree;
  readonly panel: MachinePanel;
  readonly selection: Selection;
}

/** The id of the row that is meant: a row's own, a BDF, or a register's or field's name. */
export function rowIdOf({ host }: Pick<Parts, "host">, place: string): string | undefined {
  const functions = host.state?.functions ?? [];
  if (place.includes("/")) return place;
  const view = functions.find(({ bdf, name }) => bdf === place || bdf === `0000:${place}` || name === place);
  return view?.bdf ?? registerIdOf(functions, place) ?? registerIdOf(functions, place.replace(/\.\w+$/, ""));
}

/** `place`: `0000:01:00.0`, `edu.STATUS`, or any address. */
export async function reveal(parts: Parts, place: string): Promise<void> {
  const { host, tree, panel, selection } = parts;
  await startOrSay(host);
  const id = rowIdOf(parts, place);
  const row = id === undefined ? undefined : tree.row(id);
  if (!row) {
    await panel.translate(place);
    return;
  }
  panel.show(row.register === undefined ? "devices" : "register");
  selection.choose(row.id, "link");
  await tree.reveal(row.id);
}

/** A place asked for by name, where none is given. */
export function revealCommand(parts: Parts): vscode.Disposable {
  return vscode.commands.registerCommand("rootport.reveal", async (place: unknown) => {
    if (typeof place === "string") await reveal(parts, place);
  });
}
