import BuiltinStages
import Testing
import WeirConfig

/// What `weir check` says of rules and memberships that are wrong: where, what, the remedy, and the other place.
@Suite struct RuleMistakeTests {
    /// The headlines, notes and help about the parameters of a filter; the first line of them is the eighth of the file.
    private func complaints(_ parameters: String) -> [String] {
        let indented = parameters.split(separator: "\n").map { "      \($0)\n" }.joined()
        let result = PipelineFile.load(
            text: """
                weir: 1
                stages:
                  - capture: { file: in.pcap }
                  - nlb-filter:
                      cluster: [10.0.0.100, 10.0.0.101]
                      host-id: 1
                      hosts: 1-4
                \(indented)  - discard
                """, name: "p.yaml", catalogue: .builtin)
        return DiagnosticRenderer().text(result.diagnostics).split(separator: "\n")
            .map { String($0.trimmingPrefix { $0 == " " }) }.filter { $0.hasPrefix("p.yaml:") || $0.hasPrefix("= ") }
    }

    private func expect(
        _ parameters: String, says expected: [String], at location: Testing.SourceLocation = #_sourceLocation
    ) {
        #expect(complaints(parameters) == expected, sourceLocation: location)
    }

    // MARK: Rules against each other

    @Test func twoRulesForThePortsOfOneProtocolAreAnError() {
        expect(
            """
            rules:
              - { ports: 80-89 }
              - { ports: 443 }
              - { ports: "8080,85-90", protocol: tcp }
            """,
            says: [
                "p.yaml:11:20: error: `rules[2].ports`: two rules are for `85-89/tcp`",
                "= ports belong to one rule of an address and a protocol", "p.yaml:9:20: note: the other rule",
            ])
    }

    @Test func twoRulesOfAnAddressAreAnError() {
        expect(
            """
            rules:
              - { address: 10.0.0.101, ports: 80 }
              - { ports: 80 }
              - { address: 10.0.0.101, ports: 80, filtering: disabled }
            """,
            says: [
                "p.yaml:11:41: error: `rules[2].ports`: two rules are for `80` of 10.0.0.101",
                "= ports belong to one rule of an address and a protocol", "p.yaml:9:41: note: the other rule",
            ])
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
        let found = complaints("rules: [\(first), \(second)]")
        #expect(found.isEmpty != overlap, "\(found)")
    }

    @Test func rulesThatShareNoPacketAreFine() {
        expect(
            """
            rules:
              - { ports: 80, protocol: tcp }
              - { ports: 80, protocol: udp }
              - { ports: 81 }
              - { address: 10.0.0.100, ports: 80 }
              - { address: 10.0.0.101, ports: 0-65535 }
            """, says: [])
    }

    // MARK: Rules by themselves

    /// A rule, and what is said about it; the rule begins at column 15 of line 8.
    static let rules: [(String, [String])] = [
        (
            "address: 10.0.0.99, ports: 80",
            [
                "p.yaml:8:26: error: `rules[0].address`: `10.0.0.99` is not an address of the cluster",
                "= add it to `cluster`", "p.yaml:5:16: note: the addresses",
            ]
        ),
        (
            "ports: 80, filtering: single, handling: [1, 5]",
            [
                "p.yaml:8:57: error: `rules[0].handling`: host 5 is not among the hosts", "= `hosts` lists them all",
                "p.yaml:7:14: note: the hosts",
            ]
        ),
        (
            "ports: 80, filtering: single, handling: [1, 1]",
            [
                "p.yaml:8:57: error: `rules[0].handling`: a host is named twice",
                "= name each host once, the first one handles",
            ]
        ),
        (
            "ports: 80, filtering: single, handling: []",
            [
                "p.yaml:8:57: error: `rules[0].handling`: nobody is named",
                "= leave it out, and the lowest id that is up handles",
            ]
        ),
        (
            "ports: 80, handling: [1]",
            [
                "p.yaml:8:38: error: `rules[0].handling`: `handling` is for `filtering: single`",
                "= write `filtering: single`",
            ]
        ),
        (
            "ports: 80, filtering: disabled, handling: [1]",
            [
                "p.yaml:8:59: error: `rules[0].handling`: `handling` is for `filtering: single`",
                "= write `filtering: single`", "p.yaml:8:39: note: this rules it out",
            ]
        ),
        (
            "ports: 80, filtering: single, affinity: none",
            [
                "p.yaml:8:57: error: `rules[0].affinity`: `affinity` is for `filtering: multiple`",
                "= leave one of the two out", "p.yaml:8:39: note: this rules it out",
            ]
        ),
        (
            "ports: 80, filtering: disabled, weights: { 1: 2 }",
            [
                "p.yaml:8:58: error: `rules[0].weights`: `weights` is for `filtering: multiple`",
                "= leave one of the two out", "p.yaml:8:39: note: this rules it out",
            ]
        ),
        (
            "ports: 80, filtering: disabled, timeout: 2s",
            [
                "p.yaml:8:58: error: `rules[0].timeout`: `timeout` is for `filtering: multiple`",
                "= leave one of the two out", "p.yaml:8:39: note: this rules it out",
            ]
        ),
        (
            "ports: 80, affinity: none, timeout: 2s",
            [
                "p.yaml:8:53: error: `rules[0].timeout`: without affinity there is nothing to extend",
                "= write `affinity: single` or `network`", "p.yaml:8:38: note: this rules it out",
            ]
        ),
        (
            "ports: 80, weights: { 5: 2 }",
            [
                "p.yaml:8:37: error: `rules[0].weights`: host 5 is not among the hosts", "= `hosts` lists them all",
                "p.yaml:7:14: note: the hosts",
            ]
        ),
        (
            "ports: 80, weights: { 1: 0, 2: 0, 3: 0, 4: 0 }",
            [
                "p.yaml:8:37: error: `rules[0].weights`: no host has any weight",
                "= to answer nobody, write `filtering: disabled`",
            ]
        ),
        (
            "ports: 80, weights: { 1: 101 }",
            ["p.yaml:8:42: error: `rules.weights`: expected a weight from 0 to 100, found `101`"]
        ),
        ("ports: 80-70", ["p.yaml:8:24: error: `rules.ports`: the range `80-70` is upside down", "= write `70-80`"]),
        ("ports: 65536", ["p.yaml:8:24: error: `rules.ports`: `65536` is more than 65535"]),
        ("port: 80", ["p.yaml:8:17: error: `rules`: unknown key `port`", "= did you mean `ports`?"]),
    ]

