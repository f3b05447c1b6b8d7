// The only file of this target with unsafe code. A load of several octets from a span has no safe spelling that
// compiles to one instruction, so the bounds check is written here, once, and everything above it is safe.
//
// The check has one shape, `0 <= offset && offset + count <= byteCount` with the second comparison unsigned. For a
// constant offset it is a comparison of `byteCount` with a constant, which the optimiser drops behind an earlier
// `byteCount >= N` guard: the accessors of a checked header are plain loads.

/// Whether `count` octets at `offset` lie inside a span of `byteCount` octets, for any three integers.
@inlinable
@inline(__always)
func octetsLieInside(_ byteCount: Int, at offset: Int, count: Int) -> Bool {
    // The sum of two non-negative integers does not wrap around as an unsigned one.
    offset >= 0 && count >= 0 && UInt(bitPattern: offset &+ count) <= UInt(bitPattern: byteCount)
}

// MARK: - Loads

extension RawSpan {
    /// Whether `count` octets at `offset` lie inside the span.
    @inlinable
    @inline(__always)
    public func holds(_ count: Int, at offset: Int) -> Bool {
        octetsLieInside(byteCount, at: offset, count: count)
    }

    /// The integer at `offset` in network byte order, 0 when it is not entirely inside the span.
    @inlinable
    @inline(__always)
    func networkOrder<Value: FixedWidthInteger & BitwiseCopyable>(_: Value.Type, at offset: Int) -> Value {
        guard holds(MemoryLayout<Value>.size, at: offset) else { return 0 }
        return unsafe Value(bigEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: Value.self))
    }

    /// The octet at `offset`, 0 outside the span.
    @inlinable
    @inline(__always)
    public func uint8(at offset: Int) -> UInt8 { networkOrder(UInt8.self, at: offset) }

    /// Two octets at `offset` in network byte order, 0 when not entirely inside the span.
    @inlinable
    @inline(__always)
    public func uint16(at offset: Int) -> UInt16 { networkOrder(UInt16.self, at: offset) }

    /// Four octets at `offset` in network byte order, 0 when not entirely inside the span.
    @inlinable
    @inline(__always)
    public func uint32(at offset: Int) -> UInt32 { networkOrder(UInt32.self, at: offset) }

    /// Eight octets at `offset` in network byte order, 0 when not entirely inside the span.
    @inlinable
    @inline(__always)
    public func uint64(at offset: Int) -> UInt64 { networkOrder(UInt64.self, at: offset) }

    /// The `count` octets from `offset`, an empty span when they are not entirely inside this one.
    @inlinable
    @inline(__always)
    @_lifetime(copy self)
    public func octets(from offset: Int, count: Int) -> RawSpan {
        let inside = holds(count, at: offset)
        let start = inside ? offset : 0
        return unsafe extracting(unchecked: Range(uncheckedBounds: (start, inside ? start &+ count : 0)))
    }

    /// The octets from `offset` to the end, an empty span when `offset` is outside.
    @inlinable
    @inline(__always)
    @_lifetime(copy self)
    public func octets(from offset: Int) -> RawSpan { octets(from: offset, count: byteCount &- offset) }
}

// MARK: - Stores

extension MutableRawSpan {
    /// Whether `count` octets at `offset` lie inside the span.
    @inlinable
    @inline(__always)
    public func holds(_ count: Int, at offset: Int) -> Bool {
        octetsLieInside(byteCount, at: offset, count: count)
    }

    /// Stores `value` at `offset` in network byte order; nothing when it would not lie entirely inside the span.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func storeNetworkOrder<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value, at offset: Int) {
        guard holds(MemoryLayout<Value>.size, at: offset) else { return }
        unsafe storeBytes(of: value.bigEndian, toUncheckedByteOffset: offset, as: Value.self)
    }

    /// Stores an octet at `offset`, ignored outside the span.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func store(_ value: UInt8, at offset: Int) { storeNetworkOrder(value, at: offset) }

    /// Stores two octets at `offset` in network byte order, ignored when not entirely inside the span.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func store(_ value: UInt16, at offset: Int) { storeNetworkOrder(value, at: offset) }

    /// Stores four octets at `offset` in network byte order, ignored when not entirely inside the span.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func store(_ value: UInt32, at offset: Int) { storeNetworkOrder(value, at: offset) }

    /// Stores eight octets at `offset` in network byte order, ignored when not entirely inside the span.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func store(_ value: UInt64, at offset: Int) { storeNetworkOrder(value, at: offset) }

    /// Copies all of `octets` to `offset`, ignored when they would not lie entirely inside the span.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func store(octets: RawSpan, at offset: Int) {
        guard holds(octets.byteCount, at: offset) else { return }
        unsafe withUnsafeMutableBytes { target in
            unsafe octets.withUnsafeBytes { source in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                unsafe (to + offset).copyMemory(from: from, byteCount: source.count)
            }
        }
    }

    /// Moves `count` octets inside the span, which may overlap; ignored when either range is not inside.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func move(from source: Int, to target: Int, count: Int) {
        guard holds(count, at: source), holds(count, at: target) else { return }
        unsafe withUnsafeMutableBytes { octets in
            guard let start = octets.baseAddress else { return }
            unsafe (start + target).copyMemory(from: start + source, byteCount: count)
        }
    }

    /// Sets `count` octets from `offset` to `value`, ignored when they are not entirely inside the span.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func fill(_ value: UInt8, from offset: Int, count: Int) {
        guard holds(count, at: offset) else { return }
        unsafe withUnsafeMutableBytes { octets in
            guard let start = octets.baseAddress else { return }
            _ = unsafe (start + offset).initializeMemory(as: UInt8.self, repeating: value, count: count)
        }
    }
}
