using System.Diagnostics.CodeAnalysis;
using Tributary.Lightning.Messages;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Onions;

/// <summary>
/// Why a hop failed an HTLC (BOLT 4, "Failure Messages"): a code and its data, kept as it came. The data of a failure from a stranger may be cut
/// or odd; the code counts all the same, so reading the data is a question of its own.
/// </summary>
public sealed record FailureMessage
{
    private const ushort BadOnionFlag = 0x8000;
    private const ushort PermanentFlag = 0x4000;
    private const ushort NodeFlag = 0x2000;
    private const ushort UpdateFlag = 0x1000;

    private FailureMessage(FailureCode code, ReadOnlyMemory<byte> data) => (Code, Data) = (code, data);

    /// <summary>The code; any number, of which only some have names.</summary>
    public FailureCode Code { get; }

    /// <summary>What follows the code, extension included.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>The onion could not be read: told to the peer in the clear by <c>update_fail_malformed_htlc</c>.</summary>
    public bool IsBadOnion => ((ushort)Code & BadOnionFlag) != 0;

    /// <summary>Trying the same again is no use.</summary>
    public bool IsPermanent => ((ushort)Code & PermanentFlag) != 0;

    /// <summary>The node is at fault, not one of its channels.</summary>
    public bool IsNodeFailure => ((ushort)Code & NodeFlag) != 0;

    /// <summary>A forwarding rule of the channel was broken.</summary>
    public bool IsPolicyViolation => ((ushort)Code & UpdateFlag) != 0;

    /// <summary>A failure whose code says all.</summary>
    public static FailureMessage Of(FailureCode code) => new(code, default);

    /// <summary>One of the failures with BADONION.</summary>
    public static FailureMessage OfOnion(FailureCode code, Bytes32 sha256OfOnion) => new(code, sha256OfOnion.ToArray());

    /// <summary><see cref="FailureCode.IncorrectOrUnknownPaymentDetails"/>.</summary>
    /// <param name="htlcAmount">What the HTLC carried.</param>
    /// <param name="height">Our best block when it came.</param>
    public static FailureMessage OfPaymentDetails(MilliSatoshis htlcAmount, uint height) => Make(
        FailureCode.IncorrectOrUnknownPaymentDetails,
        writer =>
        {
            writer.WriteMilliSatoshis(htlcAmount);
            writer.WriteUInt32BigEndian(height);
        });

    /// <summary><see cref="FailureCode.FinalIncorrectCltvExpiry"/>.</summary>
    public static FailureMessage OfFinalExpiry(uint cltvExpiry) => Make(FailureCode.FinalIncorrectCltvExpiry, writer => writer.WriteUInt32BigEndian(cltvExpiry));

    /// <summary><see cref="FailureCode.FinalIncorrectHtlcAmount"/>.</summary>
    public static FailureMessage OfFinalAmount(MilliSatoshis incoming) => Make(FailureCode.FinalIncorrectHtlcAmount, writer => writer.WriteMilliSatoshis(incoming));

    /// <summary><see cref="FailureCode.InvalidOnionPayload"/>.</summary>
    public static FailureMessage OfPayload(ulong tlvType, ushort offset) => Make(
        FailureCode.InvalidOnionPayload,
        writer =>
        {
            writer.WriteBigSize(tlvType);
            writer.WriteUInt16BigEndian(offset);
        });

