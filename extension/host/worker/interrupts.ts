/** Interrupts as the debugger sees them: a frame of their own on the stack, and a moment before the handler runs. */
import { interruptFrame } from "../trap-url";
import type { LinuxModules } from "./linker";

type Handler = (irq: number, devId: unknown) => unknown;
type Rest = readonly [flags: number, name: string, devId: unknown];
type RequestIrq = (irq: number, handler: Handler, ...rest: Rest) => unknown;

/** The same modules, with handlers that are announced. A method, because its computed name is what V8 shows of the frame. */
export function withAnnouncedInterrupts(
  modules: LinuxModules,
  arrives: (irq: number, name: string) => void,
): LinuxModules {
  const header = modules.get("linux/interrupt");
  const request = header?.["request_irq"] as RequestIrq | undefined;
  if (!request) return modules;
  const request_irq: RequestIrq = (irq, handler, ...rest) => {
    const frame = interruptFrame(irq);
    const named = {
      [frame](number: number, id: unknown) {
        arrives(number, rest[1]);
        return handler(number, id);
      },
    };
    return request(irq, named[frame] as Handler, ...rest);
  };
  return new Map([...modules, ["linux/interrupt", { ...header, request_irq }]]);
}
