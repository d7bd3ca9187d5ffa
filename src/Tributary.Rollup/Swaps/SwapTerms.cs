using Tributary.Crypto;
using Tributary.Finance.Amounts;
using Tributary.Finance.Htlcs;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Rollup.Swaps;

/// <summary>What two parties have agreed on: one hash, a contract on Bitcoin and one in the rollup.</summary>
/// <param name="Rollup">The rollup.</param>
/// <param name="Direction">Which way.</param>
/// <param name="Hash">SHA-256 of 32 bytes that the client has drawn.</param>
/// <param name="OnChain">What the contract on Bitcoin holds.</param>
/// <param name="OnRollup">Satoshis in the contract of the rollup.</param>
/// <param name="Client">The client's account.</param>
/// <param name="Provider">The provider's account.</param>
/// <param name="ClaimKey">The x coordinate of the key that claims on Bitcoin: of the provider where the swap goes in, of the client where it goes out.</param>
/// <param name="RefundKey">That of the key that takes back on Bitcoin.</param>
/// <param name="BitcoinTimeout">The height from which on the contract on Bitcoin can be taken back.</param>
/// <param name="RollupTimeout">The height of rollup time from which on the contract of the rollup can.</param>
public sealed record SwapTerms(
    Bytes32 Rollup,
    SwapDirection Direction,
    Bytes32 Hash,
    Satoshis OnChain,
    Satoshis OnRollup,
    AccountId Client,
    AccountId Provider,
    Bytes32 ClaimKey,
    Bytes32 RefundKey,
    uint BitcoinTimeout,
    uint RollupTimeout)
{
    /// <summary>The least on either side: the contract on Bitcoin has to pay for being spent.</summary>
    public static Satoshis AmountMin => new(5_000);

    /// <summary>Bytes of the encoding.</summary>
    public const int Length = (4 * Bytes32.Length) + 1 + (2 * sizeof(long)) + (4 * sizeof(uint));

    private const uint TimeoutMax = 400_000_000;

    /// <summary>The timeout of the contract that the client locks.</summary>
    public uint FirstTimeout => Direction == SwapDirection.In ? BitcoinTimeout : RollupTimeout;

    /// <summary>The timeout of the contract that the provider locks.</summary>
    public uint SecondTimeout => Direction == SwapDirection.In ? RollupTimeout : BitcoinTimeout;

    /// <summary>The nearest timeouts, on Bitcoin and in the rollup, with which a client that locks by a height is in time.</summary>
    public static (uint Bitcoin, uint Rollup) TimeoutsFor(SwapDirection direction, SwapMargins margins, int firstLockBy)
    {
        if (direction == SwapDirection.In)
        {
            var rollup = checked(firstLockBy + margins.Confirm + margins.Depth + margins.Final + margins.Post + margins.Anchor);
            return ((uint)(rollup + margins.Gap(direction)), (uint)rollup);
        }

        var bitcoin = checked(firstLockBy + margins.Final + margins.Confirm + margins.Depth + margins.Confirm);
        return ((uint)bitcoin, (uint)(bitcoin + margins.Gap(direction)));
    }

    /// <summary>The contract of the rollup.</summary>
    public HtlcLeaf Lock => Direction == SwapDirection.In
        ? new HtlcLeaf(Provider, Client, AssetId.Bitcoin, (ulong)OnRollup.Value, Hash, RollupTimeout)
        : new HtlcLeaf(Client, Provider, AssetId.Bitcoin, (ulong)OnRollup.Value, Hash, RollupTimeout);

    /// <summary>The contract on Bitcoin.</summary>
    public Result<OnChainHtlc, Refusal> Contract => OnChainHtlc.Create(Hash, ClaimKey, RefundKey, BitcoinTimeout);

    /// <summary>The last tip at which the client may show the preimage.</summary>
    public long ClaimBy(SwapMargins margins) =>
        Direction == SwapDirection.In ? (long)RollupTimeout - margins.Post - margins.Anchor : (long)BitcoinTimeout - margins.Confirm;

    /// <summary>The last tip at which the provider may lock.</summary>
    public long SecondLockBy(SwapMargins margins) =>
        ClaimBy(margins) - (Direction == SwapDirection.In ? margins.Final : margins.Confirm + margins.Depth);

    /// <summary>The last tip at which the client may lock.</summary>
    public long FirstLockBy(SwapMargins margins) =>
        SecondLockBy(margins) - (Direction == SwapDirection.In ? margins.Confirm + margins.Depth : margins.Final);

    /// <summary>Why nobody should enter into the swap at a tip; null where both may.</summary>
    public Refusal? Check(SwapMargins margins, int tip)
    {
        if (!margins.IsValid)
            return new Refusal("margins", "are blocks, one at least each");
        if (Direction is not (SwapDirection.In or SwapDirection.Out))
            return new Refusal("direction", "is in or out");
        if (OnChain < AmountMin || OnRollup < AmountMin || OnChain > Satoshis.MaxMoney || OnRollup > Satoshis.MaxMoney)
            return new Refusal("amount", $"at least {AmountMin} on either side");
        if (Client == Provider)
            return new Refusal("provider", "is the client's own account");
        if (!XOnlyPublicKey.TryParse(ClaimKey.Span, out _) || !XOnlyPublicKey.TryParse(RefundKey.Span, out _) || ClaimKey == RefundKey)
            return new Refusal("key", "is no point of the curve, or both are one");
        if (Math.Max(BitcoinTimeout, RollupTimeout) > Math.Min(TimeoutMax, (long)tip + LockHtlc.MaxBlocks))
            return new Refusal("timeout", $"at most {LockHtlc.MaxBlocks} blocks ahead");
        if ((long)FirstTimeout - SecondTimeout < margins.Gap(Direction))
            return new Refusal("timeout", $"the client's is to be {margins.Gap(Direction)} blocks after the provider's, and is {(long)FirstTimeout - SecondTimeout}");
        return tip > FirstLockBy(margins) ? new Refusal("timeout", $"is too near: the client would have had to lock by {FirstLockBy(margins)}, it is {tip}") : null;
    }

    /// <summary>Appends the encoding.</summary>
    public void WriteTo(ByteWriter writer)
    {
        writer.WriteByte((byte)Direction);
        foreach (var value in (ReadOnlySpan<Bytes32>)[Rollup, Hash, ClaimKey, RefundKey])
            writer.WriteBytes32(value);
        writer.WriteInt64LittleEndian(OnChain.Value);
        writer.WriteInt64LittleEndian(OnRollup.Value);
        foreach (var value in (ReadOnlySpan<uint>)[Client.Value, Provider.Value, BitcoinTimeout, RollupTimeout])
            writer.WriteUInt32LittleEndian(value);
    }

    /// <summary>Reads the encoding; null where the bytes are none.</summary>
    public static SwapTerms? Read(ref SpanReader reader) =>
        reader.TryReadByte(out var direction)
        && reader.TryReadBytes32(out var rollup)
        && reader.TryReadBytes32(out var hash)
        && reader.TryReadBytes32(out var claimKey)
        && reader.TryReadBytes32(out var refundKey)
        && reader.TryReadInt64LittleEndian(out var onChain)
        && reader.TryReadInt64LittleEndian(out var onRollup)
        && reader.TryReadUInt32LittleEndian(out var client)
        && reader.TryReadUInt32LittleEndian(out var provider)
        && reader.TryReadUInt32LittleEndian(out var bitcoinTimeout)
        && reader.TryReadUInt32LittleEndian(out var rollupTimeout)
            ? new SwapTerms(
                rollup, (SwapDirection)direction, hash, new Satoshis(onChain), new Satoshis(onRollup), new AccountId(client), new AccountId(provider), claimKey, refundKey,
                bitcoinTimeout, rollupTimeout)
            : null;
}
