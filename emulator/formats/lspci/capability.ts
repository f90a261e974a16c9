/** A capability where it stands, and what decodes one. */
import type { SysfsDevice } from "../../linux/sysfs";
import type { ConfigBytes } from "./config-bytes";
import type { Naming } from "./naming";

export interface Capability {
  readonly config: ConfigBytes;
  /** Its offset. */
  readonly at: number;
  readonly device: SysfsDevice;
  readonly naming: Naming;
  /** The two bytes after its header; of an extended capability nothing. */
  readonly flags: number;
  /** What the Express capability says the port is; undefined where there is none. */
  readonly portType: number | undefined;
  readonly verbosity: number;
}

/** The words after `Capabilities: [40] `, then its lines with their tabs, which -vv shows. */
export type Decoder = (capability: Capability) => readonly string[];

export const says =
  (text: string): Decoder =>
  () => [text];
