/** What differs between two states, so that the eye is led to it. */
import type { PanelState, RegisterRow } from "../protocol";

/** A register's key: its id alone is not unique in a machine with two equal devices. */
export const registerKey = (bdf: string, { space, id }: Pick<RegisterRow, "space" | "id">): string =>
  `${bdf}/${space}/${id}`;

const values = (state: PanelState | undefined): ReadonlyMap<string, string> =>
  new Map(
    (state?.devices ?? []).flatMap(({ bdf, registers }) =>
      registers.map((register) => [registerKey(bdf, register), register.value] as const),
    ),
  );

/** The registers whose value differs, with the value they had. */
export function changedRegisters(
  before: PanelState | undefined,
  after: PanelState,
): ReadonlyMap<string, string> {
  const old = values(before);
  const changed = [...values(after)].flatMap(([key, value]) => {
    const was = old.get(key);
    return was !== undefined && was !== value ? [[key, was] as const] : [];
  });
  return new Map(changed);
}
