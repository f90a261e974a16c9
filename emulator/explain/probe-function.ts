/** The probe function of a driver's source: its first parameter, and where its body is. */
import { closing, codeOnly, next } from "./source-text";

export interface ProbeFunction {
  /** How it calls its `struct pci_dev`. */
  readonly device: string;
  /** Behind the brace that opens the body. */
  readonly start: number;
  /** The brace that closes it. */
  readonly end: number;
}

/** Undefined where the source has none, or none with a body of its own. */
export function probeFunction(source: string): ProbeFunction | undefined {
  const code = codeOnly(source);
  const [, named = "probe"] = /\bprobe\s*:\s*([A-Za-z_$][\w$]*)\s*[,}\n]/.exec(code) ?? [];
  const beginnings = [
    new RegExp(`\\bfunction\\s+${named}\\s*(?:<[^>]*>)?\\s*(?=\\()`),
    new RegExp(`\\b(?:const|let)\\s+${named}\\b[^=]*=\\s*(?:function\\s*)?(?=\\()`),
    /\bprobe\s*:\s*(?:function\s*)?(?=\()/,
    /\bprobe\s*(?=\()/,
  ];
  for (const beginning of beginnings) {
    const found = beginning.exec(code);
    const probe = found && bodyFrom(code, found.index + found[0].length);
    if (probe) return probe;
  }
  return undefined;
}

/** From the parenthesis of the parameters. */
function bodyFrom(code: string, parameters: number): ProbeFunction | undefined {
  const behind = closing(code, parameters);
  const [, device] = /^\(\s*([A-Za-z_$][\w$]*)/.exec(code.slice(parameters, behind + 1)) ?? [];
  const type = /^\s*(?::[^{;=]*)?(?:=>)?\s*/.exec(code.slice(behind + 1))?.[0].length ?? 0;
  const open = next(code, behind + 1 + type);
  if (device === undefined || code.charAt(open) !== "{") return undefined;
  return { device, start: open + 1, end: closing(code, open) };
}
