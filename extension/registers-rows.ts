/** The Registers view as rows: pinned ones, and those that changed last, as the Devices view shows them. */

import { t } from "./l10n";
import type { Row, Rows } from "./row";

export interface Wanted {
  /** Ids of rows of the Devices view. */
  readonly pinned: readonly string[];
  readonly recent: readonly string[];
}

type Group = keyof Wanted;

const headings: Readonly<Record<Group, { label: string; icon: string; doc: string }>> = {
  pinned: { label: t("Pinned"), icon: "pinned", doc: t("Registers that were pinned.") },
  recent: {
    label: t("Recently changed"),
    icon: "history",
    doc: t("The last registers whose value changed, newest first."),
  },
};

/** A row's id in the Devices view. */
export const plainId = (id: string): string => id.replace(/^(pinned|recent) /, "");

/** A register or a field under another parent; below a heading it says its whole name. */
function moved(group: Group, { row, parent }: { row: Row; parent: string }): Row {
  const top = parent === group;
  return {
    ...row,
    id: `${group} ${row.id}`,
    parent,
    label: top ? (row.register ?? row.label) : row.label,
    context: top ? `${row.context} ${group}` : row.context,
    children: row.children.map((id) => `${group} ${id}`),
    expanded: false,
  };
}

function below(group: Group, { ids, devices }: { ids: readonly string[]; devices: Rows }): readonly Row[] {
  return ids.flatMap((id) => {
    const row = devices.byId.get(id);
    if (!row) return [];
    const own = moved(group, { row, parent: group });
    const fields = row.children.flatMap((child) => devices.byId.get(child) ?? []);
    return [own, ...fields.map((field) => moved(group, { row: field, parent: own.id }))];
  });
}

function heading(group: Group, rows: readonly Row[]): Row {
  const { label, icon, doc } = headings[group];
  const children = rows.filter(({ parent }) => parent === group).map(({ id }) => id);
  return {
    id: group,
    label,
    description: `${children.length}`,
    tooltip: () => doc,
    icon,
    context: "heading",
    spoken: "",
    children,
    expanded: true,
  };
}

/** Headings without registers are left out; a pinned register that the machine has not is, too. */
export function registersRows(wanted: Wanted, devices: Rows): Rows {
  const all = (["pinned", "recent"] as const).flatMap((group) => {
    const rows = below(group, { ids: wanted[group], devices });
    return rows.length === 0 ? [] : [heading(group, rows), ...rows];
  });
  const roots = all.filter(({ parent }) => parent === undefined).map(({ id }) => id);
  return { roots, byId: new Map(all.map((row) => [row.id, row])) };
}
