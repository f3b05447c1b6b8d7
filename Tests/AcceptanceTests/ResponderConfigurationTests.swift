import BuiltinStages
import Testing
import Weir
import WeirConfig
import WeirMembership
import WeirWire

/// What is said of parameters that fit no host, in full.
@Suite struct ResponderConfigurationTests {
    private func load(_ kind: String, _ parameters: String) -> PipelineFile.Result {
        let yaml = """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - \(kind): \(parameters)
                to: { reports: [discard: {}] }
              - discard
            """
        return PipelineFile.load(text: yaml, name: "p.yaml", catalogue: .builtin)
    }

    /// Checks that the parameters give exactly `expected`, which says nothing of the line that is at fault.
    private func expect(
        _ kind: String, _ parameters: String, says expected: String,
        at location: Testing.SourceLocation = #_sourceLocation
    ) {
        let text = DiagnosticRenderer().text(load(kind, parameters).diagnostics)
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix(" 4 |") }.joined(separator: "\n")
        #expect(lines == expected, "\n\(text)", sourceLocation: location)
    }

    @Test func whatIsNoGroup() {
        expect(
            "igmp-responder", "{ groups: 10.0.0.1 }",
            says: """
                p.yaml:4:31: error: `groups[0]`: 10.0.0.1 is not a group that a host can report
                   |                               ^~~~~~~~
                   = groups are 224.0.0.0 to 239.255.255.255, and 224.0.0.1 is never reported (RFC 1112)
                """)
        expect(
            "igmp-responder", "{ groups: [239.1.1.1, 224.0.0.1] }",
            says: """
                p.yaml:4:43: error: `groups[1]`: 224.0.0.1 is not a group that a host can report
                   |                                           ^~~~~~~~~
                   = groups are 224.0.0.0 to 239.255.255.255, and 224.0.0.1 is never reported (RFC 1112)
                """)
        expect(
            "igmp-responder", "{ groups: [ff15::100] }",
            says: """
                p.yaml:4:32: error: `groups`: expected an IPv4 address such as `10.0.0.100`, found `ff15::100`
                   |                                ^~~~~~~~~
                """)
    }

    /// ff02::1, scopes 0 and 1, whatever the flags, and what is no multicast.
    @Test(arguments: ["ff02::1", "ff01::5", "ff00::5", "ff10::5", "ff11::5", "ff31::5", "fe80::1", "::"])
    func whatIsNoIPv6Group(_ group: String) {
        expect(
            "mld-responder", "{ groups: [\"\(group)\"] }",
            says: """
                p.yaml:4:31: error: `groups[0]`: \(group) is not a group that a host can report
                   |                               ^\(String(repeating: "~", count: group.count + 1))
                   = groups begin with ff and have a scope of 2 or more; ff02::1 is never reported (RFC 3810 §6)
                """)
    }

    @Test func aSourceSpecificGroupWithoutSources() {
        expect(
            "igmp-responder", "{ groups: [239.1.1.1, 232.1.1.1] }",
            says: """
                p.yaml:4:43: error: `groups[1]`: 232.1.1.1 is a source-specific group, and no source is named
                   |                                           ^~~~~~~~~
                   = 232.0.0.0/8 is joined with `include: [SOURCE]` (RFC 4607, RFC 4604 §2.2.1)
                """)
        expect(
            "igmp-responder", "{ groups: [{ group: 232.1.1.1, exclude: [192.0.2.7] }] }",
            says: """
                p.yaml:4:32: error: `groups[0]`: 232.1.1.1 is a source-specific group, and no source is named
                   |                                ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
                   = 232.0.0.0/8 is joined with `include: [SOURCE]` (RFC 4607, RFC 4604 §2.2.1)
                """)
        expect(
            "mld-responder", "{ groups: [ff3e::8000:1] }",
            says: """
                p.yaml:4:31: error: `groups[0]`: ff3e::8000:1 is a source-specific group, and no source is named
                   |                               ^~~~~~~~~~~~
                   = ff3x::/32 is joined with `include: [SOURCE]` (RFC 4607, RFC 4604 §2.2.1)
                """)
    }

    @Test func aGroupThatIsListedTwice() {
        expect(
            "igmp-responder", "{ groups: [239.1.1.1, 239.1.1.2, 239.1.1.1] }",
            says: """
                p.yaml:4:54: error: `groups[2]`: 239.1.1.1 is listed twice
                   |                                                      ^~~~~~~~~
                   = name all its sources in one entry, or say when it changes: `at: 60s`
                """)
        // For one and the same time, later on, too.
        expect(
            "igmp-responder",
            "{ groups: [{ group: 239.1.1.1, at: 5s }, { group: 239.1.1.1, include: [], at: 5000ms }] }",
            says: """
                p.yaml:4:62: error: `groups[1]`: 239.1.1.1 is listed twice
                   |                                                              ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
                   = name all its sources in one entry, or say when it changes: `at: 60s`
                """)
    }

    @Test func includeAndExcludeTogether() {
        expect(
            "igmp-responder", "{ groups: [{ group: 239.1.1.1, include: [192.0.2.7], exclude: [192.0.2.8] }] }",
            says: """
                p.yaml:4:32: error: `groups`: a group has either `include` or `exclude`
                   |                                ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
                   = leave one of them out
                """)
    }

    @Test func aTimeWithoutAUnit() {
        expect(
            "igmp-responder", "{ groups: [{ group: 239.1.1.1, include: [], at: 60 }] }",
            says: """
                p.yaml:4:69: error: `groups.at`: a duration needs a unit, found `60`
                   |                                                                     ^~
                   = write `60s` or `60ms`
                """)
    }

    @Test func unknownAndMissingKeys() {
        expect(
            "igmp-responder", "{ groups: [{ group: 239.1.1.1, sources: [192.0.2.7] }] }",
            says: """
                p.yaml:4:52: error: `groups`: unknown key `sources`
                   |                                                    ^~~~~~~
                   = known here: `group`, `include`, `exclude`, `at`
                """)
        expect(
            "igmp-responder", "{ answer: never }",
            says: """
                p.yaml:4:5: error: the key `groups` is missing
                   |     ^~~~~~~~~~~~~~
                   = `groups` takes a list of groups; for example `groups: [239.255.0.100, { group: 239.255.0.100, \
                include: [], at: 60s }]`
                """)
    }

    @Test func versionsOfTheFamily() {
        expect(
            "igmp-responder", "{ groups: [239.1.1.1], version: 4 }",
            says: """
                p.yaml:4:53: error: `version`: expected from 1 to 3, found `4`
                   |                                                     ^
                """)
        expect(
            "mld-responder", "{ groups: [ff15::100], version: 3 }",
            says: """
                p.yaml:4:52: error: `version`: expected from 1 to 2, found `3`
                   |                                                    ^
                """)
    }

    @Test func anAddressThatNoHostReportsFrom() {
        expect(
            "mld-responder", "{ groups: [ff15::100], source: 2001:db8::7 }",
            says: """
                p.yaml:4:51: error: `source`: 2001:db8::7 is not link-local, and routers ignore reports from such addresses
                   |                                                   ^~~~~~~~~~~
                   = write the interface's address in fe80::/10, or leave it out while it has none (RFC 3810 §5.2.13)
                """)
        expect(
            "igmp-responder", "{ groups: [239.1.1.1], source: 239.1.1.1 }",
            says: """
                p.yaml:4:52: error: `source`: 239.1.1.1 is no address of a host on a network
                   |                                                    ^~~~~~~~~
                   = write the interface's address, or leave it out while it has none: reports come from 0.0.0.0 then
                """)
    }

    @Test func whatIsRightIsTakenAndShownAsItWas() throws {
        let groups = """
            [239.1.1.1, { group: 232.1.1.1, include: [192.0.2.7, 192.0.2.9] }, { group: 239.1.1.2, exclude: [192.0.2.8] }, \
            { group: 239.1.1.1, include: [], at: 2m }, { group: 239.1.1.3, at: 250ms }]
            """
        let result = load("igmp-responder", "{ groups: \(groups) }")
        #expect(result.diagnostics.isEmpty, "\(DiagnosticRenderer().text(result.diagnostics))")
        let stage = try #require(result.pipeline?.stages.first { $0.descriptor.kind == "igmp-responder" })
        let settings = stage.configuration.settings
        let shown = try #require(settings.first { $0.descriptor.key == "groups" }?.text)
        #expect(shown == groups)
        #expect(settings.first { $0.descriptor.key == "version" }?.text == "3")
        let configuration = try #require(stage.configuration as? ResponderConfiguration<IPv4Address>)
        #expect(
            configuration.groups[1].filter
                == SourceFilter(.include, [IPv4Address(192, 0, 2, 7), IPv4Address(192, 0, 2, 9)]))
        #expect(configuration.groups[3].filter == .nothing)
        #expect(configuration.groups[4].time == .milliseconds(250))
    }
}
