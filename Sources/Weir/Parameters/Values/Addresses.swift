import WeirWire

extension MACAddress: TextParameterValue {
    public static var type: ParameterType {
        ParameterType(.macAddress, "MAC address", examples: ["02-bf-0a-00-00-64"])
    }
}

extension IPv4Address: TextParameterValue {
    public static var type: ParameterType {
        ParameterType(.ipv4Address, "IPv4 address", article: "an", examples: ["10.0.0.100"])
    }
}

extension IPv6Address: TextParameterValue {
    public static var type: ParameterType {
        ParameterType(.ipv6Address, "IPv6 address", article: "an", examples: ["2001:db8::1"])
    }
}

extension AnyIPAddress: TextParameterValue {
    public static var type: ParameterType {
        ParameterType(.custom, "IP address", article: "an", examples: ["10.0.0.100", "2001:db8::1"])
    }
}

extension IPv4Prefix: TextParameterValue {
    public static var type: ParameterType {
        ParameterType(.ipv4Prefix, "IPv4 prefix", article: "an", examples: ["10.0.0.0/24"])
    }
}

extension IPv6Prefix: TextParameterValue {
    public static var type: ParameterType {
        ParameterType(.ipv6Prefix, "IPv6 prefix", article: "an", examples: ["2001:db8::/32"])
    }
}
