/** Places of the machine in any text: functions by bus, device and function, and addresses that lead to something. */
import type { MachineState } from "./host/protocol";
import { allRegisters, isAddress } from "./register-lookup";

type Machine = Pick<MachineState, "functions" | "linux">;

export interface PlaceWord {
  readonly start: number;
  readonly length: number;
  /** As `rootport.reveal` takes it: `0000:01:00.0`, `0x40000008`, `edu.STATUS`. */
  readonly place: string;
}

const WORD =
  /(?<![\w.:])(?:(?<bdf>(?:[0-9a-f]{4}:)?[0-9a-f]{2}:[01][0-9a-f]\.[0-7])|(?<hex>0x[0-9a-f]{4,16})|(?<bare>(?<=[\s[-])[0-9a-f]{8,16}(?=[\s\]-]))|(?<name>[a-z][\w-]*(?:\.config)?\.[A-Z][A-Z0-9_]+))(?!\w|:\d)/gi;

/** In the order of the text; what the machine has not is no place. */
export function placesIn(text: string, machine: Machine): readonly PlaceWord[] {
  const bdfs = new Set(machine.functions.map(({ bdf }) => bdf));
  const names = new Set(allRegisters(machine.functions).map(({ id }) => id));
  return [...text.matchAll(WORD)].flatMap((match): readonly PlaceWord[] => {
    const place = placeOf(match.groups ?? {}, { machine, bdfs, names });
    return place === undefined ? [] : [{ start: match.index, length: match[0].length, place }];
  });
}

interface Known {
  readonly machine: Machine;
  readonly bdfs: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
}

function placeOf(
  { bdf, hex, bare, name }: { [group: string]: string | undefined },
  { machine, bdfs, names }: Known,
): string | undefined {
  if (name !== undefined) return names.has(name) ? name : undefined;
  if (bdf !== undefined) {
    const whole = (bdf.length > 7 ? bdf : `0000:${bdf}`).toLowerCase();
    return bdfs.has(whole) ? whole : undefined;
  }
  const address = hex ?? `0x${bare ?? ""}`;
  return isAddress(machine, BigInt(address)) ? address.toLowerCase() : undefined;
}
