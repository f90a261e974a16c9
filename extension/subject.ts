/** What a row's id means: `0000:01:00.0`, `0000:01:00.0/BAR0`, `0000:01:00.0/BAR0/edu.FACTORIAL`. Panel and tree share these ids. */
import type { BarView, FunctionView, RegisterView } from "../emulator/machine/views";
import { barName } from "./device-text";

export interface Subject {
  readonly view: FunctionView;
  readonly bar?: BarView;
  readonly register?: RegisterView;
}

/** Undefined when the machine has no such thing. A field's id means its register. */
export function subjectAt(functions: readonly FunctionView[], id: string): Subject | undefined {
  const [bdf, space, register] = id.replace(/#.*$/, "").split("/");
  const view = functions.find((one) => one.bdf === bdf);
  if (!view) return undefined;
  const bar = view.bars.find((one) => barName(one) === space);
  const registers = space === "config" ? view.config : (bar?.registers ?? []);
  const found = registers.find((one) => one.id === register);
  return { view, ...(bar && { bar }), ...(found && { register: found }) };
}

/** The id of the register that watchpoints call `name`, as `edu.FACTORIAL`. */
export function registerIdOf(functions: readonly FunctionView[], name: string): string | undefined {
  for (const view of functions) {
    if (view.config.some(({ id }) => id === name)) return `${view.bdf}/config/${name}`;
    const bar = view.bars.find(({ registers }) => registers.some(({ id }) => id === name));
    if (bar) return `${view.bdf}/${barName(bar)}/${name}`;
  }
  return undefined;
}
