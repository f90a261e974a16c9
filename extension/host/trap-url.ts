/** The names that the driver's thread has for the debugger. */
export const TRAP_URL = "rootport-trap:watchpoint";
export const TRAP_PARAMETER = "hit";

/** The function that calls the handlers of an interrupt: what V8 shows of its frame. */
export function interruptFrame(irq: number): string {
  return `interrupt ${irq}`;
}

/** The number of the interrupt whose frame has this name. */
export function interruptOf(functionName: string): number | undefined {
  const digits = /^interrupt (\d+)$/.exec(functionName)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
