/** What the exception view says: of an event of the machine, why; of a page fault, what translate says of its address. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { exceptionFilters, isPageFault } from "./exceptions";
import type { Stop, ThrownValue } from "./stop";

type Info = DebugProtocol.ExceptionInfoResponse["body"];

/** `PageFault: unable to handle page fault …` */
export function exceptionText(thrown: ThrownValue | undefined): string {
  if (!thrown) return "exception";
  const text = thrown.description ?? String(thrown.value);
  return text.split("\n    at ")[0] ?? text;
}

/** `explain`: what translate says of an address, and what to do. */
export function exceptionInfo(stop: Stop | undefined, explain: (address: string) => string): Info {
  if (!stop) throw new Error("The driver is not stopped.");
  const { event, exception } = stop;
  if (event) {
    const label = exceptionFilters.find(({ filter }) => filter === event.kind)?.label ?? event.kind;
    const advice = "advice" in event && event.advice ? ` ${event.advice}` : "";
    const description = `${event.text}: ${event.explanation}.${advice}`;
    return { exceptionId: label, description, breakMode: "always" };
  }
  const text = exceptionText(exception);
  const [, name, message] = /^([A-Za-z_$][\w$]*): ([\s\S]*)$/.exec(text) ?? [];
  const exceptionId = name ?? exception?.className ?? "exception";
  const breakMode = exception?.uncaught === false ? "always" : "unhandled";
  const description = [message ?? text, ...explained(exception, { text, explain })].join("\n");
  return { exceptionId, description, breakMode };
}

function explained(
  thrown: ThrownValue | undefined,
  { text, explain }: { text: string; explain: (address: string) => string },
): string[] {
  const address = isPageFault(thrown) ? /address: ([0-9a-f]{16})/.exec(text)?.[1] : undefined;
  return address === undefined ? [] : [explain(`virt:0x${address}`)];
}
