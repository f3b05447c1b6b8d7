// One of the files with unsafe code: memory of its own, which the system fills with zeros when it is first touched.

public import CPrefetch
import Glibc

/// A large table of 64-bit words that are 0 at first and take up no memory until they are written to.
///
/// An index beyond the end wraps around, so that none is outside. Copies of the value share the words.
@safe
public struct ZeroedWords {
    @safe
    private final class Owner {
        let start: UnsafeMutableRawPointer
        init(_ start: UnsafeMutableRawPointer) { unsafe self.start = start }
        deinit { unsafe free(start) }
    }

    private let owner: Owner
    @usableFromInline let words: UnsafeMutablePointer<UInt64>
    @usableFromInline let mask: Int

    /// How many words there are: a power of two.
    @inlinable public var count: Int { mask &+ 1 }

    /// At least `count` words, rounded up to a power of two. Ends the program when there is no address space for them.
    public init(count: Int) {
        var rounded = 1
        while rounded < count { rounded *= 2 }
        guard let start = unsafe calloc(rounded, MemoryLayout<UInt64>.stride) else {
            preconditionFailure("there is no memory for a table of \(rounded) words")
        }
        unsafe owner = Owner(start)
        unsafe words = start.bindMemory(to: UInt64.self, capacity: rounded)
        mask = rounded - 1
    }

    @inlinable
    public subscript(index: Int) -> UInt64 {
        @inline(__always)
        get { unsafe words[index & mask] }
        @inline(__always)
        nonmutating set { unsafe words[index & mask] = newValue }
    }

    /// Begins to fetch a word into the cache, so that it is there when it is needed a hundred instructions or more later.
    @inlinable
    @inline(__always)
    public func prefetch(_ index: Int) { unsafe weir_prefetch(words + (index & mask)) }
}
