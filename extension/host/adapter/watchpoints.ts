/** The client's own data breakpoints: registers by name, memory by address. Ours, of the tree and launch.json, are another list. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { WatchpointRequest, WatchpointStatus } from "../../../emulator/machine/views";

type Info = DebugProtocol.DataBreakpointInfoResponse["body"];
type Access = DebugProtocol.DataBreakpointAccessType;

/** Two or more, or VS Code does not ask which one is meant. */
const ACCESSES: Access[] = ["write", "read", "readWrite"];
const LETTERS: Record<Access, string> = { read: "r", write: "w", readWrite: "rw" };
const ADDRESS = /^(0x[0-9a-f]+|\d+)$/i;

/** Any address is accepted, mapped or not: the client asks before the machine runs. */
export function addressInfo(name: string, bytes = 4): Info {
  const text = name.trim();
  if (!ADDRESS.test(text)) return noInfo(`"${name}" is no address: write 0x… or a decimal number.`);
  // Some clients count a range backwards.
  const size = Math.abs(bytes) || 4;
  const address = `0x${BigInt(text).toString(16)}`;
  return info(`${address}+${size}`, size === 1 ? `1 byte at ${address}` : `${size} bytes at ${address}`);
}

/** `id`: `edu.FACTORIAL`, the same in every session. */
export function registerInfo(id: string): Info {
  return info(id, id);
}

/** `iova@01:00.0:0xfffff000+4096`, `edu.BAR0`: another thing that has a place. */
export function placeInfo(watch: string): Info {
  return info(watch, watch);
}

export function noInfo(description: string): Info {
  return { dataId: null, description };
}

function info(dataId: string, description: string): Info {
  return { dataId, description, accessTypes: ACCESSES, canPersist: true };
}

/** Apart from the ids of other breakpoints: a client knows them all by one number. */
const FIRST_ID = 1_000_000;

type Watch = (wanted: readonly WatchpointRequest[]) => Promise<readonly WatchpointStatus[]>;

export class DataBreakpoints {
  #wanted: readonly WatchpointRequest[] = [];
  #ids = new Map<string, number>();
  #lastId = FIRST_ID;

  /** Replaces the list; a wish that was in it before keeps its id, and so its count of hits. `watch` is absent while no driver is loaded. */
  async set(
    wanted: readonly DebugProtocol.DataBreakpoint[],
    watch?: Watch,
  ): Promise<DebugProtocol.Breakpoint[]> {
    const before = this.#ids;
    this.#ids = new Map();
    this.#wanted = wanted.map((wish) => {
      const spec = specOf(wish);
      const id = (this.#ids.has(spec) ? undefined : before.get(spec)) ?? ++this.#lastId;
      this.#ids.set(spec, id);
      return { id: `native:${id}`, spec };
    });
    if (watch) return this.apply(watch);
    const message = "Watched when the driver is loaded.";
    return this.#wanted.map(({ id }) => breakpoint({ id, verified: false, message }));
  }

  async apply(watch: Watch): Promise<DebugProtocol.Breakpoint[]> {
    return (await watch(this.#wanted)).map(breakpoint);
  }

  /** The client's ids among the watchpoints that matched. */
  idsOf(hit: readonly string[]): number[] {
    return hit.filter((id) => id.startsWith("native:")).map(numberOf);
  }
}

/** The client's wish in our grammar: what is wrong with its condition is said by whoever reads that. */
function specOf({
  dataId,
  accessType = "write",
  condition,
  hitCondition,
}: DebugProtocol.DataBreakpoint): string {
  const words = [dataId, LETTERS[accessType]];
  if (hitCondition) words.push("hit", hitCondition.replaceAll(/\s+/g, ""));
  if (condition) words.push("if", condition);
  return words.join(" ");
}

export function breakpoint({ id, verified, message, never }: WatchpointStatus): DebugProtocol.Breakpoint {
  const reason = never ? "failed" : "pending";
  const why = message === undefined ? {} : ({ message, reason } as const);
  return { id: numberOf(id), verified, ...why };
}

function numberOf(id: string): number {
  return Number(id.slice("native:".length));
}
