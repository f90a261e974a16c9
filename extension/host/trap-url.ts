/** The names that the trap has for the debugger. */
export const TRAP_URL = "rootport-trap:watchpoint";
export const TRAP_PARAMETER = "hit";
