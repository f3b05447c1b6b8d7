import Testing

/// `$name` and the parameters of a pipeline. Each mistake is said once, with where it is and what to write.
@Suite struct SubstitutionMistakeTests {
    @Test func anUnknownNameIsCalledByTheNearest() {
        expect(
            """
            weir: 1
            parameters: { cluster: { type: ipv4, default: 10.0.0.1 } }
            stages:
              - capture: { file: in.pcap }
              - nlb-filter: { cluster: $clutser }
              - discard
            """,
            says: """
                p.yaml:5:28: error: there is no parameter `clutser`
                 5 |   - nlb-filter: { cluster: $clutser }
                   |                            ^~~~~~~~
                   = did you mean `$cluster`?
                """)
    }

    @Test func aNameWithoutValueIsReportedOnce() {
        expect(
            """
            weir: 1
            parameters:
              host-id: { type: integer }
            stages:
              - capture: { file: in.pcap }
              - nlb-filter: { cluster: 10.0.0.1, host-id: $host-id }
              - discard
            """,
            says: """
                p.yaml:3:3: error: the parameter `host-id` has no value
                 3 |   host-id: { type: integer }
                   |   ^~~~~~~
                   = give it a `default`, or set it with `--set host-id=…` or `WEIR_HOST_ID`
                """)
    }

    @Test func anUnusedParameterIsAWarning() {
        expect(
            """
            weir: 1
            parameters:
              host-id: { type: integer, default: 1 }
            stages:
              - capture: { file: in.pcap }
              - discard
            """,
            says: """
                p.yaml:3:3: warning: the parameter `host-id` is not used
                 3 |   host-id: { type: integer, default: 1 }
                   |   ^~~~~~~
                   = refer to it as `$host-id`, or remove it
                """)
    }

    @Test func aDefaultIsOfItsType() {
        expect(
            """
            weir: 1
            parameters:
              wait: { type: duration, default: 5 }
            stages:
              - capture: { file: in.pcap }
              - everything: { wait: $wait }
              - discard
            """,
            says: """
                p.yaml:3:36: error: `wait`: a duration needs a unit, found `5`
                 3 |   wait: { type: duration, default: 5 }
                   |                                    ^
                   = write `5s` or `5ms`
                """)
    }

    @Test func aTypeIsOneOfTheTypes() {
        expect(
            """
            weir: 1
            parameters:
              wait: { type: time, default: 5s }
            stages:
              - capture: { file: in.pcap }
              - everything: { wait: $wait }
              - discard
            """,
            says: """
                p.yaml:3:17: error: `wait.type`: expected `ipv4`, `ipv6`, `mac`, `prefix`, `integer`, `number`, `boolean`, `string`, `duration`, `bytes`, `rate`, `ranges` or `path`, found `time`
                 3 |   wait: { type: time, default: 5s }
                   |                 ^~~~
                """)
    }

    @Test func aValueThatFitsItsTypeButNotItsUseSaysWhereItCameFrom() {
        expect(
            """
            weir: 1
            parameters:
              host-id: { type: integer, default: 40 }
            stages:
              - capture: { file: in.pcap }
              - nlb-filter: { cluster: 10.0.0.1, host-id: $host-id }
              - discard
            """,
            says: """
                p.yaml:6:47: error: `host-id`: expected from 1 to 32, found `40`
                 6 |   - nlb-filter: { cluster: 10.0.0.1, host-id: $host-id }
                   |                                               ^~~~~~~~
                p.yaml:3:38: note: `$host-id` has its default here
                 3 |   host-id: { type: integer, default: 40 }
                   |                                      ^~
                """)
    }

    @Test func aDefaultStandsForItself() {
        expect(
            """
            weir: 1
            parameters:
              a: { type: string, default: x }
              b: { type: string, default: $a }
            stages:
              - capture: { file: $a$b }
              - discard
            """,
            says: """
                p.yaml:4:31: error: a default cannot refer to other parameters, found `$a`
                 4 |   b: { type: string, default: $a }
                   |                               ^~
                   = write the value, and set it from outside where it differs
                """)
    }

    @Test func aDollarIsDoubled() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - everything: { text: 5$ }
              - discard
            """,
            says: """
                p.yaml:4:25: error: a `$` begins the name of a parameter
                 4 |   - everything: { text: 5$ }
                   |                         ^~
                   = write `$$` for a dollar
                """)
    }

    @Test func aNameInsideATextEndsInBraces() {
        expect(
            """
            weir: 1
            parameters: { host: { type: integer, default: 1 } }
            stages:
              - capture: { file: in$hosts.pcap }
              - discard
            """,
            says: """
                p.yaml:4:24: error: there is no parameter `hosts`
                 4 |   - capture: { file: in$hosts.pcap }
                   |                        ^~~~~~
                   = write `${host}` where the name ends before other letters
                """)
    }
}
