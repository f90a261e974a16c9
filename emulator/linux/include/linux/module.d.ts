/** Modules (include/linux/module.h). */

/** `init` runs when the module is loaded: 0, or a negative errno. */
export function module_init(init: () => number): void;
/** `exit` runs when it is removed. */
export function module_exit(exit: () => void): void;
export function MODULE_LICENSE(license: string): void;
export function MODULE_AUTHOR(author: string): void;
export function MODULE_DESCRIPTION(description: string): void;
