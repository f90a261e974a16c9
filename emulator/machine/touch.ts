/** A person's access to the machine, as text crosses threads: `rd`, `wr` and `poke` of the console, edits in Variables. */
import { PAGE_SIZE } from "../core/address";
import { hex, parseNumber } from "../core/hex";
import type { Machine } from "./machine";
import { type Bytes, moved, type Place, peek, peekPlace, placeOf, poke, read, write } from "./outside-access";
import type { Hex } from "./views";

export interface Touch {
  /** `peek` and `poke` go past the bus, `read` and `write` over it. */
  readonly verb: "peek" | "read" | "write" | "poke";
  /** `edu.STATUS.IRQFACT`, `cfg@01:00.0:0x10`: placeOf's grammar. */
  readonly at: string;
  readonly offset?: number;
  /** By default the register's own width. */
  readonly bytes?: Bytes;
  readonly value?: Hex;
}

/** What is there: before a write, what is written. Throws a sentence. */
export function touch(machine: Machine, { verb, at, offset, bytes, value }: Touch): Hex {
  const place = placeOf(machine, at, offset);
  if (!place) throw new Error(`${at} is not mapped, so nothing can be accessed there`);
  if (verb === "peek") return hex(peek(machine, place, bytes));
  if (verb === "read") return hex(read(machine, place, bytes));
  const number = numberIn(value ?? "", bytes ?? place.bytes);
  (verb === "write" ? write : poke)(machine, place, { value: number, ...(bytes && { bytes }) });
  return hex(peek(machine, place, bytes));
}

/** `count` bytes, up to the first that nothing answers. */
export function lookAt(
  machine: Machine,
  at: string,
  { offset, count }: { offset: number; count: number },
): Uint8Array {
  const bytes = new Uint8Array(count);
  for (let done = 0; done < count; ) {
    const place = placeOf(machine, at, offset + done);
    const wanted = Math.min(count - done, PAGE_SIZE - (place ? startOf(place) % PAGE_SIZE : 0));
    const seen = place ? lookWithin(machine, place, bytes.subarray(done, done + wanted)) : 0;
    done += seen;
    if (seen < wanted) return bytes.slice(0, done);
  }
  return bytes;
}

/** Fills `into` from one page: where it is, is asked once. Answers how many bytes there were. */
function lookWithin(machine: Machine, place: Place, into: Uint8Array): number {
  for (let byte = 0; byte < into.length; byte++) {
    const value = peekPlace(machine, moved(place, byte));
    if (value === undefined) return byte;
    into[byte] = value;
  }
  return into.length;
}

function startOf(place: Place): number {
  return place.kind === "memory" ? place.address : place.at;
}

function numberIn(text: string, bytes: Bytes): bigint {
  const value = parseNumber(text);
  if (value === undefined) throw new Error(`"${text}" is no number: write 0x1f, 31 or 0b11111`);
  if (value >> BigInt(bytes * 8)) throw new Error(`${text} does not fit ${bytes * 8} bits`);
  return value;
}
