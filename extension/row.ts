/** A row of a tree as plain data: what it says, apart from the widget that draws it. */
export interface Row {
  /** Stable over refreshes: expansion and selection hang on it. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** Markdown. */
  readonly tooltip: () => string;
  /** The name of a codicon. */
  readonly icon: string;
  /** A theme colour's id. */
  readonly color?: string;
  /** Words that menus match. */
  readonly context: string;
  /** What a screen reader says behind what is seen. */
  readonly spoken: string;
  readonly parent?: string;
  readonly children: readonly string[];
  readonly expanded: boolean;
  /** `edu.FACTORIAL`: commands on the row act on this. */
  readonly register?: string;
  /** A CPU physical address, in text. */
  readonly address?: string;
  readonly value?: string;
  /** Where a write goes: `edu.STATUS`, `edu.STATUS.IRQFACT`. */
  readonly writes?: string;
  /** Its checkbox; a row without one has none. */
  readonly checked?: boolean;
  /** What a watchpoint on the first touch of all of it is on: `edu`, `edu.BAR0`. */
  readonly touch?: string;
}

export interface Rows {
  readonly roots: readonly string[];
  readonly byId: ReadonlyMap<string, Row>;
}

export const noRows: Rows = { roots: [], byId: new Map() };

/** The words a row shows: two rows with the same words look the same. */
const face = (row: Row): string =>
  [row.label, row.description, row.icon, row.color, row.context, row.checked, row.children.join()].join("\n");

/** The rows to redraw, or `all` when the roots are others. */
export function redrawn(before: Rows, after: Rows): readonly string[] | "all" {
  if (before.roots.join() !== after.roots.join()) return "all";
  return [...after.byId.values()].flatMap((row) => {
    const old = before.byId.get(row.id);
    return old !== undefined && face(old) !== face(row) ? [row.id] : [];
  });
}

/** The registers whose value differs, by row, with the value they had. */
export function changedValues(before: Rows, after: Rows): ReadonlyMap<string, string> {
  const changed = new Map<string, string>();
  for (const { id, value } of after.byId.values()) {
    const old = before.byId.get(id)?.value;
    if (old !== undefined && old !== value) changed.set(id, old);
  }
  return changed;
}
