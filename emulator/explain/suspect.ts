/** Who should have answered: the BAR that holds an address, now or by Linux's own account. */
import { bus } from "../core/address";
import type { Hardware } from "../machine/hardware";
import type { LinuxState } from "../machine/views";
import type { Bar } from "../pci/bar";
import { parseBdf } from "../pci/bdf";
import { Bridge } from "../pci/bridge";
import type { Bus } from "../pci/bus";
import type { PciFunction } from "../pci/function";
import type { Space } from "../pci/place";

export interface Suspect {
  readonly function: PciFunction;
  readonly bar: Bar;
  /** Linux put the BAR here; undefined where only the BAR itself says so. */
  readonly assigned?: { readonly start: bigint; readonly end: bigint };
}

export interface Wanted {
  readonly space: Space;
  /** On the bus. */
  readonly address: bigint;
  /** Where the CPU sees it: as Linux counts. */
  readonly cpu: number;
  readonly linux: LinuxState | undefined;
}

/** The BAR that holds the address; else the one that Linux put there. */
export function suspectOf(machine: Hardware, wanted: Wanted): Suspect | undefined {
  return holder(machine, wanted) ?? assignee(machine, wanted);
}

/** All that are declared, also those that are not plugged in. */
export function declaredFunctions(machine: Hardware): readonly PciFunction[] {
  const below = (it: Bus): PciFunction[] =>
    it.declared.flatMap((fn) => [fn, ...(fn instanceof Bridge && fn.below ? below(fn.below) : [])]);
  return machine.root.buses.flatMap(below);
}

function holder(machine: Hardware, { space, address }: Wanted): Suspect | undefined {
  for (const fn of declaredFunctions(machine)) {
    const bar = fn.bars.find(
      (it) => (it.kind === "io") === (space === "io") && it.base !== 0n && it.contains(bus(address)),
    );
    if (bar) return { function: fn, bar };
  }
  return undefined;
}

/** /proc/iomem names a BAR by its function: the innermost such line around the address. */
function assignee(machine: Hardware, { space, address, cpu, linux }: Wanted): Suspect | undefined {
  const lines = (space === "io" ? linux?.ioports : linux?.iomem) ?? [];
  const around = lines.filter(({ start, end }) => BigInt(cpu) >= BigInt(start) && BigInt(cpu) <= BigInt(end));
  const line = around.findLast(({ name }) => parseBdf(name) !== undefined);
  const place = line && parseBdf(line.name);
  if (!line || !place) return undefined;
  const [start, end] = [BigInt(line.start), BigInt(line.end)];
  const moved = address - BigInt(cpu);
  const assigned = { start: start + moved, end: end + moved };
  const fn = declaredAt(machine, place);
  const bar = fn?.bars.find(
    (it) => BigInt(it.size) === end - start + 1n && (it.kind === "io") === (space === "io"),
  );
  return fn && bar && { function: fn, bar, assigned };
}

/** Also where nothing is plugged in now; the bus numbers as they are. */
function declaredAt(
  machine: Hardware,
  {
    bus: number,
    device,
    function: fn,
  }: { readonly bus: number; readonly device: number; readonly function: number },
): PciFunction | undefined {
  return declaredFunctions(machine).find(
    ({ place }) => place?.bus.number === number && place.device === device && place.function === fn,
  );
}

/** The bridges above a function, from the root down. */
export function bridgesAbove(fn: PciFunction): readonly Bridge[] {
  const above: Bridge[] = [];
  for (let bridge = fn.place?.bus.bridge; bridge; bridge = bridge.place?.bus.bridge)
    if (bridge instanceof Bridge) above.unshift(bridge);
  return above;
}
