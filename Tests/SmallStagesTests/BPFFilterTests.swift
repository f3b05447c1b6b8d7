import BPF
import Testing
import Weir
import WeirTesting

@Suite struct BPFFilterTests {
    private static let igmp: [UInt8] =
        [1, 0, 0x5e, 0, 0, 1, 2, 0, 0, 0, 0, 1, 8, 0]
        + [0x46, 0, 0, 32, 0, 0, 0, 0, 1, 2, 0, 0, 10, 0, 0, 1, 224, 0, 0, 1, 0x94, 4, 0, 0]
        + [0x11, 100, 0, 0, 0, 0, 0, 0]
    private static let tagged = Array(igmp[..<12]) + [0x81, 0, 0, 10] + Array(igmp[12...])

    private func passes(_ octets: [UInt8], _ filter: String, wireLength: Int = 0) throws -> Bool {
        var bench = Bench([TestFrame(octets, wireLength: wireLength)])
        let stage = try bench.add(StageDescriptor(BPFFilter.self), BPFFilter.Configuration()) { $0.filter = filter }
        let kept = bench.keep(behind: stage)
        let summary = bench.run()
        #expect(summary.stage("bpf")?.dropped(as: "not-matched") == (kept.frames.isEmpty ? 1 : 0))
        return !kept.frames.isEmpty
    }

    @Test func anExpressionDecides() throws {
        #expect(try passes(Self.igmp, "igmp and dst 224.0.0.1"))
        #expect(try !passes(Self.igmp, "tcp port 80"))
        #expect(try passes(Self.igmp, ""))
    }

    @Test func anExpressionWithoutVLANDoesNotLookBehindATag() throws {
        #expect(try !passes(Self.tagged, "igmp"))
        #expect(try passes(Self.tagged, "vlan 10 and igmp"))
        #expect(try passes(Self.igmp, "igmp or (vlan and igmp)"))
        #expect(try passes(Self.tagged, "igmp or (vlan and igmp)"))
    }

    @Test func lengthsAreThoseOnTheWire() throws {
        #expect(try passes(Self.igmp, "greater 1000", wireLength: 1514))
        #expect(try !passes(Self.igmp, "greater 1000"))
    }

    @Test func aFrameOfAnyLengthIsJudged() throws {
        for length in 0...Self.igmp.count { #expect(try passes(Array(Self.igmp[..<length]), "igmp") == (length >= 24)) }
    }

    @Test func whatLibpcapCannotCompileIsAnErrorOfTheParameter() throws {
        var configuration = BPFFilter.Configuration()
        configuration.filter = "tcp prot 80"
        let error = #expect(throws: ConfigurationError.self) { try BPFFilter(configuration) }
        #expect(error?.parameter == "filter")
        #expect(error?.message.contains("syntax error") == true)
        configuration.filter = "host nosuchhost.invalid"
        #expect(throws: ConfigurationError.self) { try BPFFilter(configuration) }
    }
}
