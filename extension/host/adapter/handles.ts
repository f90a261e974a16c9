/** What a `variablesReference` stands for. References die when the driver goes on. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { FunctionView, RegisterView } from "../../../emulator/machine/views";

export type Container =
  | {
      readonly kind: "scope";
      readonly objectId: string;
      readonly callFrameId: string;
      readonly scopeNumber: number;
      /** Objects of the scopes inside of it, whose variables hide its own. */
      readonly inner: readonly string[];
    }
  | { readonly kind: "object"; readonly objectId: string; readonly pciDev: boolean }
  | { readonly kind: "functions" }
  /** The function, by its address, that the driver is about. */
  | { readonly kind: "device"; readonly bdf: string }
  | { readonly kind: "function"; readonly view: FunctionView }
  | { readonly kind: "registers"; readonly views: readonly RegisterView[] }
  | { readonly kind: "register"; readonly view: RegisterView }
  /** Nothing in it can be changed. */
  | { readonly kind: "facts"; readonly variables: readonly Fact[] };

/** A variable that says something. */
export interface Fact extends DebugProtocol.Variable {
  /** What a watchpoint calls it, where it can be watched. */
  readonly watch?: string;
}

export class Handles {
  readonly #containers: Container[] = [];

  add(container: Container): number {
    return this.#containers.push(container);
  }

  get(reference: number): Container {
    const container = this.#containers[reference - 1];
    if (!container) throw new Error("This value belongs to an earlier stop.");
    return container;
  }

  clear(): void {
    this.#containers.length = 0;
  }
}
