/** TypeScript to JavaScript in place: types become spaces, so every line and column stays what the person wrote. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { transformSync } from "amaro";
import type { Problem } from "../driver-thread-protocol";

/** A driver that cannot run. `message` is one sentence that names file, line and cause. */
export class DriverProblem extends Error implements Problem {
  readonly path: string;
  readonly line: number;
  readonly column: number;

  constructor(place: { path: string; line: number; column?: number }, cause: string) {
    super(`${basename(place.path)}:${place.line}: ${cause}`);
    this.path = place.path;
    this.line = place.line;
    this.column = place.column ?? 1;
  }
}

interface StripError {
  readonly code?: "UnsupportedSyntax" | "InvalidSyntax";
  readonly message: string;
  readonly startLine?: number;
  readonly startColumn?: number;
}

export function readDriver(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new DriverProblem(
      { path, line: 1 },
      `the file cannot be read (${(error as NodeJS.ErrnoException).code}).`,
    );
  }
}

export function strip(path: string, source: string): string {
  if (!path.endsWith(".ts")) return source;
  try {
    return transformSync(source, { mode: "strip-only" }).code;
  } catch (error) {
    const { startLine = 1, startColumn = 0, ...rest } = error as StripError;
    throw new DriverProblem({ path, line: startLine, column: startColumn + 1 }, sentence(rest));
  }
}

function sentence({ code, message }: StripError): string {
  if (code !== "UnsupportedSyntax") return `${message}.`;
  return `${message.replace(" in strip-only mode", "")}: drivers run with their types removed, so write plain JavaScript there.`;
}
