using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Node;

/// <summary>Something that happened, numbered without gaps: whoever remembers the last number it has dealt with misses nothing.</summary>
/// <param name="Sequence">1, 2, 3, …</param>
/// <param name="Time">When the node took note.</param>
/// <param name="Kind">What.</param>
/// <param name="Subject">The payment's hash, or the channel's id.</param>
/// <param name="Amount">What moved; zero where nothing did.</param>
/// <param name="Preimage">Of a payment that was sent or received.</param>
/// <param name="Text">For a person.</param>
public sealed record NodeEvent(ulong Sequence, DateTimeOffset Time, NodeEventKind Kind, Bytes32 Subject, MilliSatoshis Amount, Bytes32? Preimage, string Text);
