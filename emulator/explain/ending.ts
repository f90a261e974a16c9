/** How a walk goes on, and how it ends. */
import { hex } from "../core/hex";
import type { RegisterFile } from "../core/register-file";
import { mostPermissive } from "../machine/register-view";
import type { Hop, Translation } from "../machine/views";

export type Ending = Pick<Translation, "hops" | "end" | "sentence">;

export interface Start {
  /** How the sentence calls what was asked for. */
  readonly name: string;
  readonly hops: readonly Hop[];
}

export function dead(title: string): Hop {
  return { kind: "dead", title, facts: [{ label: "a read gives", value: "all ones" }] };
}

/** Throws RangeError for a name that the file does not have. */
export function registerHop(device: string, file: RegisterFile, name: string): Hop {
  const declared = file.map[name];
  if (!declared) throw new RangeError(`${device} has no register ${name}`);
  const facts = [
    { label: "value", value: hex(file.get(name)) },
    { label: "access", value: mostPermissive(declared) },
    { label: "meaning", value: declared.doc },
  ];
  return { kind: "register", title: `${device}.${name}`, facts };
}
