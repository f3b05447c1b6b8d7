/* The entry of libFuzzer for programs with a main function of their own
 * (https://llvm.org/docs/LibFuzzer.html, "Using libFuzzer as a library"). */
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*body)(const uint8_t *octets, size_t count));
