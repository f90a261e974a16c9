/** Errors in the place of pointers (include/linux/err.h). */
export interface ErrPtr {
  readonly __error: number;
}

/** A negative errno as what a function returns instead of a pointer. */
export function ERR_PTR(error: number): ErrPtr;
export function IS_ERR(ptr: unknown): ptr is ErrPtr;
export function IS_ERR_OR_NULL(ptr: unknown): ptr is ErrPtr | null;
/** The errno inside. */
export function PTR_ERR(ptr: ErrPtr): number;
export function PTR_ERR_OR_ZERO(ptr: unknown): number;
