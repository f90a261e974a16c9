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

export function noInfo(description: string): Info {
  return { dataId: null, description };
}

function info(dataId: string, description: string): Info {
  return { dataId, description, accessTypes: ACCESSES, canPersist: true };
}

type Watch = (wanted: readonly WatchpointRequest[]) => Promise<readonly WatchpointStatus[]>;

export class DataBreakpoints {
  #wanted: readonly WatchpointRequest[] = [];
  #conditional = new Set<string>();
  #lastId = 0;

  /** Replaces the list. `watch` is absent while no driver is loaded. */
  async set(
    wanted: readonly DebugProtocol.DataBreakpoint[],
    watch?: Watch,
  ): Promise<DebugProtocol.Breakpoint[]> {
    const all = wanted.map((each) => ({ ...each, id: ++this.#lastId }));
    this.#wanted = all.map(({ id, dataId, accessType = "write" }) => ({
      id: `native:${id}`,
      spec: `${dataId} ${LETTERS[accessType]}`,
    }));
    const conditional = all.filter(({ condition, hitCondition }) => condition || hitCondition);
    this.#conditional = new Set(conditional.map(({ id }) => `native:${id}`));
    if (watch) return this.apply(watch);
    return all.map(({ id }) => ({
      id,
      verified: false,
      reason: "pending",
      message: "Watched when the driver is loaded.",
    }));
  }

  async apply(watch: Watch): Promise<DebugProtocol.Breakpoint[]> {
    const statuses = await watch(this.#wanted.filter(({ id }) => !this.#conditional.has(id)));
    const refused = [...this.#conditional].map((id) => ({
      id: numberOf(id),
      verified: false,
      message: "A data breakpoint cannot have a condition yet: remove it.",
    }));
    return [...statuses.map(breakpoint), ...refused].sort((a, b) => (a.id ?? 0) - (b.id ?? 0));
  }

  /** The client's ids among the watchpoints that matched. */
  idsOf(hit: readonly string[]): number[] {
    return hit.filter((id) => id.startsWith("native:")).map(numberOf);
  }
}

export function breakpoint({ id, verified, message }: WatchpointStatus): DebugProtocol.Breakpoint {
  return { id: numberOf(id), verified, ...(message === undefined ? {} : { message, reason: "pending" }) };
}

function numberOf(id: string): number {
  return Number(id.slice("native:".length));
}
