/** Names of classes, devices and subsystems as lspci prints them: `-n` numbers, `-nn` both. */
import type { SysfsDevice } from "../../linux/sysfs";
import type { PciNames } from "../pci-names";
import { hex } from "./text";

export type Numbers = "none" | "only" | "both";

export interface Ids {
  readonly vendor: number;
  readonly device: number;
}

/** Whose card it is; undefined where nobody filled it in. */
export function subsystemOf({ subsystemVendor, subsystemDevice }: SysfsDevice): Ids | undefined {
  if (subsystemVendor === 0 || subsystemVendor === 0xffff) return undefined;
  return { vendor: subsystemVendor, device: subsystemDevice };
}

export class Naming {
  readonly #names: PciNames;
  readonly numbers: Numbers;

  constructor(names: PciNames, numbers: Numbers) {
    this.#names = names;
    this.numbers = numbers;
  }

  /** Of base class and subclass, 16 bits. */
  class(code: number): string {
    const [own, base] = [this.#names.class(code), this.#names.baseClass(code >>> 8)];
    if (own === undefined && base !== undefined && this.numbers === "none")
      return `${base} [${hex(code, 4)}]`;
    return this.#one(own ?? base, { id: code, kind: "Class" });
  }

  vendor(id: number): string {
    return this.#one(this.#names.vendor(id), { id, kind: "Vendor" });
  }

  /** A device alone, without its vendor. */
  device({ vendor, device }: Ids): string {
    return this.#one(this.#names.device(vendor, device), { id: device, kind: "Device" });
  }

  subsystemVendor(id: number): string {
    return this.#one(this.#names.vendor(id), { id, kind: "Unknown vendor" });
  }

  /** A subsystem's device alone. */
  subsystemDevice(of: Ids, ids: Ids): string {
    return this.#one(this.#names.subsystem(of, ids), { id: ids.device, kind: "Device" });
  }

  /** Vendor and device. */
  pair(ids: Ids): string {
    return this.#pair(ids, this.#names.device(ids.vendor, ids.device));
  }

  subsystem(of: Ids, ids: Ids): string {
    return this.#pair(ids, this.#names.subsystem(of, ids));
  }

  /** Of a programming interface; `-n` does not change it. */
  progIf(code: number, progIf: number): string | undefined {
    return this.#names.progIf(code, progIf);
  }

  #one(name: string | undefined, { id, kind }: { id: number; kind: string }): string {
    const number = hex(id, 4);
    if (this.numbers === "only") return number;
    if (this.numbers === "both") return `${name ?? kind} [${number}]`;
    return name ?? `${kind} ${number}`;
  }

  #pair({ vendor, device }: Ids, name: string | undefined): string {
    const number = `${hex(vendor, 4)}:${hex(device, 4)}`;
    if (this.numbers === "only") return number;
    const maker = this.#names.vendor(vendor);
    if (this.numbers === "both")
      return maker === undefined ? `Device [${number}]` : `${maker} ${name ?? "Device"} [${number}]`;
    if (maker === undefined) return `Device ${number}`;
    return `${maker} ${name ?? `Device ${hex(device, 4)}`}`;
  }
}
