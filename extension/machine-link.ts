/** A link that opens the same machine at the same place: `vscode://rootport.rootport/register/edu.STATUS?machine=demo`. */
import type { Tab } from "../webview/protocol";
import { t } from "./l10n";

const kinds = ["register", "function", "address", "tab"] as const;
type Kind = (typeof kinds)[number];

export interface MachineLink {
  readonly kind: Kind;
  /** `edu.STATUS`, `0000:01:00.0`, `0x40000008`, `iomem`. */
  readonly place: string;
  /** A built-in name, or the path of a file in the workspace. */
  readonly machine?: string;
}

const tabs: ReadonlySet<string> = new Set<Tab>([
  "devices",
  "topology",
  "bars",
  "iomem",
  "ioports",
  "register",
  "translate",
  "trace",
]);

export const isTab = (text: string): text is Tab => tabs.has(text);

/** Path and query of a link. */
export function linkText({ kind, place, machine }: MachineLink): string {
  const query = machine === undefined ? "" : `?machine=${encodeURIComponent(machine)}`;
  return `/${kind}/${encodeURIComponent(place)}${query}`;
}

/** What a link asks for, or a sentence that says what is wrong with it. */
export function parseLink({
  path,
  query,
}: {
  readonly path: string;
  readonly query: string;
}): MachineLink | string {
  const [, named = "", place = ""] = /^\/(\w+)\/([^/]+)$/.exec(path) ?? [];
  const kind = kinds.find((one) => one === named);
  if (!kind || (kind === "tab" && !isTab(place)))
    return t(
      'The link ends in "{0}": it should end as /register/edu.STATUS, /function/0000:01:00.0, /address/0x40000008 or /tab/iomem do.',
      path,
    );
  const machine = new URLSearchParams(query).get("machine") ?? "";
  const outside = /^([\\/~]|[a-z]:)|\.\./i.test(machine);
  if (outside || !/^[\w./ -]*$/.test(machine))
    return t(
      'The link names the machine "{0}": it can name a built-in one, or a file of this workspace.',
      machine,
    );
  return { kind, place: decodeURIComponent(place), ...(machine !== "" && { machine }) };
}
