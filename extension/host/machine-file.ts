/** A machine by its name: built in, or a *.pcie.json file. */
import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import Ajv, { type ErrorObject } from "ajv";
import {
  findNodeAtLocation,
  getNodeValue,
  type JSONPath,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import { Arena, ArenaFull } from "../../emulator/core/arena";
import { builtIn } from "../../emulator/machine/built-in";
import { catalogue } from "../../emulator/machine/catalogue";
import type { FunctionDescription, MachineDescription } from "../../emulator/machine/description";
import { DescriptionError } from "../../emulator/machine/description-error";
import { Machine } from "../../emulator/machine/machine";
import schema from "../schemas/pcie-machine.schema.json";

interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** A machine that cannot be opened: the message is one sentence, with file and line where a file is to blame. */
export class MachineProblem extends Error {
  readonly place: Place | undefined;

  constructor(cause: string, place?: Place) {
    super(place ? `${basename(place.path)}:${place.line}: ${cause}` : cause);
    this.place = place;
  }
}

interface Text {
  readonly path: string;
  readonly text: string;
}

/** What the schema says to an editor, and not to us. */
const forEditors = ["markdownDescription", "defaultSnippets", "allowComments", "allowTrailingCommas"];
const validate = new Ajv({ allErrors: true }).addVocabulary(forEditors).compile<MachineDescription>(schema);

/** Throws MachineProblem. */
export function describeMachine(wanted: string): MachineDescription {
  const known = builtIn.get(wanted);
  if (known) return known;
  if (!wanted.endsWith(".json")) {
    throw new MachineProblem(
      `There is no machine "${wanted}": name one of ${[...builtIn.keys()].join(", ")}, or a *.pcie.json file.`,
    );
  }
  const path = resolve(wanted);
  return parseMachine({ path, text: readText(path) });
}

/** A text file. Throws MachineProblem. */
export function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new MachineProblem(
      `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown"}).`,
    );
  }
}

function parseMachine(file: Text): MachineDescription {
  const errors: ParseError[] = [];
  const root = parseTree(file.text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first)
    throw new MachineProblem(`${spaced(printParseErrorCode(first.error))}.`, placeOf(file, first.offset));
  const value: unknown = root && getNodeValue(root);
  if (!validate(value)) throw schemaProblem(file, root, validate.errors ?? []);
  const { platform = [] }: Partial<MachineDescription> = value;
  const machine = { ...value, platform };
  const problem = (at: JSONPath, cause: string) => new MachineProblem(cause, placeAt(file, root, at));
  refuseUnknownDevices(machine.functions, ["functions"], problem);
  tryToBuild(machine, problem);
  return machine;
}

/** What the schema cannot say: two functions in one place, a size that is no power of two. */
function tryToBuild(
  machine: MachineDescription,
  problem: (at: JSONPath, cause: string) => MachineProblem,
): void {
  try {
    new Machine(machine, Arena.create());
  } catch (error) {
    if (error instanceof DescriptionError) throw problem([...error.path], `${error.message}.`);
    if (error instanceof RangeError || error instanceof ArenaFull) throw problem([], `${error.message}.`);
    throw error;
  }
}

/** The deepest error is the cause; the others follow from it. */
function schemaProblem(file: Text, root: Node | undefined, errors: readonly ErrorObject[]): MachineProblem {
  const [first] = [...errors].sort((a, b) => b.instancePath.length - a.instancePath.length);
  const at = (first?.instancePath ?? "").split("/").slice(1).map(segment);
  const extra =
    first?.keyword === "additionalProperties" ? (first.params as { additionalProperty: string }) : undefined;
  const path = extra ? [...at, extra.additionalProperty] : at;
  return new MachineProblem(`${said(at, first)}.`, placeAt(file, root, path));
}

function said(at: JSONPath, error: ErrorObject | undefined): string {
  const name = at.length > 0 ? at.join(".") : "the machine";
  if (error?.keyword === "additionalProperties") {
    return `${name} has no property "${(error.params as { additionalProperty: string }).additionalProperty}"`;
  }
  if (error?.keyword === "enum")
    return `${name} is one of ${(error.params as { allowedValues: string[] }).allowedValues.join(", ")}`;
  return `${name} ${error?.message ?? "is not valid"}`;
}

function refuseUnknownDevices(
  functions: readonly FunctionDescription[],
  path: JSONPath,
  problem: (at: JSONPath, cause: string) => MachineProblem,
): void {
  for (const [index, { device, below = [] }] of functions.entries()) {
    const at = [...path, index];
    if (!catalogue.has(device)) {
      throw problem(
        [...at, "device"],
        `there is no device "${device}"; there is ${[...catalogue.keys()].join(", ")}.`,
      );
    }
    refuseUnknownDevices(below, [...at, "below"], problem);
  }
}

function placeAt(file: Text, root: Node | undefined, path: JSONPath): Place {
  const node = root && findNodeAtLocation(root, path);
  return placeOf(file, (node ?? root)?.offset ?? 0);
}

function placeOf({ path, text }: Text, offset: number): Place {
  const before = text.slice(0, offset).split("\n");
  return { path, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function segment(text: string): string | number {
  return /^\d+$/.test(text) ? Number(text) : text.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** `CommaExpected` → `comma expected` */
function spaced(name: string): string {
  return name.replace(/(?<=[a-z])[A-Z]/g, " $&").toLowerCase();
}
