/** How a JavaScript value is printed. */
import type { Runtime } from "node:inspector";

export interface Format {
  readonly hex?: boolean;
}

export function printed(value: Runtime.RemoteObject, format: Format = {}): string {
  if (value.type === "string") return JSON.stringify(value.value);
  if (value.type === "number" && format.hex === true) return hexadecimal(value);
  if (value.type === "function") return signature(value.description ?? "function");
  if (value.preview && value.subtype !== "error") return preview(value.preview);
  return (
    value.description ?? value.unserializableValue ?? String(value.value ?? value.subtype ?? "undefined")
  );
}

function hexadecimal({ value, description = "NaN" }: Runtime.RemoteObject): string {
  if (!Number.isInteger(value)) return description;
  const number = value as number;
  return number < 0 ? `-0x${(-number).toString(16)}` : `0x${number.toString(16)}`;
}

/** `ƒ probe(dev)` */
function signature(source: string): string {
  const [head = ""] = source.split(/\{|=>/, 1);
  const tidy = head
    .replace(/^(async )?function\b\*?/, "")
    .replace(/\s+/g, " ")
    .replace(/ (?=[,)])/g, "");
  return `ƒ ${tidy.trim()}`.trim();
}

function nested({ type, subtype, value = "" }: Runtime.PropertyPreview): string {
  if (type === "string") return JSON.stringify(value);
  if (type === "function") return "ƒ";
  return type === "object" && subtype === undefined ? "{…}" : value || type;
}

function preview({ properties, overflow, subtype, description, entries }: Runtime.ObjectPreview): string {
  if (entries) return description ?? "";
  const inside = properties.map((property) => {
    const { name } = property;
    const text = nested(property);
    return subtype === "array" ? text : `${name}: ${text}`;
  });
  if (overflow) inside.push("…");
  if (subtype === "array") return `[${inside.join(", ")}]`;
  const prefix = description === undefined || description === "Object" ? "" : `${description} `;
  return `${prefix}{${inside.join(", ")}}`;
}
