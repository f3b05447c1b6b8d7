import WeirWire

/// `unicast`, `multicast` or `igmp-multicast`.
extension ClusterMode: ParameterWord {}
