import Testing
import WeirConfig

/// What is given beside the file: `--set`, the environment, `-r`, `-w` and `-i`.
@Suite struct SettingsTests {
    static let yaml = """
        weir: 1
        parameters:
          host-id: { type: integer, default: 1 }
          wait: { type: duration }
        stages:
          - capture: { file: in.pcap }
          - everything: { count: $host-id, wait: $wait }
          - nlb-filter: { cluster: 10.0.0.1, host-id: $host-id, hosts: 1-4 }
            to: [a, b]
          - transmit: { file: a.pcap }
            id: a
          - transmit: { file: b.pcap }
            id: b
        """

    @Test func aWrongSettingIsShownAsItWasTyped() {
        expect(
            Self.yaml, .init(values: [("host-id", "x"), ("wait", "5")]),
            says: """
                command line: error: `host-id`: expected a whole number such as `10`, found `x`
                   --set host-id=x
                                 ^
                p.yaml:3:3: note: the parameter is declared here
                 3 |   host-id: { type: integer, default: 1 }
                   |   ^~~~~~~
                command line: error: `wait`: a duration needs a unit, found `5`
                   --set wait=5
                              ^
                   = write `5s` or `5ms`
                p.yaml:4:3: note: the parameter is declared here
                 4 |   wait: { type: duration }
                   |   ^~~~
                """)
    }

    @Test func anUnknownSettingIsCalledByTheNearestName() {
        expect(
            Self.yaml, .init(values: [("hostid", "1"), ("wait", "5s")]),
            says: """
                command line: error: the pipeline has no parameter `hostid`
                   --set hostid=1
                         ^~~~~~
                   = did you mean `host-id`?
                """)
    }

    @Test func aStageThatRefusesASettingSaysWhereItCameFrom() {
        expect(
            Self.yaml, .init(values: [("wait", "5s")], environment: ["WEIR_HOST_ID": "5"]),
            says: """
                p.yaml:8:47: error: `host-id`: host `5` is not one of `1-4`
                 8 |   - nlb-filter: { cluster: 10.0.0.1, host-id: $host-id, hosts: 1-4 }
                   |                                               ^~~~~~~~
                environment: note: `$host-id` was set by the environment variable `WEIR_HOST_ID`
                   WEIR_HOST_ID=5
                                ^
                p.yaml:8:64: note: the hosts are given here
                 8 |   - nlb-filter: { cluster: 10.0.0.1, host-id: $host-id, hosts: 1-4 }
                   |                                                                ^~~
                """)
    }

    @Test func whatIsReboundIsNamedWhenThereAreSeveral() {
        expect(
            Self.yaml,
            .init(values: [("wait", "5s")], rebindings: [Rebinding(.write, "-"), Rebinding(.read, id: "captur", "x")]),
            says: """
                command line: error: the pipeline has several of `transmit`
                   -w -
                   ^~~~
                   = say which: `-w a=-` or `-w b=-`
                command line: error: no `capture` has the id `captur`
                   -r captur=x
                   ^~~~~~~~~~~
                   = did you mean `capture`?
                """)
    }
}
