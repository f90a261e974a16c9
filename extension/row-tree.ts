import * as vscode from "vscode";
import type { Expansion } from "./expansion";
import { noRows, type Row, type Rows, redrawn } from "./row";

const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
const { Checked, Unchecked } = vscode.TreeItemCheckboxState;

const collapsible = ({ children, expanded }: Row, open = expanded) =>
  children.length === 0 ? None : open ? Expanded : Collapsed;

function markdown(text: string): vscode.MarkdownString {
  return new vscode.MarkdownString(text, true);
}

function itemOf(row: Row, open: boolean | undefined): vscode.TreeItem {
  const item = new vscode.TreeItem(row.label, collapsible(row, open));
  item.id = row.id;
  item.description = row.description;
  item.contextValue = row.context;
  item.iconPath = new vscode.ThemeIcon(
    row.icon,
    row.color === undefined ? undefined : new vscode.ThemeColor(row.color),
  );
  if (row.checked !== undefined) item.checkboxState = row.checked ? Checked : Unchecked;
  const seen = `${row.label} ${row.description}`;
  item.accessibilityInformation = { label: row.spoken === "" ? seen : `${seen}, ${row.spoken}` };
  return item;
}

/** Rows in a tree view. Elements are row ids, so a refresh keeps expansion and selection and redraws only what differs. */
export class RowTree implements vscode.TreeDataProvider<string> {
  readonly #changed = new vscode.EventEmitter<string[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #expansion: Expansion | undefined;
  #rows: Rows = noRows;

  constructor(expansion?: Expansion) {
    this.#expansion = expansion;
  }

  get rows(): Rows {
    return this.#rows;
  }

  show(rows: Rows): void {
    const different = redrawn(this.#rows, rows);
    this.#rows = rows;
    if (different === "all") this.#changed.fire(undefined);
    else if (different.length > 0) this.#changed.fire([...different]);
  }

  getTreeItem(id: string): vscode.TreeItem {
    const row = this.#rows.byId.get(id);
    return row ? itemOf(row, this.#expansion?.isOpen(id)) : new vscode.TreeItem("");
  }

  getChildren(id?: string): string[] {
    return [...(id === undefined ? this.#rows.roots : (this.#rows.byId.get(id)?.children ?? []))];
  }

  getParent(id: string): string | undefined {
    return this.#rows.byId.get(id)?.parent;
  }

  resolveTreeItem(item: vscode.TreeItem, id: string): vscode.TreeItem {
    const text = this.#rows.byId.get(id)?.tooltip();
    if (text !== undefined) item.tooltip = markdown(text);
    return item;
  }
}
