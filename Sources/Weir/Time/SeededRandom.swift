/// A small generator with a seed (xoshiro256**, Blackman and Vigna), one for each stage: the same seed gives the same
/// delays on every run and machine. Not for keys or anything that an adversary must not guess.
public struct SeededRandom: RandomNumberGenerator {
    @usableFromInline var state: (UInt64, UInt64, UInt64, UInt64)

    public init(seed: UInt64) {
        var mixer = seed
        func next() -> UInt64 {
            // SplitMix64, which the authors of xoshiro recommend to spread a seed over the state.
            mixer &+= 0x9e37_79b9_7f4a_7c15
            var word = mixer
            word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
            word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
            return word ^ word >> 31
        }
        state = (next(), next(), next(), next())
    }

    /// The generator of the stage called `name` in a pipeline with `seed`: FNV-1a ties the two together.
    public init(seed: UInt64, name: String) {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for octet in name.utf8 { hash = (hash ^ UInt64(octet)) &* 0x100_0000_01b3 }
        self.init(seed: seed ^ hash)
    }

    @inlinable
    public mutating func next() -> UInt64 {
        let scaled = state.1 &* 5
        let result = (scaled << 7 | scaled >> 57) &* 9
        let carried = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= carried
        state.3 = state.3 << 45 | state.3 >> 19
        return result
    }

    /// A delay uniform over (0, `longest`], at least one nanosecond.
    public mutating func delay(upTo longest: Duration) -> Duration {
        .nanoseconds(Int64(clamping: delay(upToNanoseconds: longest.wholeNanoseconds)))
    }

    /// A delay in nanoseconds, uniform over 1 to `longest`, at least 1: integers, for where durations cost too much.
    @inlinable
    public mutating func delay(upToNanoseconds longest: UInt64) -> UInt64 {
        UInt64.random(in: 1...max(longest, 1), using: &self)
    }
}
