/**
 * A person's bytes as a driver would write them: in accesses that whatever is there takes. RAM takes any; a register takes
 * its own width (core/register-bank.ts), and a part of one is refused, because a device would lose it.
 */
import { hex } from "../core/hex";
import { RegisterBank } from "../core/register-bank";
import { translate } from "../explain/translate";
import { refusalOf } from "./access-refusal";
import type { Machine } from "./machine";
import { type Bytes, type Place, placeOf } from "./outside-access";
import type { Hex } from "./views";
import { type Found, findAt } from "./watch-target";

export interface PlannedWrite {
  /** From the address that was named. */
  readonly offset: number;
  readonly bytes: Bytes;
  readonly value: Hex;
}

const WIDTHS = [8, 4, 2, 1] as const;

/** Throws a sentence where nothing is mapped, and where the device takes none of the widths that are left. */
export function planWrites(
  machine: Machine,
  at: string,
  { offset, data }: { offset: number; data: Uint8Array },
): readonly PlannedWrite[] {
  const planned: PlannedWrite[] = [];
  for (let done = 0; done < data.length; ) {
    const place = placeOf(machine, at, offset + done);
    if (!place)
      throw new Error(`${at} is not mapped ${hex(offset + done)} bytes further. Nothing was written.`);
    const bytes = widest(machine, place, data.length - done);
    const value = data
      .subarray(done, done + bytes)
      .reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    planned.push({ offset: offset + done, bytes, value: hex(value) });
    done += bytes;
  }
  return planned;
}

function widest(machine: Machine, place: Place, left: number): Bytes {
  const start = place.kind === "memory" ? place.address : place.at;
  const most = place.kind === "memory" ? 8 : 4;
  const fitting = WIDTHS.filter((bytes) => bytes <= Math.min(left, most) && start % bytes === 0);
  const found = registerAt(machine, place);
  if (!found) return fitting[0] ?? 1;
  const taken = fitting.find((bytes) => refusalOf(bytes, found) === undefined);
  if (taken === undefined) throw new Error(`${refusalOf(fitting[0] ?? 1, found)}. Nothing was written.`);
  return taken;
}

/** Undefined where every width is taken: RAM, memory behind a BAR, configuration space, a device without registers. */
function registerAt(machine: Machine, place: Place): Found | undefined {
  if (place.kind === "config") return undefined;
  const found =
    place.kind === "port" ? findAt(machine, "port", place.at) : findAt(machine, "memory", place.address);
  if (place.kind === "port") return found.register ? found : undefined;
  const decoded = machine.physical.decode(place.address);
  if (decoded.kind === "io" && decoded.io.name === "nothing")
    throw new Error(`${translate(machine, hex(place.address)).sentence}. Nothing was written.`);
  return decoded.kind === "io" && decoded.io instanceof RegisterBank ? found : undefined;
}
