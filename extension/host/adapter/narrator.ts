/** What the client is told about the driver: stops, output, breakpoints that moved, the end. */
import { basename } from "node:path";
import { Event, ExitedEvent, TerminatedEvent } from "@vscode/debugadapter";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { WatchpointRequest, WatchpointStatus } from "../../../emulator/machine/views";
import type { Control } from "../control";
import type { DriverHit, WatchOwner } from "../driver-thread-protocol";
import type { Phase } from "../protocol";
import type { End, LifeEvents, Mistake, Said } from "./driver-life";
import type { Handles } from "./handles";
import type { Memory } from "./memory";
import { Mistakes } from "./mistakes";
import { consoleOutput, hitOutput, logOutput, output } from "./output";
import type { Scripts } from "./scripts";
import type { WrongComment } from "./source-watchpoints";
import { source } from "./stack";
import type { Stop } from "./stop";
import { stoppedBody } from "./stopped";
import { breakpoint } from "./watchpoints";

/** One CPU, one thread. */
export const thread: DebugProtocol.Thread = { id: 1, name: "CPU 0" };

/** Time for the last messages to leave before this process ends itself. */
const FAREWELL_MS = 200;

interface Known {
  readonly control: Control;
  readonly scripts: Scripts;
  readonly handles: Handles;
  readonly memory: Memory;
  /** The client's ids of the breakpoints that made this stop. */
  idsOf(stop: Stop): number[];
  /** The driver has ended. */
  ended(): void;
}

export class Narrator implements LifeEvents {
  /** Off: a driver ends because it restarts, or before the client has seen it begin. */
  listening = false;
  readonly #send: (event: DebugProtocol.Event) => void;
  readonly #known: Known;
  readonly #mistakes: Mistakes;

  constructor(send: (event: DebugProtocol.Event) => void, known: Known) {
    this.#send = send;
    this.#known = known;
    this.#mistakes = new Mistakes(known.scripts);
  }

  said(message: Said): void {
    this.#send(
      message.type === "log" ? logOutput(message.line) : consoleOutput(message, this.#known.scripts),
    );
  }

  hit(hit: DriverHit): void {
    this.#send(hitOutput(hit, this.#known.scripts));
    this.#send(new Event("rootport/hit", hit));
  }

  /** At the driver's line in the Problems view. */
  mistake(mistake: Mistake): void {
    const body = this.#mistakes.problemOf(mistake);
    if (body) this.#send(new Event("rootport/problem", body));
  }

  watchpoints(owner: WatchOwner, statuses: readonly WatchpointStatus[]): void {
    if (owner === "native") this.breakpoints(statuses.map(breakpoint));
    else if (owner === "own") this.#send(new Event("rootport/watchpoints", { statuses }));
  }

  idle(): void {
    this.#send(new Event("rootport/idle", {}));
  }

  stopped(stop: Stop): void {
    this.#phase = "paused";
    const hitBreakpointIds = this.#known.idsOf(stop);
    this.#event("stopped", stoppedBody(stop, { threadId: thread.id, hitBreakpointIds }));
    this.#memory();
  }

  /** A person has changed something while the driver is stopped. */
  touched(): void {
    if (this.#known.control.phase === "paused") this.#event("invalidated", { areas: ["variables"] });
    this.#memory();
  }

  #memory(): void {
    for (const body of this.#known.memory.shown) this.#event("memory", body);
  }

  resumed(): void {
    this.#known.handles.clear();
    this.#phase = "running";
  }

  stuck(): void {
    if (this.#known.control.phase !== "running") return;
    const message =
      "The driver does not react to Pause. Kill the driver to end it; it can then be started again.";
    this.#send(output(message, "stderr"));
    this.#send(new Event("rootport/stuck", { message }));
  }

  over({ code, sentence, unkillable }: End): void {
    this.#known.handles.clear();
    this.#known.ended();
    if (this.listening || unkillable) this.#farewell({ code, sentence });
    this.listening = false;
    if (unkillable) setTimeout(() => process.kill(process.pid, "SIGKILL"), FAREWELL_MS);
  }

  #farewell({ code, sentence }: { code: number; sentence: string | undefined }): void {
    if (sentence !== undefined) this.#send(output(sentence, code === 0 ? "console" : "stderr"));
    this.#send(new ExitedEvent(code));
    this.#send(new TerminatedEvent());
  }

  breakpoints(changed: readonly DebugProtocol.Breakpoint[]): void {
    for (const breakpoint of changed) this.#event("breakpoint", { reason: "changed", breakpoint });
  }

  /** Says which watchpoints of launch.json do not watch yet. */
  watching(statuses: readonly WatchpointStatus[], wanted: readonly WatchpointRequest[]): void {
    for (const { id, spec } of wanted) {
      const status = statuses.find((each) => each.id === id);
      if (status && !status.verified)
        this.#send(output(`Watchpoint "${spec}": ${status.message ?? "not bound"}`, "console"));
    }
    this.watchpoints("own", statuses);
  }

  wrongComment({ path, line, message }: WrongComment): void {
    const place = { source: source(this.#known.scripts.respell(path)), line };
    this.#send(output(`${basename(path)}:${line}: @watch: ${message}`, "stderr", place));
  }

  set #phase(phase: Phase) {
    this.#known.control.phase = phase;
  }

  #event(event: string, body: object): void {
    this.#send({ seq: 0, type: "event", event, body });
  }
}
