import Testing
import WeirWire

@Suite struct MLDFloatCodeTests {
    @Test(
        arguments: [
            (0x0000, 0), (0x2710, 10_000), (0x7fff, 32_767), (0x8000, 32_768), (0x8001, 32_776), (0x8fff, 65_528),
            (0x9000, 65_536), (0xf000, 4_194_304), (0xffff, 8_387_584),
        ] as [(UInt16, Int)])
    func theTable(code: UInt16, value: Int) {
        #expect(MLDFloatCode.decode(code) == value)
    }

    @Test func everyCodeThereAndBack() {
        // One expectation for all: 65,536 would take a second each.
        let wrong = (UInt16.min ... .max).filter { code in
            let value = MLDFloatCode.decode(code)
            // What lies below the next code has this one.
            let last = code < .max ? MLDFloatCode.decode(code + 1) - 1 : Int.max
            return MLDFloatCode.encode(value) != code || MLDFloatCode.encode(last) != code || last < value
        }
        #expect(wrong == [])
        #expect(MLDFloatCode.encode(.min) == 0 && MLDFloatCode.encode(-1) == 0)
        #expect(MLDFloatCode.decode(.max) == MLDFloatCode.maximum)
    }
}
