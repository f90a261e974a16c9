import type { RegisterRow } from "../protocol";

/** A register that can only be written has no value to show: what a read gives has no meaning. */
export const unreadable = ({ access, fields }: RegisterRow): boolean =>
  access === "wo" && fields.every((field) => field.access === "wo");

/** The value, or why there is none. */
export const valueText = (register: RegisterRow): string =>
  unreadable(register) ? "write only" : register.value;
