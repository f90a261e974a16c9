/** One name for a driver's file, however a client spells it. */
import { existsSync, realpathSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** Scripts are known by the real path, so that a breakpoint set through a symbolic link binds. */
export function driverUrl(path: string): string {
  const real = existsSync(path) ? realpathSync.native(path) : path;
  return pathToFileURL(real.replace(/^[A-Z]:/, (drive) => drive.toLowerCase())).href;
}
