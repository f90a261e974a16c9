/**
 * `setpci [-v] [-D] [-f] (-s SLOT | -d IDS)+ REGISTER[=VALUES]…` as pciutils 3.9.0 has it (setpci.c): what is written
 * goes over the bus, and says so, as -v does.
 * Not modelled: -A, -O, -G, -H and -r, which choose a way to the hardware.
 */
import { idFilter, slotFilter } from "../../../emulator/formats/lspci/filter";
import type { SysfsDevice } from "../../../emulator/linux/sysfs";

import { capabilityAt } from "./capability-at";
import type { Reachable } from "./reachable";
import { type Operation, operationOf, type Value } from "./setpci-operation";
import type { Words } from "./words";

interface Flags {
  verbose: boolean;
  demo: boolean;
  force: boolean;
}

type Filter = (device: SysfsDevice) => boolean;

/** A device fits that fits both; of the same letter the last one counts. */
interface Group {
  readonly filters: { s?: Filter; d?: Filter };
  readonly operations: Operation[];
}

interface Asked {
  readonly flags: Flags;
  readonly groups: readonly Group[];
}

/** Throws a sentence. */
function parse(words: Words): Asked {
  const flags: Flags = { verbose: false, demo: false, force: false };
  const groups: Group[] = [];
  const queue = [...words];
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    const [, letter = "", attached = ""] = /^-([sd])(.*)$/s.exec(word) ?? [];
    if (letter) addFilter(groups, { letter, text: attached || (queue.shift() ?? "") });
    else if (word.startsWith("-")) setFlags(flags, word);
    else if (groups.at(-1)) groups.at(-1)?.operations.push(operationOf(word));
    else throw new Error("Filter specification expected: setpci -s SLOT REGISTER[=VALUE].");
  }
  if (!groups.some(({ operations }) => operations.length > 0))
    throw new Error("No operation specified: setpci -s 01:00.0 COMMAND reads, COMMAND=7 writes.");
  return { flags, groups };
}

/** The first filter after an operation begins anew. */
function addFilter(groups: Group[], { letter, text }: { letter: string; text: string }): void {
  const filter = letter === "s" ? { s: slotFilter(text) } : { d: idFilter(text) };
  const last = groups.at(-1);
  if (last && last.operations.length === 0) Object.assign(last.filters, filter);
  else groups.push({ filters: filter, operations: [] });
}

function setFlags(flags: Flags, word: string): void {
  for (const letter of word.slice(1)) {
    if (letter === "v") flags.verbose = true;
    else if (letter === "D") flags.demo = true;
    else if (letter === "f") flags.force = true;
    else throw new Error(`setpci has no option "${word}" here: -s, -d, -v, -D and -f are known.`);
  }
}

export async function setpci(control: Reachable, words: Words): Promise<string> {
  const { flags, groups } = parse(words);
  const devices = await control.sysfs();
  let text = "";
  for (const [index, { filters, operations }] of groups.entries()) {
    const chosen = devices.filter((device) => Object.values(filters).every((accepts) => accepts(device)));
    if (chosen.length === 0 && !flags.force)
      text += `setpci: Warning: No devices selected for operation group ${index + 1}.\n`;
    for (const device of chosen)
      for (const operation of operations) text += await new Access(control, flags).run(device, operation);
  }
  return text;
}

const number = (value: number, width: number): string => value.toString(16).padStart(width * 2, "0");

/** One register of one device. */
class Access {
  readonly #control: Reachable;
  readonly #flags: Flags;

  constructor(control: Reachable, flags: Flags) {
    this.#control = control;
    this.#flags = flags;
  }

  async run(device: SysfsDevice, operation: Operation): Promise<string> {
    const { width, values, capability } = operation;
    const base = capability ? capabilityAt(device, capability) : 0;
    const at = base + operation.at;
    const place = `${device.name}${capability ? ` (${capability.extended ? "ecap" : "cap"} ${number(capability.id, 1)} @${number(base, 1)})` : ""} @${number(at, 1)}`;
    if (at % width) throw new Error(`Unaligned access of width ${width} to register ${number(at, 2)}.`);
    if (values.length === 0) return this.#read(device, { at, width, place });
    let line = place;
    for (const [index, value] of values.entries())
      line += await this.#write(device, { at: at + index * width, width, value });
    return `${line}\n`;
  }

  async #read(
    { name }: SysfsDevice,
    { at, width, place }: Pick<Operation, "at" | "width"> & { place: string },
  ): Promise<string> {
    const held = number(await this.#held(name, { at, width }), width);
    return this.#flags.verbose ? `${place} = ${held}\n` : `${held}\n`;
  }

  /** The bits that the mask leaves out stay. */
  async #write(
    { name }: SysfsDevice,
    { at, width, value: { value, mask } }: Pick<Operation, "at" | "width"> & { value: Value },
  ): Promise<string> {
    const before = mask === undefined ? 0 : await this.#held(name, { at, width });
    const whole = mask === undefined ? value : ((before & ~mask) | value) >>> 0;
    if (!this.#flags.demo)
      await this.#control.touch({
        verb: "write",
        at: placeText(name, at),
        bytes: width,
        value: `0x${whole.toString(16)}`,
      });
    return mask === undefined
      ? ` ${number(value, width)}`
      : ` ${number(before, width)}->(${number(value, width)}:${number(mask, width)})->${number(whole, width)}`;
  }

  async #held(name: string, { at, width }: Pick<Operation, "at" | "width">): Promise<number> {
    return Number(await this.#control.touch({ verb: "read", at: placeText(name, at), bytes: width }));
  }
}

const placeText = (name: string, at: number): string =>
  `cfg@${name.replace(/^0000:/, "")}:0x${at.toString(16)}`;
