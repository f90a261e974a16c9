/** `rootport dap`: the debug adapter on standard input and output, for any client that speaks the protocol. */
import { join } from "node:path";
import { ProtocolServer } from "@vscode/debugadapter/lib/protocol";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { DapRelay } from "./dap-relay";
import { type MachineProcess, startMachine } from "./machine-connection";

/** Ends the process when the client closes the conversation. The driver runs in a process of its own and may die alone. */
export function runDapOnStdio(): void {
  const server = new StdioServer(join(__dirname, "machine.cjs"));
  server.on("close", () => process.exit());
  server.start(process.stdin, process.stdout);
}

class StdioServer extends ProtocolServer {
  readonly #machinePath: string;
  #machine: MachineProcess | undefined;
  #relay: DapRelay | undefined;

  constructor(machinePath: string) {
    super();
    this.#machinePath = machinePath;
  }

  override handleMessage(message: DebugProtocol.ProtocolMessage): void {
    this.#relayTo(message).handleMessage(message);
  }

  /** A new session gets a new machine when the old one has died. */
  #relayTo(message: DebugProtocol.ProtocolMessage): DapRelay {
    const begins = (message as DebugProtocol.Request).command === "initialize";
    if (this.#relay && !(begins && this.#machine === undefined)) return this.#relay;
    this.#machine = startMachine(this.#machinePath, ({ sentence }) => this.#died(sentence));
    this.#relay = new DapRelay(this.#machine.connection, (reply) => this.#reply(reply));
    return this.#relay;
  }

  #died(sentence: string): void {
    this.#machine = undefined;
    this.#relay?.machineDied(sentence);
  }

  #reply(message: DebugProtocol.ProtocolMessage): void {
    const { type } = message;
    if (type === "event") this.sendEvent(message as DebugProtocol.Event);
    else this.sendResponse({ ...(message as DebugProtocol.Response), seq: 0 });
  }
}
