/** Copies between the kernel and a program (include/linux/uaccess.h). They may sleep. */
import type { UserMem } from "linux/fs";
import type { KernelMem, u32 } from "linux/types";

/** Bytes that were not copied: 0 if all were. A driver returns -EFAULT otherwise. */
export function copy_to_user(to: UserMem | number, from: KernelMem, n: number): number;
export function copy_from_user(to: KernelMem, from: UserMem | number, n: number): number;
/** 32 bits: 0, or -EFAULT. */
export function put_user(value: u32, to: UserMem | number): number;
/** 32 bits. (C stores them through a pointer.) */
export function get_user(from: UserMem | number): { readonly err: number; readonly val: u32 };
/** The program's buffer has so many bytes. */
export function access_ok(mem: UserMem | number, n: number): boolean;
