using Tributary.Lightning.Routing;

namespace Tributary.Lightning.Payments;

/// <summary>The world as an input finds it.</summary>
/// <param name="NowMilliseconds">Since 1970.</param>
/// <param name="Height">Our best block; the node is synced.</param>
/// <param name="FirstHops">Our channels that can be used now.</param>
public sealed record PaymentContext(long NowMilliseconds, uint Height, IReadOnlyList<FirstHop> FirstHops);
