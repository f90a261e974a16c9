/** A running machine's process, spoken to by JSON-RPC. */
import type { ChildProcess } from "node:child_process";
import type { Duplex } from "node:stream";
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";
import { type Death, onDeath } from "./death";
import { forkMachine, PIPE } from "./fork";
import { type ModelName, modelName } from "./process-model";

export interface MachineProcess {
  readonly child: ChildProcess;
  readonly connection: MessageConnection;
}

export interface MachineOptions {
  /** `ROOTPORT_PROCESS_MODEL` unless told. */
  readonly model?: ModelName;
}

/** `died` is called once. Until then the connection answers; afterwards its requests reject. */
export function startMachine(
  modulePath: string,
  died: (death: Death) => void,
  { model = modelName() }: MachineOptions = {},
): MachineProcess {
  const child = forkMachine(modulePath, model);
  const connection = connectionTo(child, model);
  connection.onError(() => undefined);
  connection.listen();
  onDeath(child, (death) => {
    connection.dispose();
    died(death);
  });
  return { child, connection };
}

function connectionTo(child: ChildProcess, model: ModelName): MessageConnection {
  if (model === "worker")
    return createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
  const pipe = child.stdio[PIPE] as Duplex;
  // Broken by the death of the child, which is told elsewhere.
  pipe.on("error", () => undefined);
  return createMessageConnection(new StreamMessageReader(pipe), new StreamMessageWriter(pipe));
}
