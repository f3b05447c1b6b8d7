import BuiltinStages
import Testing
import WeirConfig

/// What `weir check` says of rules, and of parameters that contradict each other: what is wrong, and both places.
@Suite struct RuleMistakeTests {
    /// All that is said of a filter with these parameters, which begin in line 5.
    private func complaints(_ parameters: String, cluster: String = "10.0.0.100", hosts: String = "1-4") -> String {
        let lines = parameters.split(separator: "\n").map { "      \($0)\n" }.joined()
        let text = """
            weir: 1
            stages:
              - capture: { file: nothing.pcap }
              - nlb-filter:
            \(lines)      cluster: \(cluster)
                  host-id: 1
                  hosts: \(hosts)
              - discard

            """
        return DiagnosticRenderer().text(
            PipelineFile.load(text: text, name: "p.yaml", catalogue: .builtin).diagnostics)
    }

    /// The first line of each message and of each note about another place.
    private func headlines(_ parameters: String, cluster: String = "10.0.0.100", hosts: String = "1-4") -> [String] {
        complaints(parameters, cluster: cluster, hosts: hosts).split(separator: "\n").map(String.init)
            .filter { $0.hasPrefix("p.yaml") }
    }

    @Test func rulesForTheSamePacketsAreShownBoth() {
        #expect(
            complaints(
                """
                rules:
                  - { ports: "80,443", protocol: tcp }
                  - { ports: 53, protocol: udp }
                  - { ports: 400-500, affinity: none }
                """) == """
                    p.yaml:8:20: error: `rules[2].ports`: this rule and another are for the same packets
                     8 |         - { ports: 400-500, affinity: none }
                       |                    ^~~~~~~
                       = ports may belong to one rule of an address and a protocol
                    p.yaml:6:20: note: the other rule
                     6 |         - { ports: "80,443", protocol: tcp }
                       |                    ^~~~~~~~

                    """)
    }

    @Test(arguments: [
        ("{ ports: 80, protocol: tcp }", "{ ports: 80, protocol: tcp }", true),
        ("{ ports: 80, protocol: tcp }", "{ ports: 80, protocol: udp }", false),
        ("{ ports: 80, protocol: tcp }", "{ ports: 80 }", true),
        ("{ ports: 80-90 }", "{ ports: 90-100 }", true),
        ("{ ports: 80-90 }", "{ ports: 91-100 }", false),
        ("{ ports: 0-65535 }", "{ ports: 65535 }", true),
        ("{ ports: 80 }", "{ ports: 80, address: 10.0.0.100 }", false),
        ("{ ports: 80, address: 10.0.0.100 }", "{ ports: 80, address: 10.0.0.100 }", true),
        ("{ ports: 80, address: 10.0.0.100 }", "{ ports: 80, address: 10.0.0.101 }", false),
        // Also where they say the same, or one of them is disabled.
        ("{ ports: 80, filtering: disabled }", "{ ports: 80, filtering: disabled }", true),
    ]) func rulesOverlapWhereNeitherIsTheMoreSpecific(first: String, second: String, overlap: Bool) {
        let found = headlines("rules: [\(first), \(second)]", cluster: "[10.0.0.100, 10.0.0.101]")
        #expect(found.count == (overlap ? 2 : 0), "\(found)")
        for (place, text) in zip(found, ["error: `rules[1].ports`: this rule and another", "note: the other rule"]) {
            #expect(place.contains(text))
        }
    }

    /// The rule, the error, and what is said of another place.
    static let rules: [(rule: String, error: String, note: String?)] = [
        (
            "{ ports: 80, filtering: single, affinity: none }",
            "`rules[0].affinity`: `affinity` is for `filtering: multiple`", "this rules it out"
        ),
        (
            "{ ports: 80, filtering: disabled, weights: { 1: 50 } }",
            "`rules[0].weights`: `weights` is for `filtering: multiple`", "this rules it out"
        ),
        (
            "{ ports: 80, timeout: 5s, filtering: single }",
            "`rules[0].timeout`: `timeout` is for `filtering: multiple`", "this rules it out"
        ),
        (
            "{ ports: 80, timeout: 5s, affinity: none }",
            "`rules[0].timeout`: without affinity there is nothing to extend", "this rules it out"
        ),
        ("{ ports: 80, handling: [1] }", "`rules[0].handling`: `handling` is for `filtering: single`", nil),
        (
            "{ ports: 80, handling: [1], filtering: disabled }",
            "`rules[0].handling`: `handling` is for `filtering: single`", "this rules it out"
        ),
        (
            "{ ports: 80, filtering: single, handling: [2, 5] }",
            "`rules[0].handling`: host 5 is not among the hosts", nil
        ),
        ("{ ports: 80, filtering: single, handling: [2, 2] }", "`rules[0].handling`: a host is named twice", nil),
        ("{ ports: 80, weights: { 5: 1 } }", "`rules[0].weights`: host 5 is not among the hosts", nil),
        (
            "{ ports: 80, weights: { 1: 0, 2: 0, 3: 0, 4: 0 } }", "`rules[0].weights`: no host has any weight", nil
        ),
        (
            "{ ports: 80, address: 10.0.0.7 }", "`rules[0].address`: `10.0.0.7` is not an address of the cluster", nil
        ),
        ("{ ports: 80, weights: { 0: 1 } }", "expected a host id from 1 to 32, found `0`", nil),
        ("{ ports: 80, weights: { 33: 1 } }", "expected a host id from 1 to 32, found `33`", nil),
        ("{ ports: 80, weights: { 1: 101 } }", "expected a weight from 0 to 100, found `101`", nil),
        ("{ ports: 80, weights: { 1: -1 } }", "expected a weight from 0 to 100, found `-1`", nil),
        ("{ ports: 65536 }", "`65536` is more than 65535", nil),
        ("{ protocol: tcp }", "`ports`", nil),
    ]

    @Test(arguments: rules) func aRuleThatContradictsItselfIsAnError(rule: String, error: String, note: String?) {
        let found = headlines("rules:\n  - \(rule)")
        #expect(found.first?.hasPrefix("p.yaml:6:") == true && found.first?.contains(error) == true, "\(found)")
        #expect(found.count == (note == nil ? 1 : 2), "\(found)")
        if let note { #expect(found.last?.hasPrefix("p.yaml:6:") == true && found.last?.hasSuffix(note) == true) }
    }

    /// The parameters, and the headlines without their columns.
    static let clusters: [(parameters: String, lines: [String])] = [
        (
            "affinity: none\nrules: [{ ports: 80 }]",
            [
                "p.yaml:5: error: `affinity`: with `rules`, each of them has its affinity", "p.yaml:6: note: the rules",
            ]
        ),
        (
            "changes: [{ up: 1-5 }]",
            ["p.yaml:5: error: `changes[0].up`: host 5 is not among the hosts", "p.yaml:8: note: the hosts"]
        ),
        (
            "changes: [{ up: 1-3, drainstop: 4 }]",
            ["p.yaml:5: error: `changes[0].drainstop`: host 4 is not up", "p.yaml:8: note: the hosts"]
        ),
        (
            "changes:\n  - { up: 1, at: 5s }\n  - { up: 1, at: 4s }",
            [
                "p.yaml:7: error: `changes[1].at`: the step is earlier than the one before it",
                "p.yaml:10: note: the hosts",
            ]
        ),
        (
            "hash: cluster-match\naffinity: network",
            ["p.yaml:6: error: `affinity`: xt_cluster hashes the source address alone", "p.yaml:5: note: the hash"]
        ),
        (
            "hash: cluster-match\nrules: [{ ports: 80, weights: { 1: 1 } }]",
            ["p.yaml:6: error: `rules[0].weights`: xt_cluster has no weights", "p.yaml:5: note: the hash"]
        ),
        (
            "hash: toeplitz\nseed: 1", ["p.yaml:6: error: `seed`: `toeplitz` has no seed", "p.yaml:5: note: the hash"]
        ),
    ]

    @Test(arguments: clusters) func parametersThatContradictEachOtherAreShownBoth(parameters: String, lines: [String]) {
        let found = headlines(parameters).map { $0.replacing(/^(p\.yaml:\d+):\d+/) { $0.output.1 } }
        #expect(found == lines)
    }

    @Test func whatTheClusterCannotBeIsAnError() {
        #expect(headlines("", cluster: "[]").first?.contains("error") == true)
        #expect(
            headlines("", cluster: "[10.0.0.1, 10.0.0.1]").map { $0.contains("twice") || $0.contains("first time") }
                == [true, true])
        #expect(headlines("", cluster: "224.0.0.1").first?.contains("is no address that a cluster can have") == true)
        #expect(
            headlines("", hosts: "2-4").map { $0.contains("host 1 is not among") || $0.contains("the hosts") }
                == [true, true])
        #expect(
            headlines("mode: unicast", cluster: "'2001:db8::64'").first?.contains("comes from an IPv4 address") == true)
        #expect(headlines("mode: unicast\nmac: 02-00-00-00-00-01", cluster: "'2001:db8::64'") == [])
    }
}
