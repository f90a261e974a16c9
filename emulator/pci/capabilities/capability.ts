/** A capability in the list of a configuration space: an identifier and the registers that follow it. */
import type { Register, RegisterMap } from "../../core/register-map";

export interface Capability {
  /** PCI Code and ID Assignment Specification. */
  readonly id: number;
  /** `MSI`: what its registers' names begin with. */
  readonly name: string;
  /** Offset in configuration space. */
  readonly at: number;
  /** Its registers beyond identifier and next pointer, at absolute offsets. */
  readonly registers: RegisterMap;
}

/** The registers of a capability list, in the order given, with the links between them. */
export function capabilityList(capabilities: readonly Capability[]): RegisterMap {
  const map: Record<string, Register> = {};
  capabilities.forEach(({ id, name, at, registers }, position) => {
    const next = capabilities[position + 1]?.at ?? 0;
    map[`${name}_CAP_ID`] = { at, width: 8, access: "ro", reset: id, doc: `${name} capability.` };
    map[`${name}_CAP_NEXT`] = {
      at: at + 1,
      width: 8,
      access: "ro",
      reset: next,
      doc: "Offset of the next capability.",
    };
    Object.assign(map, registers);
  });
  return map;
}
