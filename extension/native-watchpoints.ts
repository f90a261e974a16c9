import * as vscode from "vscode";
import type { WatchAccess } from "./watchpoint-spec";

export interface NativeWatchpoint {
  /** Symbolic, as the machine names it: `edu.FACTORIAL`, `0x40000008+4`. */
  readonly target: string;
  readonly access: WatchAccess;
}

interface SetDataBreakpoints {
  readonly command?: string;
  readonly arguments?: {
    readonly breakpoints?: readonly { readonly dataId: string; readonly accessType?: string }[];
  };
}

const accesses: Readonly<Record<string, WatchAccess>> = { read: "r", write: "w", readWrite: "rw" };

/** VS Code's own data breakpoints, as it tells them to a session: no API lists them. */
export class NativeWatchpoints implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  #list: readonly NativeWatchpoint[] = [];

  get list(): readonly NativeWatchpoint[] {
    return this.#list;
  }

  /** A message on its way to the machine. */
  learn(message: SetDataBreakpoints): void {
    if (message.command !== "setDataBreakpoints") return;
    const told = message.arguments?.breakpoints ?? [];
    this.#become(
      told.map(({ dataId, accessType = "write" }) => ({
        target: dataId,
        access: accesses[accessType] ?? "w",
      })),
    );
  }

  /** The session is over: what VS Code keeps is told to the next one. */
  forget(): void {
    this.#become([]);
  }

  #become(list: readonly NativeWatchpoint[]): void {
    this.#list = list;
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
