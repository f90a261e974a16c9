import { h, icon, morph } from "../dom";
import type { BarRow, DeviceRow, PanelState } from "../protocol";
import { chosenDevice, moved } from "../view-model/topology";
import { drawnRows, plainLimit } from "../view-model/window";
import { type RegisterFace, registerTable } from "./register-table";
import { nodeHeight, topology } from "./topology";

export interface DevicesMemory {
  /** A device's BDF or a register's key. */
  readonly selected?: string;
  /** Keys of the registers whose bits are shown. */
  readonly open: readonly string[];
}

type Changed = ReadonlyMap<string, string>;

interface Outside {
  watch(register: string): void;
  select(id: string): void;
  open(keys: readonly string[]): void;
}

function barChip(bar: BarRow): HTMLElement {
  const where = bar.physical || "no address";
  return h(
    "span",
    { class: `chip${bar.decoding ? "" : " dead"}`, title: bar.why || bar.kind },
    h("b", {}, bar.bar),
    h("span", { class: "mono" }, where),
    bar.size,
    !bar.decoding && icon(bar.physical === "" ? "warning" : "circle-slash"),
  );
}

function heading(device: DeviceRow, bars: readonly BarRow[]): HTMLElement {
  return h(
    "header",
    { class: "device-head" },
    h(
      "h2",
      {},
      device.name,
      device.driver !== undefined && h("span", { class: "driver" }, `driver ${device.driver}`),
    ),
    h("p", {}, device.title),
    h(
      "p",
      { class: "chips" },
      h("span", { class: "chip mono" }, device.bdf),
      h("span", { class: "chip mono" }, device.ids),
      ...bars.map(barChip),
    ),
  );
}

/** The Devices tab: the topology, and the registers of the device chosen in it. */
export class DevicesView {
  readonly element = h("div", { class: "view devices" });
  readonly #outside: Outside;
  #devices: readonly DeviceRow[] = [];
  #chosen: DeviceRow | undefined;
  #memory: DevicesMemory = { open: [] };
  #changed: Changed = new Map();

  constructor(outside: Outside) {
    this.#outside = outside;
    this.element.addEventListener("click", (event) => this.#click(event));
    this.element.addEventListener("keydown", (event) => this.#key(event));
    // A scroll does not bubble.
    this.element.addEventListener("scroll", () => this.#scrolled(), { capture: true });
  }

  draw(state: PanelState, { memory, changed }: { memory: DevicesMemory; changed: Changed }): void {
    this.#memory = memory;
    this.#changed = changed;
    this.#devices = state.devices;
    const device = chosenDevice(state.devices, memory.selected);
    this.#chosen = device;
    morph(
      this.element,
      h(
        "div",
        { class: "view devices" },
        this.#list(),
        h("div", { class: "detail", "data-key": device?.bdf }, ...this.#detail(state, device)),
      ),
    );
  }

  /** The rows of the list that can be seen, and some around them. */
  #list(): HTMLElement {
    const list = this.element.querySelector(".topology");
    const { scrollTop, clientHeight: height } = list ?? { scrollTop: 0, clientHeight: 0 };
    const seen = drawnRows({ count: this.#devices.length, rowHeight: nodeHeight, scrollTop, height });
    return topology(this.#devices, { chosen: this.#chosen, ...seen });
  }

  #detail({ bars }: PanelState, device: DeviceRow | undefined): readonly HTMLElement[] {
    if (!device) return [];
    const spaces = [...new Set(device.registers.map(({ space }) => space))];
    const tables = spaces.flatMap((space) => [
      h("h3", {}, space),
      registerTable(space, this.#faces(device, space)),
    ]);
    return [
      heading(
        device,
        bars.filter(({ bdf }) => bdf === device.bdf),
      ),
      ...tables,
    ];
  }

  #faces(device: DeviceRow, space: string): readonly RegisterFace[] {
    return device.registers
      .filter((register) => register.space === space)
      .map((register, index) => {
        const { key } = register;
        const open = this.#memory.open.includes(key);
        const selected = key === this.#memory.selected;
        return { register, open, selected, was: this.#changed.get(key), reachable: index === 0 };
      });
  }

  #toggle(key: string): void {
    const { open } = this.#memory;
    this.#outside.open(open.includes(key) ? open.filter((one) => one !== key) : [...open, key]);
    this.#outside.select(key);
  }

  #scrolled(): void {
    const list = this.element.querySelector(".topology");
    if (list && this.#devices.length > plainLimit) morph(list, this.#list());
  }

  #click(event: Event): void {
    const target = (event.target as Element).closest<HTMLElement>("[data-action]");
    if (!target) return;
    const { action, key = "", register = "" } = target.dataset;
    if (action === "watch") this.#outside.watch(register);
    else if (action === "device") this.#outside.select(key);
    else if (action === "register") this.#toggle(key);
  }

  #key(event: KeyboardEvent): void {
    const row = (event.target as Element).closest<HTMLElement>(
      "[data-action=device], [data-action=register]",
    );
    if (!row || event.target !== row) return;
    if (this.#act(row, event.key) || this.#move(row, event.key)) event.preventDefault();
  }

  #act(row: HTMLElement, key: string): boolean {
    const { action, key: id = "", register = "" } = row.dataset;
    if (action !== "register") return false;
    const open = row.getAttribute("aria-expanded") === "true";
    if (key === "w") this.#outside.watch(register);
    else if (
      key === "Enter" ||
      key === " " ||
      (key === "ArrowRight" && !open) ||
      (key === "ArrowLeft" && open)
    )
      this.#toggle(id);
    else return false;
    return true;
  }

  /** Focus roves among the rows of one kind; choosing a device follows it. */
  #move(row: HTMLElement, key: string): boolean {
    const rows = [...this.element.querySelectorAll<HTMLElement>(`[data-action=${row.dataset["action"]}]`)];
    const index = moved(rows.indexOf(row), { key, count: rows.length });
    const next = index === undefined ? undefined : rows[index];
    if (!next) return false;
    this.#outside.select(next.dataset["key"] ?? "");
    next.focus();
    return true;
  }
}
