/** A running machine's process, spoken to by JSON-RPC. */
import type { ChildProcess } from "node:child_process";
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
} from "vscode-jsonrpc/node";
import { type Death, onDeath } from "./death";
import { forkMachine } from "./fork";

export interface MachineProcess {
  readonly child: ChildProcess;
  readonly connection: MessageConnection;
}

/** `died` is called once. Until then the connection answers; afterwards its requests reject. */
export function startMachine(modulePath: string, died: (death: Death) => void): MachineProcess {
  const child = forkMachine(modulePath);
  const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
  connection.onError(() => undefined);
  connection.listen();
  onDeath(child, (death) => {
    connection.dispose();
    died(death);
  });
  return { child, connection };
}
