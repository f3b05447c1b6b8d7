import IGMPResponder
import Testing
import Weir
import WeirMembership
import WeirTesting
import WeirWire

/// RFC 1112 App. I, RFC 2236 §2.2 and §4, RFC 3376 §4.1.1: the code of one octet means what its version says.
@Suite struct ResponseTimeTests {
    @Test(arguments: [
        ([0x11, 0, 0, 0, 0, 0, 0, 0] as [UInt8], 10.0),
        ([0x11, 1, 0, 0, 0, 0, 0, 0], 0.1),
        ([0x11, 10, 0, 0, 0, 0, 0, 0], 1.0),
        ([0x11, 100, 0, 0, 0, 0, 0, 0], 10.0),
        ([0x11, 0xc8, 0, 0, 0, 0, 0, 0], 20.0),
        ([0x11, 0xff, 0, 0, 0, 0, 0, 0], 25.5),
        ([0x11, 0, 0, 0, 0, 0, 0, 0, 2, 125, 0, 0], 0.001),
        ([0x11, 1, 0, 0, 0, 0, 0, 0, 2, 125, 0, 0], 0.1),
        ([0x11, 0x7f, 0, 0, 0, 0, 0, 0, 2, 125, 0, 0], 12.7),
        ([0x11, 0x80, 0, 0, 0, 0, 0, 0, 2, 125, 0, 0], 12.8),
        ([0x11, 0x8f, 0, 0, 0, 0, 0, 0, 2, 125, 0, 0], 24.8),
        ([0x11, 0xc8, 0, 0, 0, 0, 0, 0, 2, 125, 0, 0], 307.2),
        ([0x11, 0xff, 0, 0, 0, 0, 0, 0, 2, 125, 0, 0], 3174.4),
    ]) func everyAnswerLiesInTheTimeLessTheMargin(_ message: [UInt8], seconds: Double) throws {
        let times = (1...100).map { Duration.seconds(4000 * $0) }
        let found = try HostRun(times.map { igmpFrame(at: $0, message) }).answers
        try #require(found.count == 100)
        let delays = zip(found, times).map { ($0.time - $1).inSeconds }
        let longest = seconds == 0.001 ? seconds : seconds - min(seconds / 4, 0.2)
        #expect(delays.allSatisfy { $0 > 0 && $0 <= longest + 1e-9 })
        // All 100 are shorter less than once in ten million times, unless the code was read as less.
        #expect(delays.contains { $0 > longest * 0.85 })
    }

    /// A specific query of version 2 is decoded as such by a host that goes on to speak version 3.
    @Test func theCodeOfASpecificVersion2QueryIsLinearInVersion3() throws {
        let message: [UInt8] = [0x11, 0xc8, 0, 0, 239, 255, 0, 100]
        for time in (1...20).map({ Duration.seconds(1000 * $0) }) {
            let found = try HostRun([igmpFrame(at: time, message, to: HostRun.group)]).sent(after: time)
            #expect(found.count == 1)
            #expect(found.allSatisfy { $0.time <= time + .milliseconds(19_800) && $0.records.count == 1 })
        }
    }
}
