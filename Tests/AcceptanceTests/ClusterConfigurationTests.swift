import BuiltinStages
import Testing
import Weir
import WeirConfig

/// What is said of parameters of `unicast-rewrite` and `arp-responder` that don't go together.
@Suite struct ClusterConfigurationTests {
    /// The messages about a stage, each with its column and its help.
    private func messages(_ kind: String, _ parameters: String) -> [String] {
        let yaml = """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - \(kind): { cluster: 10.0.0.100, \(parameters) }
              - discard
            """
        let result = PipelineFile.load(text: yaml, name: "p.yaml", catalogue: .builtin)
        let lines = DiagnosticRenderer().text(result.diagnostics.filter { !$0.message.contains("`answers`") })
            .split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }
        return lines.filter { $0.hasPrefix("p.yaml:") || $0.hasPrefix("= ") }.map(String.init)
    }

    @Test func rewritingNeedsAddressesThatGoTogether() {
        let faults = [
            (
                "mode: multicast, mask: all",
                [
                    "p.yaml:4:80: error: `mask`: there is no address to mask sources with",
                    "= the host sends with its adapter's address in this mode: give it as `real-mac`",
                ]
            ),
            (
                "real-mac: 02-bf-0a-00-00-64",
                [
                    "p.yaml:4:67: error: `real-mac`: 02-bf-0a-00-00-64 is the address that all hosts share"
                ]
            ),
            (
                "unicast-mac: 02-01-0a-00-00-64",
                [
                    "p.yaml:4:70: error: `unicast-mac`: 02-01-0a-00-00-64 is also the masked source of host 1"
                ]
            ),
            (
                "multicast-mac: 02-bf-0a-00-00-64",
                [
                    "p.yaml:4:72: error: `multicast-mac`: 02-bf-0a-00-00-64 is not the address of a group"
                ]
            ),
            (
                "peers: [{ address: 10.0.0.100, host-id: 2 }]",
                [
                    "p.yaml:4:76: error: `peers[0].address`: 10.0.0.100 is the cluster's, not a host's"
                ]
            ),
            // The list of all hosts, this one too, is right for each of them.
            ("peers: [{ address: 10.0.0.11, host-id: 1 }, { address: 10.0.0.12, host-id: 2 }]", []),
            (
                "peers: [{ address: 10.0.0.12 }]",
                [
                    "p.yaml:4:65: error: `peers[0]`: a peer has either a `host-id` or a `mac`"
                ]
            ),
        ]
        for (parameters, expected) in faults {
            #expect(messages("unicast-rewrite", "host-id: 1, \(parameters)") == expected)
        }
    }

    @Test func answeringNeedsASourceThatIsNotTheClusters() {
        let faults = [
            (
                "mode: unicast",
                [
                    "p.yaml:4:5: error: what the host sends with is missing",
                    "= give its `host-id`, for 02-h-a-b-c-d, or a `mac`",
                ]
            ),
            (
                "mode: igmp-multicast, host-id: 1",
                [
                    "p.yaml:4:5: error: what the host sends with is missing", "= give its adapter's address as `mac`",
                ]
            ),
            (
                "mac: 02-bf-0a-00-00-64",
                [
                    "p.yaml:4:48: error: `mac`: 02-bf-0a-00-00-64 is the cluster's address, which a switch must not learn",
                    "= hosts on a hub have `mask: none` for that",
                ]
            ),
            (
                "mac: 02-00-00-00-00-01, mask: none",
                [
                    "p.yaml:4:73: error: `mask`: only unicast mode has a mask, and `mac` would take its place",
                    "= leave out `mask`, or `mac`",
                ]
            ),
            (
                "mac: 03-bf-0a-00-00-64",
                [
                    "p.yaml:4:48: error: `mac`: 03-bf-0a-00-00-64 is the address of a group, from which nothing is sent"
                ]
            ),
            (
                "host-id: 1, cluster-mac: 03-bf-0a-00-00-64",
                [
                    "p.yaml:4:68: error: `cluster-mac`: 03-bf-0a-00-00-64 is the address of a group, and the mode is unicast"
                ]
            ),
            (
                "host-id: 1, addresses: [10.0.0.101, \"ff02::1\"]",
                [
                    "p.yaml:4:79: error: `addresses[1]`: ff02::1 is no host's address"
                ]
            ),
        ]
        for (parameters, expected) in faults { #expect(messages("arp-responder", parameters) == expected) }
    }
}