    @Test(arguments: rules) func aRuleThatIsWrongByItselfIsAnError(rule: String, expected: [String]) {
        expect("rules: [{ \(rule) }]", says: expected)
    }

    // MARK: Rules against other parameters

    @Test func affinityIsEitherInTheRulesOrBesideThem() {
        expect(
            "affinity: none\nrules: [{ ports: 80 }]",
            says: [
                "p.yaml:8:17: error: `affinity`: with `rules`, each of them has its affinity",
                "= write `affinity` in the rules that it is for", "p.yaml:9:14: note: the rules",
            ])
    }

    @Test func aTimeoutNeedsAMemory() {
        expect(
            "rules: [{ ports: 80, timeout: 20m }]\nconnections: 0",
            says: [
                "p.yaml:8:37: error: `rules[0].timeout`: clients are remembered among connections, and none are",
                "= leave one of the two out", "p.yaml:9:20: note: this rules it out",
            ])
    }

    @Test func xtClusterHasNeitherWeightsNorOtherAffinities() {
        expect(
            "hash: cluster-match\nrules: [{ ports: 80, weights: { 1: 10 } }]",
            says: [
                "p.yaml:9:37: error: `rules[0].weights`: xt_cluster has no weights", "= leave them out",
                "p.yaml:8:13: note: the hash",
            ])
        expect(
            "hash: cluster-match\nrules: [{ ports: 80, affinity: none }]",
            says: [
                "p.yaml:9:38: error: `rules[0].affinity`: xt_cluster hashes the source address alone",
                "= write `affinity: single`", "p.yaml:8:13: note: the hash",
            ])
    }

    @Test func tooManyRulesAreAnError() {
        let rules = (0..<251).map { "{ ports: \($0) }" }.joined(separator: ", ")
        expect(
            "rules: [\(rules)]",
            says: [
                "p.yaml:8:14: error: `rules`: there are 251 rules, and at most 250 can be had",
                "= a rule takes many ranges: `ports: \"80,443,8000-8099\"`",
            ])
    }

    // MARK: Memberships

    static let changes: [(String, [String])] = [
        (
            "{ up: 1-5 }",
            ["p.yaml:8:23: error: `changes[0].up`: host 5 is not among the hosts", "p.yaml:7:14: note: the hosts"]
        ),
        (
            "{ up: 1-3, weights: { 9: 80 } }",
            [
                "p.yaml:8:37: error: `changes[0].weights`: host 9 is not among the hosts",
                "p.yaml:7:14: note: the hosts",
            ]
        ),
        (
            "{ up: 1-3, drainstop: 4 }",
            ["p.yaml:8:39: error: `changes[0].drainstop`: host 4 is not up", "p.yaml:8:23: note: this rules it out"]
        ),
        (
            "{ up: 1-3, drain: [{ host: 4, ports: 80 }] }",
            ["p.yaml:8:35: error: `changes[0].drain`: host 4 is not up", "p.yaml:8:23: note: this rules it out"]
        ),
        (
            "{ up: 1-3, at: 5s }, { up: 1, at: 4s }",
            [
                "p.yaml:8:51: error: `changes[1].at`: the step is earlier than one before it",
                "p.yaml:8:32: note: this rules it out",
            ]
        ),
        (
            "{ up: 1-3, at: 5s }, { up: 1 }",
            [
                "p.yaml:8:38: error: `changes[1].at`: a step before has a time, so this one needs one too",
                "p.yaml:8:32: note: this rules it out",
            ]
        ),
        ("", ["p.yaml:8:16: error: `changes[0].up`: there is no step: nobody would be up"]),
    ]

    @Test(arguments: changes) func aStepThatIsWrongIsAnError(steps: String, expected: [String]) {
        expect("changes: [\(steps)]", says: expected)
    }
}
