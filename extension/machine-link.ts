import { createMessageConnection, type MessageConnection } from "vscode-jsonrpc";
import { IPCMessageReader, IPCMessageWriter } from "vscode-jsonrpc/node";
import { type Death, onDeath } from "./host/death";
import { forkMachine } from "./host/fork";

/** One machine process and the conversation with it. Every open request fails once the process is gone. */
export class MachineLink {
  readonly connection: MessageConnection;
  readonly #kill: () => void;

  /** `modulePath`: the bundle of the machine's process. */
  constructor(modulePath: string, died: (death: Death) => void) {
    const child = forkMachine(modulePath);
    this.#kill = () => child.kill("SIGKILL");
    this.connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
    onDeath(child, (death) => {
      this.connection.dispose();
      died(death);
    });
  }

  /** The last resort, and the only one that a looping driver cannot refuse. */
  kill(): void {
    this.#kill();
  }
}
