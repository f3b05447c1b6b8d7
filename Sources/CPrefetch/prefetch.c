// A target needs a source file; the function is in the header, to be inlined.
