/** What launch.json may say. */
import { resolve } from "node:path";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { WatchpointRequest } from "../../../emulator/machine/views";

export interface LaunchArguments extends DebugProtocol.LaunchRequestArguments {
  /** Path of the driver. */
  readonly program: string;
  /** A built-in name or the path of a *.pcie.json file. */
  readonly machine?: string;
  readonly stopOnEntry?: boolean;
  /** `edu.FACTORIAL w`, for this session. */
  readonly watchpoints?: readonly string[];
  readonly seed?: number;
  /** Path of a user-space program: a .ts file that exports user(). */
  readonly user?: string;
}

export interface Launch {
  readonly program: string;
  readonly machine: string | undefined;
  readonly stopOnEntry: boolean;
  readonly debug: boolean;
  readonly seed: number;
  readonly user: string | undefined;
  readonly own: readonly WatchpointRequest[];
}

/** Throws a sentence for what is missing or of the wrong kind. */
export function launchOf(given: Partial<LaunchArguments>): Launch {
  const { program, machine, stopOnEntry = false, watchpoints = [], seed = 1, noDebug = false, user } = given;
  if (typeof program !== "string" || program === "")
    throw new Error("`program` is missing: name the driver's .ts file.");
  if (!Array.isArray(watchpoints) || watchpoints.some((spec) => typeof spec !== "string")) {
    throw new Error('`watchpoints` is a list of texts like "edu.FACTORIAL w".');
  }
  if (user !== undefined && typeof user !== "string")
    throw new Error("`user` is the path of a .ts file that exports user().");
  if (!Number.isInteger(seed)) throw new Error("`seed` is a whole number.");
  const own = watchpoints.map((spec: string, index) => ({ id: `launch:${index}`, spec }));
  const paths = { program: resolve(program), user: user === undefined ? undefined : resolve(user) };
  return { ...paths, machine, stopOnEntry, debug: !noDebug, seed, own };
}
