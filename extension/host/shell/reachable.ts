import type { Control } from "../control";

/** What a command needs of the machine. */
export type Reachable = Pick<Control, "linux" | "names" | "sysfs" | "touch" | "translate">;
