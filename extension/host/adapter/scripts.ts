/** Which scripts are the driver's, and how the client spells their paths. */
import { basename, dirname, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { CdpTarget } from "../cdp";
import { driverUrl } from "../driver-url";
import { TRAP_URL } from "../trap-url";

export class Scripts {
  readonly #urls = new Map<string, string>();
  /** Of files, and of their folders for the files beside them. */
  readonly #spelling = new Map<string, string>();

  /** A new driver thread: what was compiled before is gone. */
  follow(target: CdpTarget): void {
    this.#urls.clear();
    target.on("Debugger.scriptParsed", ({ scriptId, url }) => void this.#urls.set(scriptId, url));
  }

  isDriver(scriptId: string): boolean {
    return isDriverUrl(this.#urls.get(scriptId));
  }

  isTrap(scriptId: string): boolean {
    return this.#urls.get(scriptId) === TRAP_URL;
  }

  /** The newest script of a file: where drivers share a thread, older ones of it linger. */
  idOf(url: string): string | undefined {
    return [...this.#urls].findLast(([, known]) => known === url)?.[0];
  }

  /** The newest script of each of the driver's files. */
  get drivers(): readonly string[] {
    const newest = new Map([...this.#urls].map(([id, url]) => [url, id]));
    return [...newest].filter(([url]) => isDriverUrl(url)).map(([, id]) => id);
  }

  /** The driver's files, as the client spells them. */
  get sources(): readonly string[] {
    return this.drivers.map((scriptId) => this.path(scriptId)).toSorted();
  }

  url(scriptId: string): string {
    return this.#urls.get(scriptId) ?? "";
  }

  /** Remembers the client's spelling, and answers with the URL that the script has. */
  spell(path: string): string {
    const url = driverUrl(path);
    this.#spelling.set(url, path);
    this.#spelling.set(new URL(".", url).href, `${dirname(path)}${sep}`);
    return url;
  }

  path(scriptId: string): string {
    return this.pathOfUrl(this.#urls.get(scriptId) ?? "");
  }

  pathOfUrl(url: string): string {
    const known = this.#spelling.get(url);
    if (known !== undefined || !url.startsWith("file:")) return known ?? url;
    const folder = this.#spelling.get(new URL(".", url).href);
    const path = fileURLToPath(url);
    return folder === undefined ? path : folder + basename(path);
  }

  /** The client's spelling of a real path. */
  respell(path: string): string {
    return this.pathOfUrl(driverUrl(path));
  }
}

/** The runtime is JavaScript in bundles; only drivers keep their TypeScript names. */
function isDriverUrl(url: string | undefined): boolean {
  return url?.startsWith("file:") === true && url.endsWith(".ts");
}
