/** Carries a debug session to a machine's process, and ends it properly when that process dies. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Disposable, MessageConnection } from "vscode-jsonrpc";
import { dap } from "./protocol";

/** These ask for no answer but a nod; the session's end is told by its own event, and once is enough. */
const NODDED = /^(configurationDone|continue|next|stepIn|stepOut|pause|terminate|disconnect)$/;

type Send = (message: DebugProtocol.ProtocolMessage) => void;

/** One per debug session. A dead machine answers nothing, so its open requests are answered here. */
export class DapRelay {
  readonly #connection: MessageConnection;
  readonly #toClient: Send;
  readonly #open = new Map<number, string>();
  readonly #subscription: Disposable;
  #ended = false;
  /** The client knows already that the session is over. */
  #told = false;
  #sequence = 0;

  constructor(connection: MessageConnection, toClient: Send) {
    this.#connection = connection;
    this.#toClient = toClient;
    this.#subscription = connection.onNotification(dap, (message) =>
      this.#fromMachine(message as DebugProtocol.Response),
    );
  }

  handleMessage(message: DebugProtocol.ProtocolMessage): void {
    const request = message as DebugProtocol.Request;
    if (message.type === "request") this.#open.set(request.seq, request.command);
    if (request.command === "launch" || request.command === "restart") this.#told = false;
    if (this.#ended) this.#refuseOpen("The machine's process has ended.");
    else void this.#connection.sendNotification(dap, message).catch(() => undefined);
  }

  /** Says `sentence` in the console, answers what is open, ends the session. */
  machineDied(sentence: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#refuseOpen(sentence);
    if (this.#told) return;
    this.#event("output", { category: "stderr", output: `${sentence}\n` });
    this.#event("terminated", {});
  }

  dispose(): void {
    this.#ended = true;
    this.#subscription.dispose();
  }

  #fromMachine(message: DebugProtocol.Response): void {
    this.#sequence = message.seq;
    if (message.type === "response") this.#open.delete(message.request_seq);
    if ((message as { readonly event?: string }).event === "terminated") this.#told = true;
    this.#toClient(message);
  }

  #refuseOpen(message: string): void {
    for (const [request_seq, command] of this.#open) {
      const success = NODDED.test(command);
      this.#say({ type: "response", request_seq, command, success, ...(success ? {} : { message }) });
    }
    this.#open.clear();
  }

  #event(event: string, body: unknown): void {
    this.#say({ type: "event", event, body });
  }

  #say(message: Omit<DebugProtocol.Response, "seq"> | Omit<DebugProtocol.Event, "seq">): void {
    this.#toClient({ ...message, seq: ++this.#sequence });
  }
}
