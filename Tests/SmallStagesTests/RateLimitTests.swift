import RateLimit
import Testing
import Weir
import WeirTesting

@Suite struct RateLimitTests {
    private func limit(_ frames: [TestFrame], _ rate: Rate, burst: Int) throws -> CollectedFrames {
        var bench = Bench(frames)
        let stage = try bench.add(StageDescriptor(RateLimit.self), RateLimit.Configuration()) {
            $0.rate = rate
            $0.burst = burst
        }
        let kept = bench.keep(behind: stage)
        let dropped = bench.run().stage("rate-limit")?.dropped(as: "over-rate")
        #expect(dropped == UInt64(frames.count - kept.frames.count))
        return kept
    }

    /// Frames come at 1000 packets a second.
    @Test func aBurstPassesAndThenTheRate() throws {
        let kept = try limit(numbered(41), .packets(100), burst: 3)
        // Tokens gained since the start are whole again after 10, 20, 30 and 40 ms.
        #expect(numbers(kept) == [0, 1, 2, 10, 20, 30, 40])
    }

    @Test func aRateAboveTheTrafficDropsNothing() throws {
        #expect(try limit(numbered(1000), .packets(1000), burst: 1).frames.count == 1000)
    }

    @Test func bitsAreThoseOnTheWire() throws {
        // A bucket of one frame of 1514 octets, which 8 Mbit/s fill at 1000 octets a millisecond.
        let frames = (0..<5).map { TestFrame(at: .milliseconds($0), [1], wireLength: 1514) }
        let kept = try limit(frames, .bits(8_000_000), burst: 1)
        #expect(kept.frames.map(\.time) == [.zero, .milliseconds(2), .milliseconds(4)])
    }

    @Test func timesAtTheEndsOfTheClockAndTimesThatGoBack() throws {
        let times: [UInt64] = [0, .max - 1, 5, .max - 1]
        let frames = times.map { TestFrame(at: Instant(nanoseconds: $0) - Instant(nanoseconds: 0), [1]) }
        #expect(try limit(frames, .packets(.max), burst: 1).frames.map(\.time.wholeNanoseconds) == [0, .max - 1])
        #expect(try limit(frames, .packets(1), burst: 700_000).frames.count == 4)
        #expect(try limit(frames, .bits(.max), burst: 700_000).frames.count == 4)
    }

    @Test func aRateOfNothingIsAnError() {
        var configuration = RateLimit.Configuration()
        configuration.rate = .packets(0)
        let error = #expect(throws: ConfigurationError.self) { try RateLimit(configuration) }
        #expect(error?.parameter == "rate")
    }
}
