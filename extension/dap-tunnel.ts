import * as vscode from "vscode";
import { DapRelay } from "./host/dap-relay";
import { outOfMemory } from "./host/death";
import { t } from "./l10n";
import type { MachineHost } from "./machine-host";

type Message = Parameters<DapRelay["handleMessage"]>[0];

/** What a tunnel notices on the way. */
export interface Noticed {
  /** The launch was refused: why. */
  refused(sentence: string): void;
  /** The driver, or the whole process, is gone: why. */
  lost(sentence: string): void;
  /** A message goes to the machine. */
  sent(message: vscode.DebugProtocolMessage): void;
  /** A watchpoint stopped the driver on this register. */
  touched(register: string): void;
  ended(): void;
}

/** The fields that messages of interest have. */
interface Passing {
  readonly type: string;
  readonly command?: string;
  readonly success?: boolean;
  readonly message?: string;
  readonly event?: string;
  readonly body?: {
    readonly output?: string;
    readonly reason?: string;
    readonly text?: string;
    readonly error?: { readonly format?: string };
  };
}

const isRefusedLaunch = ({ type, command, success }: Passing): boolean =>
  type === "response" && command === "launch" && success === false;

/** `edu.FACTORIAL` of `write edu.FACTORIAL 0x0 → 0x5`, when that is why it stopped. */
function touchedBy({ event, body }: Passing): string | undefined {
  if (event !== "stopped" || body?.reason !== "data breakpoint") return undefined;
  const [, accessed, changed] = /(?:^|: )(?:read|write) (\S+)|^(\S+) was changed/.exec(body.text ?? "") ?? [];
  return accessed ?? changed;
}

/** VS Code answers a refused launch with a modal that offers launch.json; our drivers have none. */
const unshown = (message: Passing) => ({
  ...message,
  body: { error: { id: 1, format: message.body?.error?.format ?? message.message ?? "", showUser: false } },
});

/** One debug session, carried to the machine's process and back. */
export class DapTunnel implements vscode.DebugAdapter {
  readonly #sent = new vscode.EventEmitter<vscode.DebugProtocolMessage>();
  readonly onDidSendMessage = this.#sent.event;
  readonly #relay: DapRelay;
  readonly #lost: vscode.Disposable;
  readonly #noticed: Noticed;

  constructor(host: MachineHost, noticed: Noticed) {
    this.#noticed = noticed;
    this.#relay = new DapRelay(host.connect().connection, (message) => this.#pass(message));
    this.#lost = host.onDidLose(({ sentence }) => this.#relay.machineDied(sentence));
  }

  #pass(message: Passing): void {
    const refused = isRefusedLaunch(message);
    if (refused) this.#noticed.refused(message.message ?? t("The driver did not start."));
    if (message.event === "output" && message.body?.output?.includes(outOfMemory))
      this.#noticed.lost(outOfMemory);
    const touched = touchedBy(message);
    if (touched !== undefined) this.#noticed.touched(touched);
    this.#sent.fire(refused ? unshown(message) : message);
  }

  handleMessage(message: vscode.DebugProtocolMessage): void {
    this.#noticed.sent(message);
    this.#relay.handleMessage(message as Message);
  }

  dispose(): void {
    this.#lost.dispose();
    this.#relay.dispose();
    this.#noticed.ended();
    this.#sent.dispose();
  }
}
