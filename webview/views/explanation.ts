import { h, icon } from "../dom";
import type { Decider, Explanation, Mend } from "../protocol-explain";
import { verdict, wayOf } from "./journey";
import { toRead, toRegister } from "./reads";

type Part = HTMLElement | false;

const section = (title: string, ...content: readonly Part[]): HTMLElement =>
  h("section", { class: "explained" }, h("h3", {}, title), ...content);

/** `MEMORY [1]` is 0 and would have to be 1. */
function decider({ register, at, value, field, bits: [msb, lsb], is, wants }: Decider): HTMLElement {
  const place = msb === lsb ? `[${msb}]` : `[${msb}:${lsb}]`;
  return section(
    "The bit that decides",
    h(
      "p",
      { class: "decider" },
      toRead({ what: register, at }),
      h("code", {}, value),
      h("b", {}, `${field} ${place}`),
      h("span", { class: "is" }, is),
      icon("arrow-right"),
      h("span", { class: "wants" }, wants),
    ),
  );
}

const copy = (text: string): HTMLElement =>
  h(
    "button",
    {
      class: "icon-button",
      type: "button",
      "data-action": "copy",
      "data-key": text,
      title: `Copy ${text}`,
      "aria-label": `Copy ${text}`,
    },
    icon("copy"),
  );

/** Only what writes one register is done here; the rest is for the Debug Console. */
const isWrite = (command: string): boolean => /^wr \S+ \S+$/.test(command);

function mend({ sentence, command, shell, edit }: Mend): HTMLElement {
  const code = (text: string): HTMLElement => h("p", { class: "mend-code" }, h("code", {}, text), copy(text));
  return h(
    "li",
    {},
    h("p", {}, sentence),
    command !== undefined &&
      isWrite(command) &&
      h(
        "button",
        { class: "chip", type: "button", "data-action": "mend", "data-key": command },
        icon("tools"),
        "Do It: ",
        h("code", {}, command),
      ),
    command !== undefined && !isWrite(command) && code(command),
    shell !== undefined && code(shell),
    edit && h("p", { class: "quiet" }, edit.where),
    edit && code(edit.line),
  );
}

const list = (kind: string, items: readonly HTMLElement[]): HTMLElement => h("ul", { class: kind }, ...items);

/** Why an access ends as it ends: the bit, what is seen, what is logged, what mends it; then the way it went. */
export function explained(one: Explanation): readonly Part[] {
  const { sentence, answered, decides, sees, mends, status, log, notes, hops, initiator } = one;
  const set = status.map(({ id, doc }) =>
    h("li", {}, toRegister(id.split(".").slice(0, -1).join(".")), h("b", {}, id.split(".").at(-1)), doc),
  );
  const who = initiator === "cpu" ? "The CPU gets" : `${initiator} gets`;
  return [
    verdict(sentence, !answered),
    h(
      "div",
      { class: "explained-all" },
      decides && decider(decides),
      sees !== "" && section(who, h("p", { class: "mono" }, sees)),
      mends.length > 0 && section("What mends it", list("mends", mends.map(mend))),
      set.length > 0 && section("Status bits that are set", list("status-bits", set)),
      log.length > 0 &&
        section("Linux logs", h("pre", { class: "kernel-lines", tabindex: 0 }, log.join("\n"))),
      notes.length > 0 &&
        section(
          "Besides",
          list(
            "notes",
            notes.map((note) => h("li", {}, note)),
          ),
        ),
    ),
    ...wayOf(hops),
  ];
}
