import WeirWire

/// Any octets through every accessor of every view of WeirWire: none may trap.
func fuzzWire(_ octets: [UInt8]) {
    var accessor = EveryAccessor()
    unsafe accessor.everything(octets.span.bytes)
    // Something has to depend on what was read, or nothing is.
    if accessor.sum == 1 { print(accessor.sum) }
}
