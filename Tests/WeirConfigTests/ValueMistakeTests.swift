import Testing

/// What parameters take. Each mistake is said once, with where it is and what to write.
@Suite struct ValueMistakeTests {
    @Test func aDurationNeedsAUnit() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - igmp-responder: { groups: 239.0.0.1, report-interval: 60 }
                to: { reports: [discard: {}] }
              - discard
            """,
            says: """
                p.yaml:4:59: error: `report-interval`: a duration needs a unit, found `60`
                 4 |   - igmp-responder: { groups: 239.0.0.1, report-interval: 60 }
                   |                                                           ^~
                   = write `60s` or `60ms`
                """)
    }

    @Test func aUnitIsSpeltRight() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - igmp-responder: { groups: 239.0.0.1, report-interval: 60sec }
                to: { reports: [discard: {}] }
              - everything: { size: 64K, rate: 10mbps, wait: 5S }
              - discard
            """,
            says: """
                p.yaml:4:59: error: `report-interval`: unknown unit `sec` in `60sec`
                 4 |   - igmp-responder: { groups: 239.0.0.1, report-interval: 60sec }
                   |                                                           ^~~~~
                   = write `60s`
                p.yaml:6:25: error: `size`: unknown unit `K` in `64K`
                 6 |   - everything: { size: 64K, rate: 10mbps, wait: 5S }
                   |                         ^~~
                   = write `64KiB`
                p.yaml:6:36: error: `rate`: unknown unit `mbps` in `10mbps`
                 6 |   - everything: { size: 64K, rate: 10mbps, wait: 5S }
                   |                                    ^~~~~~
                   = write `10Mbps`
                p.yaml:6:50: error: `wait`: unknown unit `S` in `5S`
                 6 |   - everything: { size: 64K, rate: 10mbps, wait: 5S }
                   |                                                  ^~
                   = write `5s`
                """)
    }

    @Test func aDurationIsNotAWord() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - everything: { wait: soon, size: 1.5B, rate: fast }
              - discard
            """,
            says: """
                p.yaml:4:25: error: `wait`: expected a duration such as `60s` or `250ms`, found `soon`
                 4 |   - everything: { wait: soon, size: 1.5B, rate: fast }
                   |                         ^~~~
                p.yaml:4:37: error: `size`: `1.5B` cannot be held as a whole number of `B`
                 4 |   - everything: { wait: soon, size: 1.5B, rate: fast }
                   |                                     ^~~~
                   = it is too large or too finely divided
                p.yaml:4:49: error: `rate`: expected a rate such as `10kpps` or `100Mbps`, found `fast`
                 4 |   - everything: { wait: soon, size: 1.5B, rate: fast }
                   |                                                 ^~~~
                """)
    }

    @Test func aTruthIsTrueOrFalse() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - everything: { flag: yes }
              - discard
            """,
            says: """
                p.yaml:4:25: error: `flag`: expected a truth value such as `true` or `false`, found `yes`
                 4 |   - everything: { flag: yes }
                   |                         ^~~
                   = write `true`
                """)
    }

    @Test func aNumberIsANumber() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - everything: { count: ten, ratio: x }
              - everything: { count: 1_000, ratio: 0x1p3 }
              - everything: { count: 99999999999999999999 }
              - discard
            """,
            says: """
                p.yaml:4:26: error: `count`: expected a whole number such as `10`, found `ten`
                 4 |   - everything: { count: ten, ratio: x }
                   |                          ^~~
                p.yaml:4:38: error: `ratio`: expected a number such as `0.5` or `10`, found `x`
                 4 |   - everything: { count: ten, ratio: x }
                   |                                      ^
                p.yaml:5:26: error: `count`: expected a whole number such as `10`, found `1_000`
                 5 |   - everything: { count: 1_000, ratio: 0x1p3 }
                   |                          ^~~~~
                   = write `1000`
                p.yaml:5:40: error: `ratio`: expected a number such as `0.5` or `10`, found `0x1p3`
                 5 |   - everything: { count: 1_000, ratio: 0x1p3 }
                   |                                        ^~~~~
                p.yaml:6:26: error: `count`: the number `99999999999999999999` is too large
                 6 |   - everything: { count: 99999999999999999999 }
                   |                          ^~~~~~~~~~~~~~~~~~~~
                """)
    }

    @Test func aNumberIsInItsRange() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - everything: { count: -1 }
              - nlb-filter: { cluster: 10.0.0.1, host-id: 33 }
              - discard
            """,
            says: """
                p.yaml:4:26: error: `count`: expected 0 or more, found `-1`
                 4 |   - everything: { count: -1 }
                   |                          ^~
                p.yaml:5:47: error: `host-id`: expected from 1 to 32, found `33`
                 5 |   - nlb-filter: { cluster: 10.0.0.1, host-id: 33 }
                   |                                               ^~
                """)
    }

    @Test func anAddressIsAnAddress() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - everything: { mac: 02:bf, prefix: 10.0.0.0/33, v6: 10.0.0.1 }
              - nlb-filter: { cluster: 10.0.0.256 }
              - discard
            """,
            says: """
                p.yaml:4:24: error: `mac`: expected a MAC address such as `02-bf-0a-00-00-64`, found `02:bf`
                 4 |   - everything: { mac: 02:bf, prefix: 10.0.0.0/33, v6: 10.0.0.1 }
                   |                        ^~~~~
                p.yaml:4:39: error: `prefix`: expected an IPv4 prefix such as `10.0.0.0/24`, found `10.0.0.0/33`
                 4 |   - everything: { mac: 02:bf, prefix: 10.0.0.0/33, v6: 10.0.0.1 }
                   |                                       ^~~~~~~~~~~
                p.yaml:4:56: error: `v6`: expected an IPv6 address such as `2001:db8::1`, found `10.0.0.1`
                 4 |   - everything: { mac: 02:bf, prefix: 10.0.0.0/33, v6: 10.0.0.1 }
                   |                                                        ^~~~~~~~
                p.yaml:5:28: error: `cluster`: expected an IPv4 address such as `10.0.0.100`, found `10.0.0.256`
                 5 |   - nlb-filter: { cluster: 10.0.0.256 }
                   |                            ^~~~~~~~~~
                """)
    }

    @Test func aWordIsOneOfTheWords() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - vlan-isolation: { allow: 10, tag: stripp }
              - discard
            """,
            says: """
                p.yaml:4:39: error: `tag`: expected `strip`, `keep` or `push`, found `stripp`
                 4 |   - vlan-isolation: { allow: 10, tag: stripp }
                   |                                       ^~~~~~
                   = did you mean `strip`?
                """)
    }

    @Test func rangesAreAscendingAndBounded() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - vlan-isolation: { allow: [20-10, 5000, x] }
              - vlan-isolation: { allow: 10-5000 }
              - discard
            """,
            says: """
                p.yaml:4:31: error: `allow`: the range `20-10` is upside down
                 4 |   - vlan-isolation: { allow: [20-10, 5000, x] }
                   |                               ^~~~~
                   = write `10-20`
                p.yaml:4:44: error: `allow`: expected a list of numbers and ranges such as `10` or `10,20-29`, found `x`
                 4 |   - vlan-isolation: { allow: [20-10, 5000, x] }
                   |                                            ^
                p.yaml:5:30: error: `allow`: expected from 0 to 4095, found `10-5000`
                 5 |   - vlan-isolation: { allow: 10-5000 }
                   |                              ^~~~~~~
                """)
    }

    @Test func aCommaInsideBracesSeparatesKeys() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - vlan-isolation: { allow: 10,20-29 }
              - discard
            """,
            says: """
                p.yaml:4:33: error: unknown key `20-29`
                 4 |   - vlan-isolation: { allow: 10,20-29 }
                   |                                 ^~~~~
                   = a comma inside braces separates keys: write a list, `[10, 20-29]`, or quotes, `"10,20-29"`
                """)
    }

    @Test func everyElementOfAListIsChecked() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - igmp-responder: { groups: [239.0.0.1, nonsense, 239.0.0.300] }
                to: { reports: [discard: {}] }
              - discard
            """,
            says: """
                p.yaml:4:43: error: `groups`: expected an IPv4 address such as `10.0.0.100`, found `nonsense`
                 4 |   - igmp-responder: { groups: [239.0.0.1, nonsense, 239.0.0.300] }
                   |                                           ^~~~~~~~
                p.yaml:4:53: error: `groups`: expected an IPv4 address such as `10.0.0.100`, found `239.0.0.300`
                 4 |   - igmp-responder: { groups: [239.0.0.1, nonsense, 239.0.0.300] }
                   |                                                     ^~~~~~~~~~~
                """)
    }

    @Test func nothingIsNotAValue() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - igmp-responder: { groups: }
                to: { reports: [discard: {}] }
              - discard
            """,
            says: """
                p.yaml:4:31: error: `groups`: expected a list of IPv4 addresses such as `[10.0.0.100]`, found nothing
                 4 |   - igmp-responder: { groups: }
                   |                               ^
                """)
    }

    @Test func aGroupOfParametersIsCheckedInItsPlace() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - nlb-filter:
                  cluster: 10.0.0.1
                  rules:
                    - { ports: 80, weight: 101 }
                    - { port: 80 }
              - discard
            """,
            says: """
                p.yaml:7:32: error: `rules.weight`: expected from 0 to 100, found `101`
                 7 |         - { ports: 80, weight: 101 }
                   |                                ^~~
                p.yaml:8:13: error: `rules`: unknown key `port`
                 8 |         - { port: 80 }
                   |             ^~~~
                   = did you mean `ports`?
                """)
    }

    @Test func whatAStageRefusesIsShownAtItsParameter() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - igmp-responder: { groups: [239.0.0.1, 10.0.0.1] }
                to: { reports: [discard: {}] }
              - discard
            """,
            says: """
                p.yaml:4:43: error: `groups[1]`: `10.0.0.1` is no group
                 4 |   - igmp-responder: { groups: [239.0.0.1, 10.0.0.1] }
                   |                                           ^~~~~~~~
                   = groups are within 224.0.0.0/4
                """)
    }

    @Test func twoParametersThatDoNotFitAreBothShown() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - nlb-filter: { cluster: 10.0.0.1, host-id: 7, hosts: 1-4 }
              - discard
            """,
            says: """
                p.yaml:4:47: error: `host-id`: host `7` is not one of `1-4`
                 4 |   - nlb-filter: { cluster: 10.0.0.1, host-id: 7, hosts: 1-4 }
                   |                                               ^
                p.yaml:4:57: note: the hosts are given here
                 4 |   - nlb-filter: { cluster: 10.0.0.1, host-id: 7, hosts: 1-4 }
                   |                                                         ^~~
                """)
    }
}
