// Swift has no way to say that memory will be needed soon.

#ifndef WEIR_PREFETCH_H
#define WEIR_PREFETCH_H

/// Begins to fetch the cache line of `address`, which is not read: any value is allowed.
static inline __attribute__((always_inline)) void weir_prefetch(const void *address) { __builtin_prefetch(address); }

#endif
