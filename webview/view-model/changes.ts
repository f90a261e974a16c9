/** What differs between two states, so that the eye is led to it. */
import type { PanelState } from "../protocol";

const values = (state: PanelState | undefined): ReadonlyMap<string, string> =>
  new Map(
    (state?.devices ?? []).flatMap(({ registers }) =>
      registers.map(({ key, value }) => [key, value] as const),
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
