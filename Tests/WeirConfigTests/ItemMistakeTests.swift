import Testing

/// The items of `stages`. Each mistake is said once, with where it is and what to write.
@Suite struct ItemMistakeTests {
    @Test func anUnknownStageIsCalledByTheNearestName() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - igmp-respnder: { groups: 239.0.0.1 }
              - discard
            """,
            says: """
                p.yaml:4:5: error: there is no stage `igmp-respnder`
                 4 |   - igmp-respnder: { groups: 239.0.0.1 }
                   |     ^~~~~~~~~~~~~
                   = did you mean `igmp-responder`?
                """)
    }

    @Test func anUnknownStageWithoutNeighbour() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - frobnicate: { a: 1 }
                to: { b: nowhere-at-all }
              - discard
            """,
            says: """
                p.yaml:4:5: error: there is no stage `frobnicate`
                 4 |   - frobnicate: { a: 1 }
                   |     ^~~~~~~~~~
                   = `weir list` shows the stages that there are
                p.yaml:5:14: error: there is no stage with the id `nowhere-at-all`
                 5 |     to: { b: nowhere-at-all }
                   |              ^~~~~~~~~~~~~~
                   = the ids are `capture` or `discard`
                """)
    }

    @Test func anItemHasOneStage() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - counter: {}
                vlan-isolation: { allow: 10 }
              - discard
            """,
            says: """
                p.yaml:5:5: error: unknown key `vlan-isolation`
                 5 |     vlan-isolation: { allow: 10 }
                   |     ^~~~~~~~~~~~~~
                   = an item has one stage: begin another item, `- vlan-isolation: …`
                """)
    }

    @Test func aParameterBesideItsStageBelongsInside() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - vlan-isolation:
                allow: [10]
              - discard
            """,
            says: """
                p.yaml:5:5: error: unknown key `allow`
                 5 |     allow: [10]
                   |     ^~~~~
                   = `allow` is a parameter of `vlan-isolation`: move it inside, `vlan-isolation: { allow: … }`
                """)
    }

    @Test func anItemKeyInsideAStageBelongsBesideIt() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - igmp-responder:
                  groups: [239.0.0.1]
                  to: { reports: [discard: {}] }
              - discard
            """,
            says: """
                p.yaml:6:7: error: unknown key `to`
                 6 |       to: { reports: [discard: {}] }
                   |       ^~
                   = `to` stands beside `igmp-responder:`, not inside it: indent it as `igmp-responder` is
                """)
    }

    @Test func anOutputBesideAStageBelongsUnderTo() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - igmp-responder: { groups: [239.0.0.1] }
                reports: discard
              - discard
            """,
            says: """
                p.yaml:5:5: error: unknown key `reports`
                 5 |     reports: discard
                   |     ^~~~~~~
                   = `reports` is an output of `igmp-responder`: write `to: { reports: … }`
                """)
    }

    @Test func aKeyOfAnotherStageIsNamed() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - vlan-isolation: { allow: 10, cluster: 10.0.0.1 }
              - discard
            """,
            says: """
                p.yaml:4:34: error: unknown key `cluster`
                 4 |   - vlan-isolation: { allow: 10, cluster: 10.0.0.1 }
                   |                                  ^~~~~~~
                   = `cluster` is a parameter of `nlb-filter`
                """)
    }

    @Test func aMisspeltParameterIsNotAlsoMissing() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - vlan-isolation: { alow: 10 }
              - discard
            """,
            says: """
                p.yaml:4:23: error: unknown key `alow`
                 4 |   - vlan-isolation: { alow: 10 }
                   |                       ^~~~
                   = did you mean `allow`?
                """)
    }

    @Test func anUnknownParameterListsTheKnownOnes() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - vlan-isolation: { allow: 10, xyzzy: 1 }
              - discard
            """,
            says: """
                p.yaml:4:34: error: unknown key `xyzzy`
                 4 |   - vlan-isolation: { allow: 10, xyzzy: 1 }
                   |                                  ^~~~~
                   = known here: `allow`, `tag`, `native`
                """)
    }

    @Test func aMissingParameterIsNamedWithAnExample() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - vlan-isolation: {}
              - discard
            """,
            says: """
                p.yaml:4:5: error: the key `allow` is missing
                 4 |   - vlan-isolation: {}
                   |     ^~~~~~~~~~~~~~
                   = `allow` takes a list of numbers and ranges; for example `allow: 10`
                """)
    }

    @Test func parametersAreAMap() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - vlan-isolation: 10
              - discard
            """,
            says: """
                p.yaml:4:21: error: `vlan-isolation` takes a map of parameters, found `10`
                 4 |   - vlan-isolation: 10
                   |                     ^~
                   = write `vlan-isolation: { allow: 10 }`
                """)
    }

    @Test func anItemIsAStage() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - id: x
              - [counter]
              - discard
            """,
            says: """
                p.yaml:4:5: error: a stage is expected here, found only `id`
                 4 |   - id: x
                   |     ^~~~~
                   = write the kind of stage and its parameters: `- counter: {}`
                p.yaml:5:5: error: a stage is expected here, found a list
                 5 |   - [counter]
                   |     ^~~~~~~~~
                   = write the kind of stage and its parameters: `- counter: {}`
                """)
    }

    @Test func anIdIsAWord() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - counter: {}
                id: a.b
              - discard
            """,
            says: """
                p.yaml:5:9: error: expected an id such as `uplink`, found `a.b`
                 5 |     id: a.b
                   |         ^~~
                   = an id has letters, digits, `-` and `_`
                """)
    }

    @Test func idsAreDifferent() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - counter: {}
                id: c
              - counter: {}
                id: c
              - discard
            """,
            says: """
                p.yaml:7:9: error: the id `c` is taken
                 7 |     id: c
                   |         ^
                   = give each stage an id of its own
                p.yaml:5:9: note: it was first given here
                 5 |     id: c
                   |         ^
                """)
    }

    @Test func aBlankBelongsBehindAColon() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - vlan-isolation: { allow:10 }
              - counter:{}
              - discard
            """,
            says: """
                p.yaml:4:23: error: unknown key `allow:10`
                 4 |   - vlan-isolation: { allow:10 }
                   |                       ^~~~~~~~
                   = a blank belongs behind the colon: `allow: 10`
                p.yaml:5:5: error: there is no stage `counter:{}`
                 5 |   - counter:{}
                   |     ^~~~~~~~~~
                   = a blank belongs behind the colon: `counter: {}`
                """)
    }

    @Test func eachTakesNames() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - counter: {}
                each: 1-8
              - discard
            """,
            says: """
                p.yaml:5:11: error: `each` takes names with their values, found `1-8`
                 5 |     each: 1-8
                   |           ^~~
                   = write `each: { host: 1-8 }`, and `$host` in the item
                """)
    }
}
