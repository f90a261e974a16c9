/** The control thread of the machine's process. Entry of dist/machine.cjs; the process never outlives its parent. */
import { Socket } from "node:net";
import { join } from "node:path";
import { isMainThread, workerData } from "node:worker_threads";
import type { DebugProtocol } from "@vscode/debugprotocol";
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-jsonrpc/node";
import { DriverSession } from "./adapter/session";
import { Changes } from "./changes";
import { compareWishes, replayOf } from "./compare";
import { Control } from "./control";
import { PIPE } from "./fork";
import { MainModel } from "./main-model";
import type { ControlData } from "./main-seat";
import {
  bootReplay,
  changed,
  compareBoots,
  completeShell,
  dap,
  explain,
  openMachine,
  powerCycle,
  readLog,
  readState,
  readTrace,
  resetMachine,
  runShell,
  setTracing,
  setWatchpoints,
  touch,
  translate,
  visible,
  watchHit,
} from "./protocol";
import { completionsOf } from "./shell/completion";
import { runLine } from "./shell/shell";
import { TraceDoor } from "./trace-door";
import { WorkerModel } from "./worker-model";

const model = isMainThread
  ? new WorkerModel(join(__dirname, "worker.cjs"))
  : new MainModel((workerData as ControlData).seat);
const connection = isMainThread ? overIpc() : overPipe();
serve(new Control(model), connection);
connection.listen();

function overIpc(): MessageConnection {
  process.on("disconnect", die);
  return createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
}

/** The IPC channel is the main thread's, and stands still while the driver there is paused. */
function overPipe(): MessageConnection {
  const pipe = new Socket({ fd: PIPE });
  pipe.on("close", die);
  pipe.on("error", () => undefined);
  return createMessageConnection(new StreamMessageReader(pipe), new StreamMessageWriter(pipe));
}

/** A paused thread holds back every polite end of a process. */
function die(): void {
  process.kill(process.pid, "SIGKILL");
}

function serve(control: Control, to: MessageConnection): void {
  const changes = new Changes(control, (change) => void to.sendNotification(changed, change));
  control.onPhase = () => changes.soon();
  control.onLoggedHit = (hit) => void to.sendNotification(watchHit, hit);
  to.onRequest(openMachine, ({ machine }) => answer(() => control.openMachine(machine)));
  to.onRequest(readState, () => answer(() => control.state));
  to.onRequest(powerCycle, () => answer(() => control.powerCycle()));
  to.onRequest(resetMachine, () => answer(() => control.reset()));
  to.onRequest(translate, ({ address }) => answer(() => control.translate(address)));
  to.onRequest(explain, (wish) => answer(() => control.explain(wish)));
  to.onRequest(touch, (wish) => answer(() => control.touch(wish)));
  const trace = new TraceDoor(control);
  to.onRequest(readTrace, (query) => answer(() => trace.read(query)));
  to.onRequest(setTracing, (wish) => answer(() => trace.set(wish.to)));
  to.onRequest(runShell, ({ line }) => answer(() => runLine(control, line)));
  to.onRequest(completeShell, ({ line }) => answer(() => completionsOf(control, line)));
  to.onRequest(setWatchpoints, ({ watchpoints }) => answer(() => control.watchpoints.setOwn(watchpoints)));
  to.onRequest(bootReplay, (wish) => answer(() => replayOf(wish, control.open)));
  to.onRequest(compareBoots, (wish) => answer(() => compareWishes(wish, control.open)));
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
