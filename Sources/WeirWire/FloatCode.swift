// The codes of times in IGMP version 3 and MLD version 2: numbers below a power of two as such, larger ones as a
// floating-point number of 3 bits exponent and as many bits mantissa as there is room for.
//
//     0 1 2 3 4 5 6 7            0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
//    +-+-+-+-+-+-+-+-+          +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//    |1| exp | mant  |          |1| exp |         mant          |
//    +-+-+-+-+-+-+-+-+          +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//
//    value = (mant | 0x10) << (exp + 3)     value = (mant | 0x1000) << (exp + 3)

/// The code of Max Resp Code and QQIC in IGMP version 3, and of QQIC in MLD version 2: numbers from 128 have 4 bits
/// mantissa (RFC 3376 §4.1.1, §4.1.7; RFC 3810 §5.1.9).
public enum IGMPFloatCode {
    /// The largest number that has a code: 31744.
    @inlinable public static var maximum: Int { 31744 }

    /// The number that `code` stands for.
    @inlinable
    public static func decode(_ code: UInt8) -> Int { decodeFloat(Int(code), mantissaBits: 4) }

    /// The code of `value`, or of the next lower number that has one; 0 for negative numbers.
    @inlinable
    public static func encode(_ value: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: encodeFloat(min(max(value, 0), maximum), mantissaBits: 4))
    }
}

/// The code of Maximum Response Code in MLD version 2, of milliseconds: numbers from 32768 have 12 bits mantissa
/// (RFC 3810 §5.1.3).
public enum MLDFloatCode {
    /// The largest number that has a code: 8387584, almost two hours and twenty minutes.
    @inlinable public static var maximum: Int { 8_387_584 }

    /// The number that `code` stands for.
    @inlinable
    public static func decode(_ code: UInt16) -> Int { decodeFloat(Int(code), mantissaBits: 12) }

    /// The code of `value`, or of the next lower number that has one; 0 for negative numbers.
    @inlinable
    public static func encode(_ value: Int) -> UInt16 {
        UInt16(truncatingIfNeeded: encodeFloat(min(max(value, 0), maximum), mantissaBits: 12))
    }
}

/// The number that a code with `mantissaBits` stands for.
@inlinable
func decodeFloat(_ code: Int, mantissaBits: Int) -> Int {
    let one = 1 << mantissaBits
    return code < one << 3 ? code : (code & (one - 1) | one) << (code >> mantissaBits & 7 + 3)
}

/// The code with `mantissaBits` of a number that is neither negative nor above the largest that has one.
@inlinable
func encodeFloat(_ value: Int, mantissaBits: Int) -> Int {
    let one = 1 << mantissaBits
    if value < one << 3 { return value }
    let exponent = Int.bitWidth - 1 - value.leadingZeroBitCount - mantissaBits - 3
    return one << 3 | exponent << mantissaBits | value >> (exponent + 3) & (one - 1)
}