    /// <summary>
    /// A failure of a channel with its newest update: temporary failure, expiry too soon (no more data), amount below minimum and fee
    /// insufficient (an amount), incorrect expiry (a height), disabled (flags).
    /// </summary>
    public static FailureMessage OfChannel(FailureCode code, ChannelUpdate? update, MilliSatoshis amount = default, uint cltvExpiry = 0) => Make(
        code,
        writer =>
        {
            switch (code)
            {
                case FailureCode.AmountBelowMinimum or FailureCode.FeeInsufficient:
                    writer.WriteMilliSatoshis(amount);
                    break;
                case FailureCode.IncorrectCltvExpiry:
                    writer.WriteUInt32BigEndian(cltvExpiry);
                    break;
                case FailureCode.ChannelDisabled:
                    writer.WriteUInt16BigEndian(0);
                    break;
                case FailureCode.TemporaryChannelFailure or FailureCode.ExpiryTooSoon:
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(code), code, "The failure carries no channel update.");
            }

            writer.WriteCounted(update?.ToArray() ?? []);
        });

    /// <summary>Reads a failure; false only when there is no code.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out FailureMessage? failure)
    {
        var reader = new SpanReader(bytes);
        failure = reader.TryReadUInt16BigEndian(out var code) ? new FailureMessage((FailureCode)code, reader.Rest.ToArray()) : null;
        return failure is not null;
    }

    /// <summary>Code and data.</summary>
    public byte[] ToArray()
    {
        var writer = new ByteWriter(sizeof(ushort) + Data.Length);
        writer.WriteUInt16BigEndian((ushort)Code);
        writer.WriteBytes(Data.Span);
        return writer.ToArray();
    }

    /// <summary>The hash of the onion that a hop could not read.</summary>
    public bool TryGetOnionHash(out Bytes32 sha256OfOnion)
    {
        var reader = new SpanReader(Data.Span);
        sha256OfOnion = default;
        return IsBadOnion && reader.TryReadBytes32(out sha256OfOnion);
    }

    /// <summary>Amount and height of <see cref="FailureCode.IncorrectOrUnknownPaymentDetails"/>.</summary>
    public bool TryGetPaymentDetails(out MilliSatoshis htlcAmount, out uint height)
    {
        var reader = new MessageReader(Data.Span);
        htlcAmount = reader.MilliSatoshis("htlc_msat");
        height = reader.UInt32("height");
        return Code == FailureCode.IncorrectOrUnknownPaymentDetails && reader.Refusal is null;
    }

    /// <summary>Type and offset of <see cref="FailureCode.InvalidOnionPayload"/>.</summary>
    public bool TryGetPayloadFault(out ulong tlvType, out ushort offset)
    {
        var reader = new SpanReader(Data.Span);
        offset = 0;
        return reader.TryReadBigSize(out tlvType) & reader.TryReadUInt16BigEndian(out offset) && Code == FailureCode.InvalidOnionPayload;
    }

    /// <summary>
    /// The channel update within a failure of the UPDATE kind. It says who paid by this route if it is acted on before others could know it
    /// (BOLT 4): use it for this payment's retries, not for the graph.
    /// </summary>
    public bool TryGetChannelUpdate([NotNullWhen(true)] out ChannelUpdate? update)
    {
        update = null;
        var skipped = Code switch
        {
            FailureCode.AmountBelowMinimum or FailureCode.FeeInsufficient => sizeof(ulong),
            FailureCode.IncorrectCltvExpiry => sizeof(uint),
            FailureCode.ChannelDisabled => sizeof(ushort),
            FailureCode.TemporaryChannelFailure or FailureCode.ExpiryTooSoon => 0,
            _ => -1,
        };
        var reader = new SpanReader(Data.Span);
        if (skipped < 0 || !reader.TrySkip(skipped) || !reader.TryReadUInt16BigEndian(out var length) || !reader.TryReadBytes(length, out var bytes))
            return false;

        // Older nodes leave the message type out.
        if (LightningMessage.Read(bytes).TryGet(out var message) && message is ChannelUpdate found)
            update = found;
        else if (LightningMessage.Read([(ushort)MessageType.ChannelUpdate >> 8, (ushort)MessageType.ChannelUpdate & 0xff, .. bytes]).TryGet(out message))
            update = message as ChannelUpdate;
        return update is not null;
    }

    /// <summary>The name of the code and the length of its data; the data is a stranger's.</summary>
    public override string ToString() => $"{Code} ({Data.Length} bytes of data)";

    public bool Equals(FailureMessage? other) => other is not null && Code == other.Code && Data.Span.SequenceEqual(other.Data.Span);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Code);
        hash.AddBytes(Data.Span);
        return hash.ToHashCode();
    }

    private static FailureMessage Make(FailureCode code, Action<ByteWriter> write)
    {
        var writer = new ByteWriter();
        write(writer);
        return new FailureMessage(code, writer.ToArray());
    }
}
