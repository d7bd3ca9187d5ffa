using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Node.Reports;

/// <summary>
/// What the node's channels hold at one moment, for the books: what is ours in them is what they began with, and what the events up to
/// <paramref name="Sequence"/> say was received and sent, to the millisatoshi.
/// </summary>
/// <param name="Sequence">The last event that is counted in.</param>
/// <param name="Channels">All channels with a funding, until they are deep in the chain.</param>
/// <param name="HeldCount">Payments that wait for settle or cancel.</param>
/// <param name="Held">What they add up to: nobody's yet.</param>
public sealed record NodePosition(ulong Sequence, IReadOnlyList<ChannelPosition> Channels, int HeldCount, MilliSatoshis Held);
