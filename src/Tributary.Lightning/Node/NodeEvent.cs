using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Node;

/// <summary>
/// Something that happened, numbered without gaps: whoever remembers the last number it has dealt with, in the same transaction as what it did
/// about it, misses nothing and does nothing twice.
/// <para>
/// An event is in the same log batch as what it tells of, and is handed out only once that is durable: what was told is still so after a crash,
/// with the same number. The last <see cref="Journal.NodeState.EventsMax"/> are kept. A reader that was away for longer sees it by the first number it
/// gets, which is not the one after its own: it then asks for each payment that it waits for (<see cref="ILightningNode.FindPaymentAsync"/>).
/// </para>
/// </summary>
/// <param name="Sequence">1, 2, 3, …</param>
/// <param name="Time">When the node took note.</param>
/// <param name="Kind">What.</param>
/// <param name="Subject">The payment's hash, or the channel's id.</param>
/// <param name="Amount">What moved; zero where nothing did.</param>
/// <param name="Preimage">Of a payment that was sent or received.</param>
/// <param name="Text">For a person.</param>
public sealed record NodeEvent(ulong Sequence, DateTimeOffset Time, NodeEventKind Kind, Bytes32 Subject, MilliSatoshis Amount, Bytes32? Preimage, string Text)
{
    /// <summary>Of <see cref="NodeEventKind.PaymentHeld"/>: until when it can be settled.</summary>
    public HoldDeadline? Hold { get; init; }
}
