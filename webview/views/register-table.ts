import { h, icon } from "../dom";
import type { RegisterRow } from "../protocol";
import { valueText } from "../view-model/readable";
import { bitRuler } from "./bit-ruler";

/** How one register is drawn at the moment. */
export interface RegisterFace {
  readonly register: RegisterRow;
  readonly open: boolean;
  readonly selected: boolean;
  /** The value it had, when it has just changed. */
  readonly was: string | undefined;
  /** The one row of the table that Tab reaches. */
  readonly reachable: boolean;
}

export const accessWords: Readonly<Record<string, string>> = {
  ro: "read only",
  rw: "read and write",
  wo: "write only",
  rc: "cleared by reading",
  w1c: "cleared by writing 1",
  w1s: "set by writing 1",
};

/** What VS Code's own context menu is told. */
export const registerContext = ({ key, id }: RegisterRow): string =>
  JSON.stringify({ webviewSection: "register", id: key, register: id, preventDefaultContextMenuItems: true });

function watchButton({ id, watched }: RegisterRow): HTMLElement {
  const title = watched ? `Remove the watchpoint on ${id}` : `Break on access of ${id}…`;
  return h(
    "button",
    {
      class: "watch",
      type: "button",
      tabindex: -1,
      "data-action": "watch",
      "data-register": id,
      "aria-pressed": String(watched),
      "aria-label": title,
      title,
    },
    icon(watched ? "debug-breakpoint-data" : "debug-breakpoint-data-unverified"),
  );
}

function nameCell({ register, open }: RegisterFace): HTMLElement {
  return h(
    "div",
    { class: "name", role: "gridcell" },
    icon(open ? "chevron-down" : "chevron-right"),
    h("span", {}, register.name),
    register.readSideEffect &&
      h(
        "span",
        { class: "side-effect", title: "Reading it on the bus changes the device; looking here does not." },
        icon("warning"),
      ),
  );
}

function row(face: RegisterFace): HTMLElement {
  const { register, open, selected, was, reachable } = face;
  return h(
    "div",
    {
      class: `register${was === undefined ? "" : " changed"}${register.watched ? " watched" : ""}${selected ? " selected" : ""}`,
      role: "row",
      tabindex: reachable ? 0 : -1,
      "aria-expanded": String(open),
      "aria-selected": String(selected),
      "data-action": "register",
      "data-key": register.key,
      "data-register": register.id,
      "data-vscode-context": registerContext(register),
    },
    h("div", { role: "gridcell" }, watchButton(register)),
    nameCell(face),
    h(
      "div",
      { class: "value mono", role: "gridcell", title: was === undefined ? undefined : `was ${was}` },
      valueText(register),
    ),
    h(
      "div",
      { class: "access", role: "gridcell", title: accessWords[register.access] ?? register.access },
      register.access,
    ),
    h("div", { class: "offset mono", role: "gridcell" }, `+${register.offset}`),
    h("div", { class: "meaning", role: "gridcell" }, register.meaning || register.doc),
  );
}

/** The registers of one BAR, or of configuration space. */
export function registerTable(space: string, faces: readonly RegisterFace[]): HTMLElement {
  const lines = faces.flatMap((face) => (face.open ? [row(face), bitRuler(face.register)] : [row(face)]));
  return h("div", { class: "registers", role: "treegrid", "aria-label": `Registers in ${space}` }, ...lines);
}
