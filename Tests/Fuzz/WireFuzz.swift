import WeirWire

/// Any octets through every accessor of every view of WeirWire: none may trap.
func fuzzWire(_ octets: [UInt8]) {
    var accessor = EveryAccessor()
    accessor.everything(octets.span.bytes)
    sink = accessor.sum
}

/// Where results go, so that they are not optimised away.
nonisolated(unsafe) private var sink = 0 {
    didSet {}
}
