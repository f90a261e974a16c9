/** Claims on address ranges (include/linux/ioport.h). A claim names the owner; it does not guard. */
import type { Resource, resource_size_t } from "linux/types";

export type { Resource } from "linux/types";

export const IORESOURCE_IO: 0x100;
export const IORESOURCE_MEM: 0x200;
export const IORESOURCE_PREFETCH: 0x2000;
export const IORESOURCE_MEM_64: 0x100000;
export const IORESOURCE_BUSY: 0x80000000;

/** Claims device memory; null if somebody else has it. Shows in /proc/iomem. */
export function request_mem_region(start: resource_size_t, n: number, name: string): Resource | null;
/** Gives a claim back; start and size must be those of the claim. */
export function release_mem_region(start: resource_size_t, n: number): void;
/** Claims I/O ports; null if somebody else has them. */
export function request_region(start: resource_size_t, n: number, name: string): Resource | null;
/** Gives a claim of ports back. */
export function release_region(start: resource_size_t, n: number): void;
