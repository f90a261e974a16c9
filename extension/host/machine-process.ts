/** The machine's process. Entry of dist/machine.cjs, forked by fork.ts; it never outlives its parent. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
  ResponseError,
} from "vscode-jsonrpc/node";
import { DriverSession } from "./adapter/session";
import { Changes } from "./changes";
import { Control } from "./control";
import {
  changed,
  dap,
  openMachine,
  powerCycle,
  readLog,
  readState,
  setWatchpoints,
  translate,
  visible,
  watchHit,
} from "./protocol";

// A paused worker holds back every polite end of a process.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));

const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
serve(new Control(__filename), connection);
connection.listen();

function serve(control: Control, to: MessageConnection): void {
  const changes = new Changes(control, (change) => void to.sendNotification(changed, change));
  control.onPhase = () => changes.soon();
  control.onLoggedHit = (hit) => void to.sendNotification(watchHit, hit);
  to.onRequest(openMachine, ({ machine }) => answer(() => control.openMachine(machine)));
  to.onRequest(readState, () => answer(() => control.state));
  to.onRequest(powerCycle, () => answer(() => control.powerCycle()));
  to.onRequest(translate, ({ address }) => answer(() => control.translate(address)));
  to.onRequest(setWatchpoints, ({ watchpoints }) => answer(() => control.setWatchpoints(watchpoints)));
  to.onRequest(readLog, () => answer(() => control.log));
  to.onNotification(visible, (view) => {
    changes.visible = view.visible;
  });
  serveDebugger(control, to);
}

/** One session at a time; `initialize` begins a new one. */
function serveDebugger(control: Control, to: MessageConnection): void {
  let session: DriverSession | undefined;
  to.onNotification(dap, (message) => {
    const request = message as DebugProtocol.Request;
    if (request.command === "initialize") {
      session = new DriverSession(control);
      session.onDidSendMessage((reply) => void to.sendNotification(dap, reply));
    }
    session?.handleMessage(request);
  });
}

/** An error crosses the border as its one sentence, with the place where a file is to blame. */
async function answer<T>(work: () => T | Promise<T>): Promise<T | ResponseError<unknown>> {
  try {
    return await work();
  } catch (error) {
    const { message, place } = error as Error & { readonly place?: unknown };
    return new ResponseError(1, message, place);
  }
}
