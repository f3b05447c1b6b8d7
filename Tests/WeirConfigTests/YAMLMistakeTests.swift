import Testing

/// Texts that are not YAML, or more of it than is read. Each mistake is said once, with where it is and what to write.
@Suite struct YAMLMistakeTests {
    @Test func aTabCannotIndent() {
        expect(
            """
            weir: 1
            stages:
            \t- capture: { file: in.pcap }
            """,
            says: """
                p.yaml:3:1: error: a tab cannot indent YAML
                 3 |  - capture: { file: in.pcap }
                   | ^
                   = indent with spaces
                """)
    }

    @Test func aBracketIsClosed() {
        expect(
            """
            weir: 1
            stages:
              - vlan-isolation: { allow: [10, 20 }
            """,
            says: """
                p.yaml:3:38: error: the list in `[` goes on with `,` or ends with `]`
                 3 |   - vlan-isolation: { allow: [10, 20 }
                   |                                      ^
                p.yaml:3:30: note: it begins here
                 3 |   - vlan-isolation: { allow: [10, 20 }
                   |                              ^
                """)
    }

    @Test func aBraceIsClosed() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap
              - discard
            """,
            says: """
                p.yaml:4:12: error: the map in `{` goes on with `,` or ends with `}`
                 4 |   - discard
                   |            ^
                p.yaml:3:14: note: it begins here
                 3 |   - capture: { file: in.pcap
                   |              ^
                """)
    }

    @Test func aQuoteIsClosed() {
        expect(
            """
            weir: 1
            name: "abc
            stages:
              - discard
            """,
            says: """
                p.yaml:2:7: error: the text in quotes has no end
                 2 | name: "abc
                   |       ^
                   = close it with the same quote
                """)
    }

    @Test func aColonInATextIsQuoted() {
        expect(
            """
            weir: 1
            summary: what: ever
            """,
            says: """
                p.yaml:2:14: error: a `:` makes a key here, where none can be
                 2 | summary: what: ever
                   |              ^
                   = put a text that holds `: ` in quotes, or check that the line is indented like its neighbours
                """)
    }

    @Test func indentationIsEven() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
                id: a
               to: b
            """,
            says: """
                p.yaml:5:4: error: this is neither a further item of the list nor the end of it
                 5 |    to: b
                   |    ^
                   = begin an item with `- `, indented like the others
                p.yaml:3:3: note: it begins here
                 3 |   - capture: { file: in.pcap }
                   |   ^
                """)
    }

    @Test func aListItemIsIndentedLikeTheOthers() {
        expect(
            """
            weir: 1
            stages:
              - counter
              discard
            """,
            says: """
                p.yaml:4:3: error: a key without its `:`
                 4 |   discard
                   |   ^~~~~~~
                   = write `key: value`, or begin an item of a list with `- `
                """)
    }

    @Test func aKeyHasAColon() {
        expect(
            """
            weir: 1
            stages
            name: x
            """,
            says: """
                p.yaml:2:1: error: a key without its `:`
                 2 | stages
                   | ^~~~~~
                   = write `key: value`, or begin an item of a list with `- `
                """)
    }

    @Test func aReservedCharacterIsQuoted() {
        expect(
            """
            weir: 1
            name: @home
            """,
            says: """
                p.yaml:2:7: error: a value cannot begin with this character
                 2 | name: @home
                   |       ^
                   = put the text in quotes
                """)
    }

    @Test func anAliasHasAnAnchor() {
        expect(
            """
            weir: 1
            name: *nme
            """,
            says: """
                p.yaml:2:7: error: there is no anchor `&nme`
                 2 | name: *nme
                   |       ^~~~
                   = an anchor is written before its use, as in `&nme value`
                """)
    }

    @Test func aMergeKeyIsRefused() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - vlan-isolation: { <<: { allow: 10 }, allow: 10 }
              - discard
            """,
            says: """
                p.yaml:4:23: error: merge keys (`<<`) are not part of YAML 1.2
                 4 |   - vlan-isolation: { <<: { allow: 10 }, allow: 10 }
                   |                       ^~
                   = repeat a whole value with `*name`, or declare what differs under `parameters`
                """)
    }

    @Test func aTagIsRefused() {
        expect(
            """
            weir: 1
            stages:
              - capture: { file: in.pcap }
              - vlan-isolation: { allow: !vlans 10 }
              - discard
            """,
            says: """
                p.yaml:4:30: error: the tag `!vlans` means nothing here
                 4 |   - vlan-isolation: { allow: !vlans 10 }
                   |                              ^~~~~~~~~
                   = leave it out: each parameter knows its type
                """)
    }

    @Test func aSecondDocumentIsRefused() {
        expect(
            """
            weir: 1
            ---
            weir: 1
            """,
            says: """
                p.yaml:2:1: error: a second document begins here, and a file has one
                 2 | ---
                   | ^~~
                   = put it in a file of its own
                """)
    }

    @Test func aMapIsNoKey() {
        expect(
            """
            weir: 1
            ? { a: b }
            : c
            stages: [ capture: {file: a}, discard ]
            """,
            says: """
                p.yaml:2:3: error: a map cannot be a key
                 2 | ? { a: b }
                   |   ^~~~~~~~
                   = a text with `{`, `[`, `*` or `&` in front belongs in quotes
                """)
    }

    @Test func aTextAfterTheMapIsRefused() {
        expect(
            """
            weir: 1
            stages: [ discard ] ]
            """,
            says: """
                p.yaml:2:21: error: a `]` without what it closes
                 2 | stages: [ discard ] ]
                   |                     ^
                   = remove it
                """)
    }
}
